"""Addresses of the quizzes."""

from django.urls import path

from quizzes.attempts import views
from quizzes.items.views import items

app_name = "quizzes"
urlpatterns = [
    path("", views.attempt_list, name="list"),
    path("items/", items, name="items"),
    path("start/", views.start, name="start"),
    path("<int:attempt_id>/", views.attempt, name="attempt"),
    path("<int:attempt_id>/answers/<int:number>/", views.answer, name="answer"),
    path("<int:attempt_id>/previews/<int:number>/", views.preview, name="preview"),
    path("<int:attempt_id>/ratings/<int:number>/", views.rate, name="rate"),
    path("<int:attempt_id>/cards/<int:number>/", views.make_card, name="make_card"),
    path("<int:attempt_id>/finish/", views.finish, name="finish"),
    path("<int:attempt_id>/review/", views.review, name="review"),
    path("<int:attempt_id>/retry/", views.retry, name="retry"),
    path("<int:attempt_id>/print/", views.print_version, name="print"),
]
