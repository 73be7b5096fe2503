"""Addresses of the exercises."""

from django.urls import path

from quizzes.exercises import views

app_name = "exercises"
urlpatterns = [
    path("", views.exercise_list, name="list"),
    path("<slug:topic>/<slug:name>/", views.detail, name="detail"),
    path("<slug:topic>/<slug:name>/run/", views.run, name="run"),
    path("<slug:topic>/<slug:name>/runs/<uuid:run_id>/", views.run_state, name="run-state"),
    path("<slug:topic>/<slug:name>/draft/", views.draft, name="draft"),
    path("<slug:topic>/<slug:name>/hint/", views.hint, name="hint"),
    path("<slug:topic>/<slug:name>/solution/", views.solution, name="solution"),
    path("<slug:topic>/<slug:name>/reset/", views.reset, name="reset"),
]
