"""Addresses of the quizzes."""

from django.urls import path

from quizzes.attempts import views

app_name = "quizzes"
urlpatterns = [
    path("", views.attempt_list, name="list"),
    path("start/", views.start, name="start"),
    path("<int:attempt_id>/", views.attempt, name="attempt"),
    path("<int:attempt_id>/answers/<int:number>/", views.answer, name="answer"),
    path("<int:attempt_id>/finish/", views.finish, name="finish"),
    path("<int:attempt_id>/review/", views.review, name="review"),
]
