"""API addresses of quizzes."""

from django.urls import path

from quizzes.attempts.api import (
    QuizAnswerView,
    QuizCheckView,
    QuizFinishView,
    QuizFlagView,
    QuizRatingView,
    QuizRetryView,
    QuizView,
    QuizzesView,
)

urlpatterns = [
    path("quizzes/", QuizzesView.as_view(), name="api-quizzes"),
    path("quizzes/<int:pk>/", QuizView.as_view(), name="api-quiz"),
    path("quizzes/<int:pk>/answers/<int:number>/", QuizAnswerView.as_view(), name="api-quiz-answer"),
    path("quizzes/<int:pk>/ratings/<int:number>/", QuizRatingView.as_view(), name="api-quiz-rating"),
    path("quizzes/<int:pk>/checks/<int:number>/", QuizCheckView.as_view(), name="api-quiz-check"),
    path("quizzes/<int:pk>/flags/<int:number>/", QuizFlagView.as_view(), name="api-quiz-flag"),
    path("quizzes/<int:pk>/retry/", QuizRetryView.as_view(), name="api-quiz-retry"),
    path("quizzes/<int:pk>/finish/", QuizFinishView.as_view(), name="api-quiz-finish"),
]
