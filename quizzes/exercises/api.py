"""Exercises over the API: run code, and look at a run that waited."""

from typing import Any, Protocol
from uuid import uuid4

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from progress.accounts.requests import learner_of
from quizzes.exercises.forms import MAX_CODE
from quizzes.exercises.models import Exercise, ExerciseRun
from quizzes.exercises.running import why_not
from quizzes.exercises.services import RunTaken, Text, look_at_run, start_run
from quizzes.sandbox.client import SandboxUnavailable, TooManyRuns

_WAIT = 1.5
"""Seconds. Longer runs are asked for again, so that none holds up a thread of the server."""


class Run(Protocol):
    """A run of code, of an exercise or of an interview."""

    pk: Any
    result: dict[str, Any] | None


class RunSerializer(serializers.Serializer[Any]):
    """A run to make. id: made by the caller, so that a request sent twice is one run."""

    code = serializers.CharField(max_length=MAX_CODE, allow_blank=True, trim_whitespace=False)
    id = serializers.UUIDField(required=False)


class TestOutcomeSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    outcome = serializers.ChoiceField(choices=["passed", "failed", "error", "not run"])
    message = serializers.CharField()
    about = serializers.CharField()


class RunResultSerializer(serializers.Serializer[Any]):
    """What a run showed. place: in line, 0 while it runs, null once it has ended. url: where to ask again."""

    id = serializers.UUIDField()
    url = serializers.CharField()
    passed = serializers.BooleanField()
    tests = TestOutcomeSerializer(many=True)
    stdout = serializers.CharField()
    problem = serializers.CharField()
    duration_ms = serializers.IntegerField(allow_null=True)
    place = serializers.IntegerField(allow_null=True)


class CannotRun(APIException):
    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "sandbox_unavailable"


class RunConflict(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "run_taken"
    default_detail = "The id is that of another run, or of other code; send a new one."


class TooMany(APIException):
    status_code = status.HTTP_429_TOO_MANY_REQUESTS
    default_code = "too_many_runs"


class RunsView(GenericAPIView[ExerciseRun]):
    """Run code against the tests of an exercise: 201 with the result, or soon 202 and where to ask for it.

    The same id with other code is 409; more than a few runs that have not ended are 429.
    """

    permission_classes = [IsAuthenticated]
    serializer_class = RunSerializer
    queryset = ExerciseRun.objects.none()

    @extend_schema(request=RunSerializer, responses={201: RunResultSerializer, 202: RunResultSerializer})
    def post(self, request: Request, topic: str, name: str) -> Response:
        exercise = get_object_or_404(Exercise.objects.current(), topic__slug=topic, slug=name)
        body = self.get_serializer(data=request.data)
        body.is_valid(raise_exception=True)
        if reason := why_not():
            raise CannotRun(reason)
        try:
            run, place = start_run(
                learner=learner_of(request),
                exercise=exercise,
                text=Text(body.validated_data["code"]),
                id=body.validated_data.get("id") or uuid4(),
                now=timezone.now(),
                wait=_WAIT,
            )
        except RunTaken as error:
            raise RunConflict from error
        except TooManyRuns as error:
            raise TooMany(str(error)) from error
        except SandboxUnavailable as error:
            raise CannotRun(str(error)) from error
        return run_answer(run, place, address=_address(topic, name, run), ended=status.HTTP_201_CREATED)


class RunView(GenericAPIView[ExerciseRun]):
    """A run of the learner's own."""

    permission_classes = [IsAuthenticated]
    serializer_class = RunResultSerializer
    queryset = ExerciseRun.objects.none()

    def get(self, request: Request, topic: str, name: str, pk: str) -> Response:
        runs = ExerciseRun.objects.of(learner_of(request)).select_related("work__exercise")
        run = get_object_or_404(runs, pk=pk, work__exercise__slug=name, work__exercise__topic__slug=topic)
        try:
            found, place = look_at_run(run=run, now=timezone.now(), wait=_WAIT)
        except SandboxUnavailable as error:
            raise CannotRun(str(error)) from error
        return run_answer(found, place, address=_address(topic, name, found), ended=status.HTTP_200_OK)


def _address(topic: str, name: str, run: ExerciseRun) -> str:
    return reverse("api-exercise-run", args=[topic, name, run.pk])


def run_answer(run: Run, place: int, *, address: str, ended: int) -> Response:
    """A run as the API tells it: its result, or 202 with its place in line and where to ask again."""
    known = {"id": run.pk, "url": address}
    if run.result is None:
        waiting = {"passed": False, "tests": [], "stdout": "", "problem": "", "duration_ms": None, "place": place}
        body = RunResultSerializer({**known, **waiting}).data
        return Response(body, status=status.HTTP_202_ACCEPTED, headers={"Location": address})
    return Response(RunResultSerializer({**known, "place": None, **run.result}).data, status=ended)
