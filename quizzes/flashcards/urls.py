"""Addresses of flashcards."""

from django.urls import path

from quizzes.flashcards import views

app_name = "flashcards"
urlpatterns = [
    path("", views.home, name="home"),
    path("review/", views.review, name="review"),
    path("cram/", views.cram, name="cram"),
    path("undo/", views.take_back, name="undo"),
    path("cards/<int:pk>/<slug:action>/", views.act, name="act"),
    path("browse/", views.browse, name="browse"),
    path("browse/change/", views.bulk, name="bulk"),
    path("new/", views.new, name="new"),
    path("preview/", views.preview_text, name="preview"),
    path("<int:pk>/", views.info, name="info"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/delete/", views.delete, name="delete"),
    path("statistics/", views.statistics, name="statistics"),
    path("interview/", views.interview, name="interview"),
    path("model/", views.memory_model, name="model"),
    path("model/<int:pk>/undo/", views.take_fit_back, name="undo_fit"),
    path("target/", views.target, name="target"),
    path("settings/", views.settings_page, name="settings"),
]
