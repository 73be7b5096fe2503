"""Addresses of comments."""

from django.urls import path

from progress.comments import views

app_name = "comments"
urlpatterns = [
    path("on/<slug:code>/", views.create, name="create"),
    path("preview/", views.preview, name="preview"),
    path("<int:comment_id>/edit/", views.edit, name="edit"),
    path("<int:comment_id>/delete/", views.delete, name="delete"),
]
