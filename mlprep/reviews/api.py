"""The weekly reviews over the API."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from mlprep.reviews.facts import WeekFacts, facts_of
from mlprep.reviews.views import week_named
from progress.accounts.requests import learner_of
from progress.domain.weeks import ReviewWeek
from progress.models import WeeklyReview
from progress.reviews.models import MAX_ANSWER_LENGTH, QUESTIONS, WeeklyReviewQuerySet
from progress.reviews.services import save_review
from progress.subjects import Subject, Subjects, key_of

_COUNTS = ("quizzes", "answers", "right", "cards", "runs", "focus_minutes", "parts_read")


class WrittenReviewSerializer(serializers.Serializer[WeeklyReview]):
    """A review as it is kept: the guide's four questions, and what needs more work by code or slug."""

    monday = serializers.DateField()
    last_day = serializers.DateField()
    explain = serializers.CharField()
    derive = serializers.CharField()
    implement = serializers.CharField()
    more_work = serializers.CharField()
    flagged = serializers.SerializerMethodField()
    done_at = serializers.DateTimeField(allow_null=True)

    def get_flagged(self, review: WeeklyReview) -> list[str]:
        return sorted(key_of(subject) for subject in review.flagged)


class WeekFactsSerializer(serializers.Serializer[Any]):
    """What the week was like, counted."""

    quizzes = serializers.IntegerField()
    answers = serializers.IntegerField()
    right = serializers.IntegerField()
    cards = serializers.IntegerField()
    runs = serializers.IntegerField()
    focus_minutes = serializers.IntegerField()
    parts_read = serializers.IntegerField()
    exercises_solved = serializers.IntegerField()
    proposed = serializers.ListField(child=serializers.CharField())


class ReviewedWeekSerializer(WrittenReviewSerializer):
    """A week's review with its facts. proposed: what the week's evidence says needs more work."""

    facts = WeekFactsSerializer()


class _AnswerField(serializers.CharField):
    def __init__(self) -> None:
        super().__init__(required=False, allow_blank=True, max_length=MAX_ANSWER_LENGTH, trim_whitespace=False)


class ReviewBodySerializer(serializers.Serializer[Any]):
    """What is left out stays as it is. finish: the review is done, and what it flags goes into the plan."""

    explain = _AnswerField()
    derive = _AnswerField()
    implement = _AnswerField()
    more_work = _AnswerField()
    flagged = serializers.ListField(child=serializers.CharField(max_length=200), required=False, max_length=200)
    finish = serializers.BooleanField(default=False)

    def validate_flagged(self, keys: list[str]) -> set[Subject]:
        subjects = Subjects.load()
        found = {key: subjects.find(key) for key in keys}
        if unknown := [key for key, subject in found.items() if subject is None]:
            raise serializers.ValidationError(f"No concept or topic is called {', '.join(unknown)}.")
        return {subject for subject in found.values() if subject}


class ReviewsView(ListAPIView[WeeklyReview]):
    """The learner's weekly reviews, the last week first."""

    permission_classes = [IsAuthenticated]
    serializer_class = WrittenReviewSerializer
    queryset = WeeklyReview.objects.none()

    def get_queryset(self) -> WeeklyReviewQuerySet:
        return WeeklyReview.objects.of(learner_of(self.request)).with_flags()


class ReviewView(GenericAPIView[WeeklyReview]):
    """The review of the week that begins on a Monday, with the week's facts; PUT writes it."""

    permission_classes = [IsAuthenticated]
    serializer_class = ReviewedWeekSerializer
    queryset = WeeklyReview.objects.none()

    def get(self, request: Request, monday: str) -> Response:
        learner = learner_of(request)
        week, review = week_named(learner, monday)
        return Response(_as_dict(week, review, facts_of(learner, week)))

    @extend_schema(request=ReviewBodySerializer, responses=ReviewedWeekSerializer)
    def put(self, request: Request, monday: str) -> Response:
        learner = learner_of(request)
        week, review = week_named(learner, monday)
        body = ReviewBodySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        sent = body.validated_data
        flagged = sent.get("flagged")
        facts = facts_of(learner, week, also=flagged or ())
        if flagged is None:
            flagged = review.flagged if review and review.flags_chosen else facts.proposed
        saved = save_review(
            learner=learner,
            week=week,
            answers={name: sent.get(name, getattr(review, name, "")).replace("\r\n", "\n") for name in QUESTIONS},
            flagged=flagged,
            reasons=facts.reasons,
            now=timezone.now(),
            finish=sent["finish"],
        )
        return Response(_as_dict(week, saved.review, facts))


def _as_dict(week: ReviewWeek, review: WeeklyReview | None, facts: WeekFacts) -> dict[str, Any]:
    unwritten = {"monday": week.monday, "last_day": week.last, **dict.fromkeys(QUESTIONS, ""), "flagged": []}
    return {
        **(WrittenReviewSerializer(review).data if review else {**unwritten, "done_at": None}),
        "facts": {
            **{name: getattr(facts, name) for name in _COUNTS},
            "exercises_solved": len(facts.solved),
            "proposed": sorted(key_of(subject) for subject in facts.proposed),
        },
    }
