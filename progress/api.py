"""Mastery over the API."""

from typing import Any

from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from concepts.models import Concept, Status
from progress.standing import Standing, WeekStanding, standing_by_week, standing_of


class WeekSerializer(serializers.Serializer[WeekStanding]):
    """A week of the tracker; mastery from 0 to 1, weighted by priority; it lies between low and high with 90 %."""

    week = serializers.IntegerField()
    concepts = serializers.IntegerField()
    started = serializers.IntegerField()
    mastered = serializers.IntegerField()
    mastery = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()

    def to_representation(self, week: WeekStanding) -> dict[str, Any]:
        shares = {name: round(getattr(week, name), 4) for name in ("mastery", "low", "high")}
        return {**super().to_representation(week), **shares}


class ConceptStandingSerializer(serializers.Serializer[Concept]):
    """A concept's standing; mastery from 0 to 1; it lies between low and high with 90 %. because: why, in words."""

    code = serializers.CharField()
    week = serializers.IntegerField()
    status = serializers.ChoiceField(choices=Status.choices)
    answers = serializers.IntegerField()
    right = serializers.IntegerField()
    mastery = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    because = serializers.CharField()

    def to_representation(self, concept: Concept) -> dict[str, Any]:
        standing: Standing = self.context["standings"][concept.pk]
        return {
            "code": concept.code,
            "week": concept.week,
            "status": standing.status.value,
            "answers": standing.answers,
            "right": standing.right,
            "mastery": round(standing.mastery, 4),
            "low": round(standing.low, 4),
            "high": round(standing.high, 4),
            "because": standing.because,
        }


class WeeksView(GenericAPIView):
    """The learner's mastery of every week."""

    permission_classes = [IsAuthenticated]
    serializer_class = WeekSerializer
    queryset = Concept.objects.none()

    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(standing_by_week(request.user))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class ConceptStandingsView(ListAPIView[Concept]):
    """The learner's mastery of every concept, in the tracker's order."""

    permission_classes = [IsAuthenticated]
    serializer_class = ConceptStandingSerializer
    queryset = Concept.objects.order_by("position", "code")

    def paginate_queryset(self, queryset: Any) -> list[Any] | None:
        page = super().paginate_queryset(queryset)
        self.standings = standing_of(self.request.user, page or [])
        return page

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "standings": getattr(self, "standings", {})}
