"""API addresses of progress."""

from django.urls import path

from progress.api import ConceptStandingsView, WeeksView

urlpatterns = [
    path("progress/weeks/", WeeksView.as_view(), name="api-progress-weeks"),
    path("progress/concepts/", ConceptStandingsView.as_view(), name="api-progress-concepts"),
]
