"""API addresses of exercises."""

from django.urls import path

from quizzes.exercises.api import RunsView, RunView

urlpatterns = [
    path("exercises/<slug:topic>/<slug:name>/runs/", RunsView.as_view(), name="api-exercise-runs"),
    path("exercises/<slug:topic>/<slug:name>/runs/<uuid:pk>/", RunView.as_view(), name="api-exercise-run"),
]
