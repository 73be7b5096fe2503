"""API addresses of flashcards."""

from django.urls import path

from quizzes.flashcards.api import DueCardsView, ReviewView, UndoView

urlpatterns = [
    path("flashcards/due/", DueCardsView.as_view(), name="api-cards-due"),
    path("flashcards/<int:pk>/reviews/", ReviewView.as_view(), name="api-card-review"),
    path("flashcards/undo/", UndoView.as_view(), name="api-cards-undo"),
]
