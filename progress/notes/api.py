"""Notes over the API."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from concepts.models import Concept, Topic
from progress.accounts.requests import learner_of
from progress.domain.merging import digest
from progress.notes.forms import NoteFilter
from progress.notes.models import MAX_MINUTES, MAX_NOTE_LENGTH, Confidence, Difficulty, Note, NoteQuerySet
from progress.notes.services import Marks, NoteChanged, delete_note, replace_note, save_note
from progress.subjects import Subject, key_of


class NoteConflict(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "note_changed"
    default_detail = "The note has changed since the version you name; read it again."


class NoteSerializer(serializers.Serializer[Note]):
    """A note: its Markdown, the same as safe HTML, and what its learner says of the subject.

    minutes: spent without the focus timer. version: of the text; send it back to replace only what you have read.
    """

    concept = serializers.CharField(source="concept.code", default=None, read_only=True, allow_null=True)
    topic = serializers.CharField(source="topic.slug", default=None, read_only=True, allow_null=True)
    title = serializers.CharField(read_only=True)
    body = serializers.CharField(max_length=MAX_NOTE_LENGTH, allow_blank=True, trim_whitespace=False)
    body_html = serializers.CharField(read_only=True)
    minutes = serializers.IntegerField(min_value=0, max_value=MAX_MINUTES, default=0)
    difficulty = serializers.ChoiceField(choices=Difficulty.choices, allow_blank=True, default="")
    confidence = serializers.IntegerField(
        min_value=min(Confidence), max_value=max(Confidence), allow_null=True, default=None
    )
    review_needed = serializers.BooleanField(default=False)
    connections = serializers.SerializerMethodField()
    version = serializers.CharField(required=False, max_length=16)
    created_at = serializers.DateTimeField(read_only=True)
    changed_at = serializers.DateTimeField(read_only=True)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_connections(self, note: Note) -> list[str]:
        return [key_of(subject) for subject in note.named]

    def to_representation(self, note: Note) -> dict[str, Any]:
        return {**super().to_representation(note), "version": digest(note.body)}


@extend_schema(
    parameters=[
        OpenApiParameter("q", str, description="Words that the note has"),
        OpenApiParameter("kind", str, enum=["concepts", "topics"]),
        OpenApiParameter("confidence", str, enum=["1", "2", "3", "4", "5", "none"]),
        OpenApiParameter("review", bool, description="Only where review is needed"),
    ]
)
class NotesView(ListAPIView[Note]):
    """The learner's notes, the last changed first."""

    permission_classes = [IsAuthenticated]
    serializer_class = NoteSerializer
    queryset = Note.objects.none()

    def get_queryset(self) -> NoteQuerySet:
        notes = Note.objects.of(learner_of(self.request)).with_subject()
        filters = NoteFilter(self.request.query_params)
        return filters.apply(notes).prefetch_related("concepts_named", "topics_named")


class _NoteView(GenericAPIView[Note]):
    permission_classes = [IsAuthenticated]
    serializer_class = NoteSerializer
    queryset = Note.objects.none()

    def subject(self) -> Subject:
        raise NotImplementedError

    def get_object(self) -> Note:
        return get_object_or_404(Note.objects.of(learner_of(self.request)).with_subject().on(self.subject()))

    def get(self, request: Request, **kwargs: str) -> Response:
        return Response(self.get_serializer(self.get_object()).data)

    def put(self, request: Request, **kwargs: str) -> Response:
        subject = self.subject()
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        sent = dict(serializer.validated_data)
        version = sent.pop("version", None)
        note = {
            "learner": learner_of(request),
            "subject": subject,
            "body": sent.pop("body").replace("\r\n", "\n"),
            "marks": Marks(**sent),
            "now": timezone.now(),
        }
        try:
            stored = save_note(**note).note if version is None else replace_note(version=version, **note)
        except NoteChanged as error:
            raise NoteConflict from error
        return Response(self.get_serializer(stored).data)

    def delete(self, request: Request, **kwargs: str) -> Response:
        delete_note(note=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)


class ConceptNoteView(_NoteView):
    """The learner's note on a concept: read it, write it (one is made where there is none), delete it."""

    def subject(self) -> Concept:
        return get_object_or_404(Concept, code=self.kwargs["code"].upper())


class TopicNoteView(_NoteView):
    """The learner's note on a topic: read it, write it (one is made where there is none), delete it."""

    def subject(self) -> Topic:
        return get_object_or_404(Topic.objects.defer("source"), slug=self.kwargs["slug"])
