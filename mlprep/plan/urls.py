"""Addresses of the plan."""

from django.urls import path

from mlprep.plan import views

app_name = "plan"
urlpatterns = [
    path("", views.home, name="home"),
    path("setup/", views.setup, name="setup"),
    path("moves/", views.moves, name="moves"),
    path("lay/", views.lay_anew, name="lay"),
    path("tasks/<int:task_id>/", views.task, name="task"),
    path("calendar/", views.calendar_address, name="calendar"),
    path("end/", views.end, name="end"),
]
