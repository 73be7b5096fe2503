"""Mock interviews over the API; nothing says a model answer before the interview is closed."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from secrets import randbits
from typing import Any
from uuid import uuid4

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from progress.accounts.requests import learner_of
from quizzes.exercises.api import CannotRun, RunConflict, RunResultSerializer, RunSerializer, run_answer
from quizzes.exercises.running import why_not
from quizzes.mocks.choice import NoScript, Wishes, choose_script, last_sat
from quizzes.mocks.models import MockInterview, MockRun, MockScript, Shown
from quizzes.mocks.rating import StillRunning, rate_interview
from quizzes.mocks.reviewing import Wanted, take_over
from quizzes.mocks.runs import RunTaken, TooManyRuns, look_at_run, start_run
from quizzes.mocks.serializers import (
    MockInterviewSerializer,
    MockRatingSerializer,
    MockResultSerializer,
    MockRevealSerializer,
    MockSavedSerializer,
    MockScriptSerializer,
    MockStartSerializer,
    MockSummarySerializer,
    MockTakenSerializer,
    MockTakeSerializer,
    MockWorkSerializer,
)
from quizzes.mocks.services import (
    DeadlinePassed,
    InterviewClosed,
    InterviewRuns,
    NothingToShow,
    close_interview,
    close_overdue_interviews,
    save_board,
    save_work,
    show_next,
    start_interview,
)
from quizzes.sandbox.client import SandboxUnavailable

_WAIT = 20.0


class MockConflict(APIException):
    """409 with a sentence and a code that a client can go by."""

    status_code = status.HTTP_409_CONFLICT

    def __init__(self, code: str, detail: str) -> None:
        super().__init__({"detail": detail, "code": code})


class LearnersMockView(GenericAPIView[MockInterview]):
    """What all these views share: they start from the learner who asks."""

    permission_classes = [IsAuthenticated]
    queryset = MockInterview.objects.none()

    def own(self, pk: int) -> MockInterview:
        """The learner's interview, closed where its time is up. Else 404."""
        learner = learner_of(self.request)
        close_overdue_interviews(now=timezone.now(), learner=learner)
        return get_object_or_404(MockInterview.objects.of(learner).with_script(), pk=pk)

    def valid_body(self) -> dict[str, Any]:
        """What was sent, checked by the view's serializer. Raises ValidationError."""
        body = self.get_serializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)


class MockScriptsView(GenericAPIView[MockScript]):
    """The scripts to choose from, by title."""

    permission_classes = [IsAuthenticated]
    serializer_class = MockScriptSerializer
    queryset = MockScript.objects.none()

    @extend_schema(responses=MockScriptSerializer(many=True))
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(MockScript.objects.current().order_by("title"))
        context = {"sat": last_sat(learner_of(request))}
        return self.get_paginated_response(MockScriptSerializer(page, many=True, context=context).data)


class MocksView(LearnersMockView):
    """The learner's interviews, latest first."""

    serializer_class = MockSummarySerializer

    @extend_schema(responses=MockSummarySerializer(many=True))
    def get(self, request: Request) -> Response:
        close_overdue_interviews(now=timezone.now(), learner=learner_of(request))
        page = self.paginate_queryset(MockInterview.objects.of(learner_of(request)).listed())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(request=MockStartSerializer, responses={201: MockInterviewSerializer})
    def post(self, request: Request) -> Response:
        """Start an interview; the server's clock runs from here. While one runs 409 `mock_running`."""
        body = MockStartSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        wish, learner, now = body.validated_data, learner_of(request), timezone.now()
        script = self._script(wish)
        try:
            interview = start_interview(learner=learner, script=script, role=wish["role"], now=now)
        except InterviewRuns as runs:
            raise MockConflict("mock_running", f"Interview {runs.interview.pk} is running; finish it first.") from runs
        return Response(_body(interview), status=status.HTTP_201_CREATED)

    def _script(self, wish: dict[str, Any]) -> MockScript:
        if slug := wish.get("script"):
            return get_object_or_404(MockScript.objects.current().select_related("current"), slug=slug)
        wishes = Wishes(kind=wish["kind"], role=wish["role"], minutes=wish["minutes"])
        rng = Random(randbits(62))  # noqa: S311 (a draw, not a secret)
        try:
            return choose_script(learner=learner_of(self.request), wishes=wishes, now=timezone.now(), rng=rng)
        except NoScript as error:
            raise ValidationError({"non_field_errors": ["No script fits this choice."]}) from error


class MockView(LearnersMockView):
    """An interview: while it runs what was said and written, once closed with the model answers."""

    serializer_class = MockInterviewSerializer

    @extend_schema(responses=MockResultSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(_body(self.own(pk)))


class MockRevealView(LearnersMockView):
    """Have the interviewer say the next hint or follow-up; what was said already is said again."""

    serializer_class = MockRevealSerializer

    @extend_schema(request=MockRevealSerializer, responses=MockInterviewSerializer)
    def post(self, request: Request, pk: int) -> Response:
        interview, body = self.own(pk), self.valid_body()
        try:
            with _conflicts():
                show_next(interview=interview, what=Shown(body["what"]), number=body["number"], now=timezone.now())
        except NothingToShow as error:
            raise ValidationError({"number": ["There is no such one, or it is not its turn."]}) from error
        return Response(_body(self.own(pk)))


class MockWorkView(LearnersMockView):
    """Keep pad, code and drawing; after the deadline 409 `deadline_passed`."""

    serializer_class = MockWorkSerializer

    @extend_schema(request=MockWorkSerializer, responses=MockSavedSerializer)
    def put(self, request: Request, pk: int) -> Response:
        interview, body, now = self.own(pk), self.valid_body(), timezone.now()
        with _conflicts():
            save_work(interview=interview, now=now, pad=body.get("pad"), code=body.get("code"))
            if "board" in body:
                save_board(interview=interview, board=body["board"], now=now)
        return Response(MockSavedSerializer({"saved_at": now}).data)


class MockRunsView(LearnersMockView):
    """Run code against the script's tests: 201 with the result, 202 with its place where it has to wait."""

    serializer_class = RunSerializer

    @extend_schema(request=RunSerializer, responses={201: RunResultSerializer, 202: RunResultSerializer})
    def post(self, request: Request, pk: int) -> Response:
        interview, body = self.own(pk), self.valid_body()
        if not interview.has_code:
            raise ValidationError({"code": ["This interview asks for no code."]})
        if reason := why_not():
            raise CannotRun(reason)
        try:
            with _conflicts():
                run, place = start_run(
                    interview=interview,
                    code=body["code"],
                    id=body.get("id") or uuid4(),
                    now=timezone.now(),
                    wait=_WAIT,
                )
        except RunTaken as error:
            raise RunConflict from error
        except TooManyRuns as error:
            raise MockConflict("too_many_runs", "No more runs are taken in this interview.") from error
        except SandboxUnavailable as error:
            raise CannotRun(str(error)) from error
        return _run_answer(run, place, ended=status.HTTP_201_CREATED)


class MockRunView(LearnersMockView):
    """A run of the learner's own."""

    serializer_class = RunResultSerializer

    @extend_schema(responses={200: RunResultSerializer, 202: RunResultSerializer})
    def get(self, request: Request, pk: int, run: str) -> Response:
        runs = MockRun.objects.of(learner_of(request)).select_related("interview__version")
        found = get_object_or_404(runs, pk=run, interview=self.own(pk))
        try:
            return _run_answer(*look_at_run(run=found, wait=_WAIT), ended=status.HTTP_200_OK)
        except SandboxUnavailable as error:
            raise CannotRun(str(error)) from error


class MockFinishView(LearnersMockView):
    """Close the interview and give the model answers; a second call returns the same."""

    serializer_class = MockResultSerializer

    @extend_schema(request=None, responses=MockResultSerializer)
    def post(self, request: Request, pk: int) -> Response:
        return Response(_body(close_interview(interview=self.own(pk), now=timezone.now())))


class MockRatingView(LearnersMockView):
    """Rate one's own closed interview; another rating takes the place of the former."""

    serializer_class = MockRatingSerializer

    @extend_schema(request=MockRatingSerializer, responses=MockRatingSerializer)
    def put(self, request: Request, pk: int) -> Response:
        interview = self.own(pk)
        body = MockRatingSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            rating = rate_interview(interview=interview, ratings=body.ratings(), now=timezone.now())
        except StillRunning as error:
            raise MockConflict("mock_running", "An interview is rated once it is finished.") from error
        return Response(MockRatingSerializer(rating).data)


class MockTakeView(LearnersMockView):
    """Turn what a rated interview proposes into reviews and cards; what was done before is not done twice."""

    serializer_class = MockTakeSerializer

    @extend_schema(request=MockTakeSerializer, responses=MockTakenSerializer)
    def post(self, request: Request, pk: int) -> Response:
        interview, body = self.own(pk), self.valid_body()
        if interview.own_rating is None:
            raise MockConflict("not_rated", "Rate the interview first.")
        return Response(
            MockTakenSerializer(take_over(interview=interview, wanted=Wanted(**body), now=timezone.now())).data
        )


@contextmanager
def _conflicts() -> Iterator[None]:
    """What comes too late for an interview, as 409."""
    try:
        yield
    except DeadlinePassed as error:
        raise MockConflict("deadline_passed", "Time was up before this arrived; what was saved stays.") from error
    except InterviewClosed as error:
        raise MockConflict("mock_finished", "This interview is finished already.") from error


def _body(interview: MockInterview) -> dict[str, Any]:
    serializer = MockResultSerializer if interview.finished_at else MockInterviewSerializer
    return dict(serializer(interview).data)


def _run_answer(run: MockRun, place: int, *, ended: int) -> Response:
    return run_answer(run, place, address=reverse("api-mock-run", args=[run.interview_id, run.pk]), ended=ended)
