"""API addresses of concepts."""

from django.urls import path

from mlprep.tracker.api import ConceptDetailView, ConceptListView, ConceptStatusView

urlpatterns = [
    path("concepts/", ConceptListView.as_view(), name="api-concepts"),
    path("concepts/<slug:code>/", ConceptDetailView.as_view(), name="api-concept"),
    path("concepts/<slug:code>/status/", ConceptStatusView.as_view(), name="api-concept-status"),
]
