"""The focus timer over the API."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from progress.accounts.requests import learner_of
from progress.focus.models import LONGEST_FOCUS, FocusQuerySet, FocusSession
from progress.focus.services import TimerRunning, discard_timer, pause_timer, resume_timer, start_timer, stop_timer
from progress.subjects import Subject, Subjects

_ACTIONS = {"pause": pause_timer, "resume": resume_timer, "stop": stop_timer}


class TimerConflict(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "timer_running"
    default_detail = "A timer runs already; stop it first."


class FocusSerializer(serializers.Serializer[FocusSession]):
    """A stretch of work on a concept or topic. seconds: at work until now. running: neither stopped nor over."""

    id = serializers.IntegerField(source="pk")
    concept = serializers.CharField(source="concept.code", default=None, allow_null=True)
    topic = serializers.CharField(source="topic.slug", default=None, allow_null=True)
    title = serializers.CharField()
    day = serializers.DateField()
    planned_minutes = serializers.IntegerField()
    started_at = serializers.DateTimeField()
    paused_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    seconds = serializers.SerializerMethodField()
    running = serializers.SerializerMethodField()

    def get_seconds(self, session: FocusSession) -> int:
        return round(session.seconds_at(timezone.now()))

    def get_running(self, session: FocusSession) -> bool:
        return not session.is_over(timezone.now())


class FocusStartSerializer(serializers.Serializer[Any]):
    """A concept's code or a topic's slug, or its name, and the minutes."""

    subject = serializers.CharField(max_length=200)
    minutes = serializers.IntegerField(min_value=1, max_value=LONGEST_FOCUS, default=25)

    def validate_subject(self, text: str) -> Subject:
        if subject := Subjects.load().find(text):
            return subject
        raise serializers.ValidationError("No concept or topic is called that.")


class ActionSerializer(serializers.Serializer[Any]):
    action = serializers.ChoiceField(choices=list(_ACTIONS))


class FocusListView(ListAPIView[FocusSession]):
    """The learner's stretches of work, the last first; POST starts a timer, 409 where one runs."""

    permission_classes = [IsAuthenticated]
    serializer_class = FocusSerializer
    queryset = FocusSession.objects.none()

    def get_queryset(self) -> FocusQuerySet:
        return FocusSession.objects.of(learner_of(self.request)).with_subject()

    @extend_schema(request=FocusStartSerializer, responses={201: FocusSerializer})
    def post(self, request: Request) -> Response:
        body = FocusStartSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        chosen = body.validated_data
        try:
            session = start_timer(
                learner=learner_of(request),
                subject=chosen["subject"],
                minutes=chosen["minutes"],
                now=timezone.now(),
            )
        except TimerRunning as error:
            raise TimerConflict from error
        return Response(self.get_serializer(session).data, status=status.HTTP_201_CREATED)


class FocusView(GenericAPIView[FocusSession]):
    """One stretch of work: read it; PATCH pauses it, goes on or stops it; DELETE takes it back."""

    permission_classes = [IsAuthenticated]
    serializer_class = FocusSerializer
    queryset = FocusSession.objects.none()

    def session(self) -> FocusSession:
        """The one that the address names, of this learner."""
        own = FocusSession.objects.of(learner_of(self.request)).with_subject()
        return get_object_or_404(own, pk=self.kwargs["pk"])

    def get(self, request: Request, pk: int) -> Response:
        return Response(self.get_serializer(self.session()).data)

    @extend_schema(request=ActionSerializer, responses=FocusSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        session = self.session()
        body = ActionSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        _ACTIONS[body.validated_data["action"]](session=session, now=timezone.now())
        return Response(self.get_serializer(self.session()).data)

    def delete(self, request: Request, pk: int) -> Response:
        discard_timer(session=self.session())
        return Response(status=status.HTTP_204_NO_CONTENT)
