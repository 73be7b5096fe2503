"""Addresses of the focus timer."""

from django.urls import path

from progress.focus import views

app_name = "focus"
urlpatterns = [
    path("", views.timer, name="timer"),
    path("start/", views.start, name="start"),
    path("<int:session_id>/", views.change, name="change"),
]
