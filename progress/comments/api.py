"""Comments over the API."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, NotFound
from rest_framework.generics import GenericAPIView, ListCreateAPIView
from rest_framework.mixins import DestroyModelMixin, UpdateModelMixin
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from concepts.models import Concept
from progress.accounts.requests import learner_of
from progress.comments.models import Comment, CommentQuerySet
from progress.comments.services import CommentChanged, CommentGone, delete_comment, edit_comment, post_comment
from progress.domain.merging import digest


class CommentSerializer(serializers.ModelSerializer[Comment]):
    """A comment: its Markdown, the same as safe HTML, and whether everybody sees it.

    state: `published`, `waiting` for a moderator, or `hidden` by one; its author and moderators see those two.
    `deleted` by its author: only in the moderators' list.
    """

    author = serializers.CharField(source="author.username", read_only=True)
    state = serializers.ChoiceField(choices=["published", "waiting", "hidden", "deleted"], read_only=True)
    idempotency_key = serializers.RegexField(
        r"^[\w-]{8,64}$", required=False, write_only=True, help_text="Sent again, it gives the comment already made"
    )
    before = serializers.CharField(
        required=False,
        write_only=True,
        trim_whitespace=False,
        help_text="To a change: the text that you have read; where it is another one by now, 409",
    )

    class Meta:
        model = Comment
        read_only_fields = ["id", "body_html", "created_at", "edited_at", "hidden_reason"]
        fields = [*read_only_fields, "author", "body", "state", "idempotency_key", "before"]


class CommentConflict(APIException):
    """409 with the text that stands there now."""

    status_code = status.HTTP_409_CONFLICT

    def __init__(self, comment: Comment) -> None:
        detail = "The comment has changed since you read it; here is what it says now."
        super().__init__({"detail": detail, "code": "comment_changed", "body": comment.body})


class ConceptCommentsView(ListCreateAPIView[Comment]):
    """The comments on a concept, oldest first."""

    serializer_class = CommentSerializer
    queryset = Comment.objects.none()

    def get_queryset(self) -> CommentQuerySet:
        return Comment.objects.on(self._concept()).visible_to(self.request.user)

    def perform_create(self, serializer: serializers.BaseSerializer[Comment]) -> None:
        serializer.instance = post_comment(
            author=learner_of(self.request),
            concept=self._concept(),
            body=serializer.validated_data["body"],
            key=serializer.validated_data.get("idempotency_key", ""),
            now=timezone.now(),
        )

    def _concept(self) -> Concept:
        return get_object_or_404(Concept, code=self.kwargs["code"].upper())


class CommentView(UpdateModelMixin, DestroyModelMixin, GenericAPIView[Comment]):
    """Change or delete one's own comment."""

    serializer_class = CommentSerializer
    permission_classes = [IsAuthenticated]
    queryset = Comment.objects.none()

    def get_queryset(self) -> CommentQuerySet:
        return Comment.objects.editable_by(self.request.user).select_related("author")

    def patch(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.partial_update(request, *args, **kwargs)

    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.destroy(request, *args, **kwargs)

    def perform_update(self, serializer: serializers.BaseSerializer[Comment]) -> None:
        comment = serializer.instance
        assert comment is not None
        body = serializer.validated_data.get("body", comment.body)
        before = serializer.validated_data.get("before")
        version = "" if before is None else digest(before)
        try:
            if body != comment.body:
                comment = edit_comment(comment=comment, body=body, version=version, now=timezone.now())
                serializer.instance = comment
        except CommentGone as error:
            raise NotFound from error
        except CommentChanged as error:
            raise CommentConflict(self.get_object()) from error

    def perform_destroy(self, instance: Comment) -> None:
        try:
            delete_comment(comment=instance, now=timezone.now())
        except CommentGone as error:
            raise NotFound from error
