"""Reports and moderation over the API; for learners the moderators' part is not there."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, NotFound
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from progress.accounts.requests import learner_of
from progress.comments.api import CommentSerializer
from progress.comments.models import MAX_REASON_LENGTH, Comment, CommentQuerySet, CommentRevision, may_moderate
from progress.domain.merging import digest
from progress.moderation.models import CommentReport, ModerationAct, ReportReason
from progress.moderation.queue import queue_of
from progress.moderation.services import (
    AlreadyReported,
    CommentChangedSinceRead,
    NotTheirs,
    approve_comment,
    hide_comment,
    report_comment,
    settle_reports,
    show_comment,
)


class Moderators(BasePermission):
    """Visitors are asked to sign in; for learners there is no such address."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if request.user.is_authenticated and not may_moderate(request.user):
            raise NotFound
        return bool(request.user.is_authenticated)


class Conflict(APIException):
    """409 with a code."""

    status_code = status.HTTP_409_CONFLICT

    def __init__(self, detail: str, code: str) -> None:
        super().__init__({"detail": detail, "code": code})


class ReportSerializer(serializers.ModelSerializer[CommentReport]):
    """What is wrong with somebody else's comment."""

    reason = serializers.ChoiceField(choices=ReportReason.choices)

    class Meta:
        model = CommentReport
        fields = ["reason", "words", "reported_at"]
        read_only_fields = ["reported_at"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["reason"] == ReportReason.OTHER and not attrs.get("words"):
            raise serializers.ValidationError({"words": "Say in your words what is wrong with it."})
        return attrs


class ReceivedReportSerializer(ReportSerializer):
    """A report as moderators read it."""

    reporter = serializers.CharField(source="reporter.username", read_only=True)

    class Meta(ReportSerializer.Meta):
        fields = ["reporter", "reason", "words", "reported_at", "settled_at"]
        read_only_fields = fields


class ActSerializer(serializers.ModelSerializer[ModerationAct]):
    """What a moderator did; without a name where the moderator has left."""

    moderator = serializers.CharField(source="moderator.username", read_only=True, default=None)

    class Meta:
        model = ModerationAct
        fields = ["moderator", "act", "reason", "done_at"]


class RevisionSerializer(serializers.ModelSerializer[CommentRevision]):
    """What a comment said before."""

    class Meta:
        model = CommentRevision
        fields = ["body", "written_at", "replaced_at"]


class QueuedCommentSerializer(CommentSerializer):
    """A comment in the moderators' queue, with its open reports."""

    concept = serializers.CharField(source="concept.code", read_only=True)
    reports = serializers.SerializerMethodField()

    class Meta(CommentSerializer.Meta):
        fields = [*CommentSerializer.Meta.fields, "concept", "reports"]

    @extend_schema_field(ReceivedReportSerializer(many=True))
    def get_reports(self, comment: Comment) -> Any:
        return ReceivedReportSerializer(comment.open_reports, many=True).data  # type: ignore[attr-defined]


class HistorySerializer(serializers.ModelSerializer[Comment]):
    """What a comment said before, who reported it, and what moderators did; the oldest first."""

    revisions = RevisionSerializer(many=True, read_only=True)
    reports = ReceivedReportSerializer(many=True, read_only=True)
    acts = ActSerializer(many=True, read_only=True)

    class Meta:
        model = Comment
        fields = ["id", "revisions", "reports", "acts"]


class HiddenSerializer(serializers.Serializer[Any]):
    """Whether a comment is hidden; to hide it, why."""

    hidden = serializers.BooleanField()
    reason = serializers.CharField(max_length=MAX_REASON_LENGTH, required=False, default="", allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["hidden"] and not attrs["reason"]:
            raise serializers.ValidationError({"reason": "Say why; the author is told."})
        return attrs


class ApprovalSerializer(serializers.Serializer[Any]):
    before = serializers.CharField(
        required=False,
        trim_whitespace=False,
        help_text="The text that you have read; where it is another one by now, 409",
    )


class ReportView(GenericAPIView[Any]):
    """Report somebody else's comment to the moderators; once for each of its wordings, then 409."""

    permission_classes = [IsAuthenticated]
    serializer_class = ReportSerializer
    queryset = Comment.objects.none()

    def get_queryset(self) -> CommentQuerySet:
        return Comment.objects.reportable_by(self.request.user)

    def post(self, request: Request, pk: int) -> Response:
        comment = self.get_object()
        sent = self.get_serializer(data=request.data)
        sent.is_valid(raise_exception=True)
        reason, words = ReportReason(sent.validated_data["reason"]), sent.validated_data.get("words", "")
        try:
            made = report_comment(
                reporter=learner_of(request), comment=comment, reason=reason, words=words, now=timezone.now()
            )
        except AlreadyReported as error:
            raise Conflict("You have reported this comment already.", "already_reported") from error
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)


class QueueView(ListAPIView[Comment]):
    """Comments that wait for a moderator, the longest waiting first.

    `?show=hidden` lists the hidden ones, `?show=deleted` those that their authors deleted.
    """

    permission_classes = [Moderators]
    serializer_class = QueuedCommentSerializer
    queryset = Comment.objects.none()

    def get_queryset(self) -> CommentQuerySet:
        return queue_of(self.request.query_params.get("show", "waiting"))

    @extend_schema(parameters=[OpenApiParameter("show", enum=["waiting", "hidden", "deleted"])])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class _ModeratedView(GenericAPIView[Any]):
    """One comment, whatever its state."""

    permission_classes = [Moderators]
    serializer_class: type[serializers.BaseSerializer[Any]] = CommentSerializer
    queryset = Comment.objects.select_related("author", "concept")

    def handle_exception(self, exc: Exception) -> Response:
        return super().handle_exception(Conflict(str(exc), "not_yours") if isinstance(exc, NotTheirs) else exc)

    def answer(self, pk: int) -> Response:
        comment = get_object_or_404(self.get_queryset(), pk=pk)
        return Response(CommentSerializer(comment, context=self.get_serializer_context()).data)


class HiddenView(_ModeratedView):
    """Hide a comment, with the reason that its author is told, or show it again."""

    serializer_class = HiddenSerializer

    @extend_schema(responses=CommentSerializer)
    def put(self, request: Request, pk: int) -> Response:
        comment = self.get_object()
        sent = self.get_serializer(data=request.data)
        sent.is_valid(raise_exception=True)
        change = hide_comment if sent.validated_data["hidden"] else show_comment
        change(comment=comment, moderator=learner_of(request), reason=sent.validated_data["reason"], now=timezone.now())
        return self.answer(pk)


class ApproveView(_ModeratedView):
    """Publish a comment that waits for approval; harmless where it does not."""

    serializer_class = ApprovalSerializer

    @extend_schema(responses=CommentSerializer)
    def post(self, request: Request, pk: int) -> Response:
        comment = self.get_object()
        sent = self.get_serializer(data=request.data)
        sent.is_valid(raise_exception=True)
        before = sent.validated_data.get("before")
        version = "" if before is None else digest(before)
        try:
            approve_comment(comment=comment, moderator=learner_of(request), version=version, now=timezone.now())
        except CommentChangedSinceRead as error:
            raise Conflict("The comment has changed since you read it.", "comment_changed") from error
        return self.answer(pk)


class SettleView(_ModeratedView):
    """Leave a reported comment as it is; its reports are settled."""

    @extend_schema(request=None, responses=CommentSerializer)
    def post(self, request: Request, pk: int) -> Response:
        settle_reports(comment=self.get_object(), moderator=learner_of(request), now=timezone.now())
        return self.answer(pk)


class HistoryView(_ModeratedView):
    """What a comment said before, who reported it, and what moderators did."""

    serializer_class = HistorySerializer
    queryset = Comment.objects.prefetch_related("revisions", "reports__reporter", "acts__moderator")

    def get(self, request: Request, pk: int) -> Response:
        return Response(self.get_serializer(self.get_object()).data)
