"""API v1: one include a feature."""

from django.urls import include, path

urlpatterns = [
    path("", include("progress.accounts.api_urls")),
    path("", include("progress.comments.api_urls")),
    path("", include("progress.moderation.api_urls")),
    path("", include("progress.notes.api_urls")),
    path("", include("progress.focus.api_urls")),
    path("", include("mlprep.reviews.api_urls")),
    path("", include("mlprep.tracker.api_urls")),
    path("", include("progress.api_urls")),
    path("", include("mlprep.plan.api_urls")),
    path("", include("quizzes.attempts.api_urls")),
    path("", include("quizzes.flashcards.api_urls")),
    path("", include("quizzes.exercises.api_urls")),
    path("", include("quizzes.mocks.api_urls")),
]
