"""Addresses of notes."""

from django.urls import path

from progress.notes import views

app_name = "notes"
urlpatterns = [
    path("", views.note_list, name="list"),
    path("export/", views.export, name="export"),
    path("concepts/<slug:code>/", views.note_page, name="concept"),
    path("concepts/<slug:code>/delete/", views.delete, name="delete-concept"),
    path("topics/<slug:slug>/", views.note_page, name="topic"),
    path("topics/<slug:slug>/delete/", views.delete, name="delete-topic"),
    path("<int:note_id>/kept/<int:kept_id>/", views.kept, name="kept"),
]
