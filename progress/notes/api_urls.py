"""API addresses of notes."""

from django.urls import path

from progress.notes.api import ConceptNoteView, NotesView, TopicNoteView

urlpatterns = [
    path("notes/", NotesView.as_view(), name="api-notes"),
    path("notes/concepts/<slug:code>/", ConceptNoteView.as_view(), name="api-concept-note"),
    path("notes/topics/<slug:slug>/", TopicNoteView.as_view(), name="api-topic-note"),
]
