"""API addresses of comments."""

from django.urls import path

from progress.comments.api import CommentView, ConceptCommentsView

urlpatterns = [
    path("concepts/<slug:code>/comments/", ConceptCommentsView.as_view(), name="api-concept-comments"),
    path("comments/<int:pk>/", CommentView.as_view(), name="api-comment"),
]
