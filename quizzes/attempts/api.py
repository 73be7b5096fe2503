"""Timed quizzes over the API; nothing says what is right before the quiz is closed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from progress.accounts.requests import learner_of
from quizzes.attempts.models import Attempt
from quizzes.attempts.serializers import (
    AnswerSerializer,
    AttemptSerializer,
    AttemptSummarySerializer,
    FinishSerializer,
    FlagSerializer,
    RatingSerializer,
    ResultSerializer,
    ReviewedQuestionSerializer,
    SavedAnswerSerializer,
    StartSerializer,
)
from quizzes.attempts.services import (
    AttemptClosed,
    DeadlinePassed,
    NoQuestions,
    QuestionClosed,
    close_attempt,
    close_overdue,
    rate_answer,
    retry_missed,
    reveal_answer,
    save_answer,
    set_flag,
    start_attempt,
)
from quizzes.domain.questions import AnswerError


class Conflict(APIException):
    """409 with a sentence and a code that a client can go by."""

    status_code = status.HTTP_409_CONFLICT

    def __init__(self) -> None:
        super().__init__({"detail": self.default_detail, "code": self.default_code})


class DeadlineConflict(Conflict):
    default_code = "deadline_passed"
    default_detail = "Time was up before this answer arrived; the answers saved until then count."


class FinishedConflict(Conflict):
    default_code = "attempt_finished"
    default_detail = "This quiz is finished already."


class StillRunningConflict(Conflict):
    default_code = "attempt_running"
    default_detail = "This quiz is not finished yet."


class QuestionClosedConflict(Conflict):
    default_code = "question_closed"
    default_detail = "Practice has shown the answer of this question already."


class ExamConflict(Conflict):
    default_code = "exam"
    default_detail = "An exam shows nothing before its end; finish it first."


class LearnersQuizView(GenericAPIView[Attempt]):
    """What all quiz views share: they start from the learner who asks."""

    permission_classes = [IsAuthenticated]
    queryset = Attempt.objects.none()

    def own(self, pk: int, number: int | None = None) -> Attempt:
        """The learner's quiz; with a number it has that question. Else 404."""
        attempt = get_object_or_404(Attempt.objects.of(learner_of(self.request)), pk=pk)
        if number is not None:
            get_object_or_404(attempt.questions, number=number)
        return attempt

    def valid_body(self) -> dict[str, Any]:
        """What was sent, checked by the view's serializer. Raises ValidationError."""
        body = self.get_serializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)


class QuizzesView(LearnersQuizView):
    """The learner's quizzes, latest first."""

    serializer_class = AttemptSummarySerializer

    @extend_schema(responses=AttemptSummarySerializer(many=True))
    def get(self, request: Request) -> Response:
        close_overdue(learner=learner_of(request), now=timezone.now())
        page = self.paginate_queryset(Attempt.objects.of(learner_of(request)))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(request=StartSerializer, responses={201: AttemptSerializer})
    def post(self, request: Request) -> Response:
        """Start a quiz; the server's clock runs from here."""
        wish = StartSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        try:
            attempt = start_attempt(
                learner=learner_of(request),
                selection=wish.selection(),
                now=timezone.now(),
                seed=wish.validated_data.get("seed"),
            )
        except NoQuestions as error:
            raise ValidationError(
                {"non_field_errors": ["No question fits this choice; take fewer conditions."]}
            ) from error
        return Response(_body(attempt), status=status.HTTP_201_CREATED)


class QuizView(LearnersQuizView):
    """A quiz: while it runs its questions and saved answers, once closed its results."""

    serializer_class = AttemptSerializer

    def get(self, request: Request, pk: int) -> Response:
        close_overdue(learner=learner_of(request), now=timezone.now())
        return Response(_body(self.own(pk)))


class QuizAnswerView(LearnersQuizView):
    """Save an answer; after the deadline 409 `deadline_passed`."""

    serializer_class = AnswerSerializer

    @extend_schema(request=AnswerSerializer, responses=SavedAnswerSerializer)
    def put(self, request: Request, pk: int, number: int) -> Response:
        attempt = self.own(pk, number)
        body = self.valid_body()
        with _conflicts():
            saved = save_answer(
                attempt=attempt,
                number=number,
                given=body["answer"],
                now=timezone.now(),
                confidence=body.get("confidence"),
            )
        return Response(SavedAnswerSerializer(saved).data)


class QuizCheckView(LearnersQuizView):
    """In practice: close one question and see what is right; a second call returns the same."""

    serializer_class = ReviewedQuestionSerializer

    @extend_schema(request=None, responses=ReviewedQuestionSerializer)
    def post(self, request: Request, pk: int, number: int) -> Response:
        attempt = self.own(pk, number)
        if not attempt.is_practice:
            raise ExamConflict
        with _conflicts():
            shown = reveal_answer(attempt=attempt, number=number, now=timezone.now())
        return Response(self.get_serializer(shown).data)


class QuizFlagView(LearnersQuizView):
    """Mark a question to come back to, or take the mark away."""

    serializer_class = FlagSerializer

    @extend_schema(request=FlagSerializer, responses=FlagSerializer)
    def put(self, request: Request, pk: int, number: int) -> Response:
        attempt = self.own(pk, number)
        body = self.valid_body()
        with _conflicts():
            set_flag(attempt=attempt, number=number, flagged=body["flagged"], now=timezone.now())
        return Response(body)


class QuizRetryView(LearnersQuizView):
    """Start a quiz over what was missed in a closed one."""

    serializer_class = AttemptSerializer

    @extend_schema(request=None, responses={201: AttemptSerializer})
    def post(self, request: Request, pk: int) -> Response:
        close_overdue(learner=learner_of(request), now=timezone.now())
        attempt = self.own(pk)
        if not attempt.finished_at:
            raise StillRunningConflict
        try:
            again = retry_missed(attempt=attempt, now=timezone.now())
        except NoQuestions as error:
            raise ValidationError({"non_field_errors": ["Nothing is left to retry: all was right."]}) from error
        return Response(_body(again), status=status.HTTP_201_CREATED)


class QuizRatingView(LearnersQuizView):
    """Rate one's own open answer in a closed quiz."""

    serializer_class = RatingSerializer

    @extend_schema(request=RatingSerializer, responses=ReviewedQuestionSerializer)
    def put(self, request: Request, pk: int, number: int) -> Response:
        attempt = self.own(pk, number)
        body = self.valid_body()
        try:
            rated = rate_answer(attempt=attempt, number=number, covered=body["points"])
        except ValueError as error:
            raise ValidationError({"points": [str(error)]}) from error
        return Response(ReviewedQuestionSerializer(rated).data)


class QuizFinishView(LearnersQuizView):
    """Close the quiz and give its results; a second call returns the same.

    With an idempotency key only the call that closed the quiz gets them, however often it is sent; others get 409.
    """

    serializer_class = FinishSerializer

    @extend_schema(request=FinishSerializer, responses=ResultSerializer)
    def post(self, request: Request, pk: int) -> Response:
        attempt = self.own(pk)
        key = self.valid_body().get("idempotency_key", "")
        try:
            return Response(_body(close_attempt(attempt=attempt, now=timezone.now(), key=key)))
        except AttemptClosed as error:
            raise FinishedConflict from error


@contextmanager
def _conflicts() -> Iterator[None]:
    """What a running quiz refuses, as the API's answers: 400 for what is no answer, 409 for what comes too late."""
    try:
        yield
    except AnswerError as error:
        raise ValidationError({"answer": [str(error)]}) from error
    except QuestionClosed as error:
        raise QuestionClosedConflict from error
    except DeadlinePassed as error:
        raise DeadlineConflict from error
    except AttemptClosed as error:
        raise FinishedConflict from error


def _body(attempt: Attempt) -> dict[str, Any]:
    attempt.asked = list(attempt.questions.in_full())  # type: ignore[attr-defined]
    serializer = ResultSerializer if attempt.finished_at else AttemptSerializer
    return dict(serializer(attempt).data)
