"""Addresses of mock interviews."""

from django.urls import path

from quizzes.mocks.views import choose, review, sit

app_name = "mocks"
urlpatterns = [
    path("", choose.home, name="home"),
    path("start/", choose.start, name="start"),
    path("scripts/", choose.scripts, name="scripts"),
    path("history/", choose.history, name="history"),
    path("<int:pk>/", sit.interview, name="interview"),
    path("<int:pk>/work/", sit.work, name="work"),
    path("<int:pk>/preview/", sit.preview, name="preview"),
    path("<int:pk>/board/", sit.board, name="board"),
    path("<int:pk>/board.svg", sit.drawing, name="drawing"),
    path("<int:pk>/runs/<uuid:run_id>/", sit.run_state, name="run-state"),
    path("<int:pk>/finish/", sit.finish, name="finish"),
    path("<int:pk>/review/", review.review, name="review"),
    path("<int:pk>/rating/", review.rate, name="rate"),
    path("<int:pk>/take/", review.take, name="take"),
]
