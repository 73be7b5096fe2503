"""Concepts over the API, each with the learner's status and mastery."""

from typing import Any

from django.db.models import Case, F, IntegerField, OrderBy, Value, When
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from concepts.models import Concept, Priority, Status, Subsection
from concepts.queries import ConceptQuerySet
from mlprep.tracker.forms import TrackerFilter
from progress.accounts.requests import learner_of
from progress.services import set_status
from progress.standing import Standing, standing_of

ORDERINGS = ["position", "code", "name", "week", "priority"]
_PRIORITY_RANK = Case(
    *(When(priority=priority, then=Value(rank)) for rank, priority in enumerate(Priority)),
    output_field=IntegerField(),
)
_FILTERS = [
    OpenApiParameter("section", str, many=True, description="Slug of a section, such as deep-learning"),
    OpenApiParameter("subsection", str, many=True, description="Slug of a sub-section"),
    OpenApiParameter("priority", str, many=True, enum=Priority.values),
    OpenApiParameter("week", int, many=True),
    OpenApiParameter("status", str, many=True, enum=Status.values, description="The learner's own status"),
    OpenApiParameter("search", str, description="Every word must occur; best first unless `ordering` is given"),
    OpenApiParameter("ordering", str, enum=[*ORDERINGS, *(f"-{name}" for name in ORDERINGS)]),
]


class ConceptSerializer(serializers.ModelSerializer[Concept]):
    """A concept of the tracker with the learner's standing; mastery from 0 to 1."""

    section = serializers.CharField(source="subsection.section.name", read_only=True)
    subsection = serializers.CharField(source="subsection.name", read_only=True)
    status = serializers.SerializerMethodField()
    mastery = serializers.SerializerMethodField()

    class Meta:
        model = Concept
        fields = [
            *("code", "name", "section", "subsection", "priority", "week", "formula", "formula_latex"),
            *("interview_question", "resource_url", "notes", "status", "mastery"),
        ]

    @extend_schema_field(serializers.ChoiceField(choices=Status.choices))
    def get_status(self, concept: Concept) -> str:
        return self._standing(concept).status.value

    def get_mastery(self, concept: Concept) -> float:
        return round(self._standing(concept).mastery, 4)

    def _standing(self, concept: Concept) -> Standing:
        standings: dict[int, Standing] = self.context["standings"]
        return standings[concept.pk]


class ConceptDetailSerializer(ConceptSerializer):
    """The same with the model answer and the concept's neighbours in the order of learning."""

    answer_html = serializers.CharField(source="model_answer.body_html", default="", read_only=True)
    prerequisites = serializers.SlugRelatedField[Concept]("code", many=True, read_only=True)
    unlocks = serializers.SlugRelatedField[Concept]("code", many=True, read_only=True)

    class Meta(ConceptSerializer.Meta):
        fields = [*ConceptSerializer.Meta.fields, "answer_html", "prerequisites", "unlocks"]


class StatusSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=Status.choices)


class ConceptListView(ListAPIView[Concept]):
    """The concepts of the tracker; filters combine, and several values of one filter widen it."""

    serializer_class = ConceptSerializer
    queryset = Concept.objects.in_page_order()

    @extend_schema(parameters=_FILTERS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def filter_queryset(self, queryset: ConceptQuerySet) -> ConceptQuerySet:  # type: ignore[override]
        filters = TrackerFilter(
            self.request.query_params,
            weeks=Concept.objects.weeks(),
            subsections=list(Subsection.objects.with_section()),
        )
        return _ordered(filters.apply_for(queryset, self.request.user), self.request.query_params.get("ordering", ""))

    def paginate_queryset(self, queryset: Any) -> list[Any] | None:
        page = super().paginate_queryset(queryset)
        self.standings = standing_of(self.request.user, page or [])
        return page

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "standings": getattr(self, "standings", {})}


class ConceptDetailView(RetrieveAPIView[Concept]):
    """One concept with its model answer, what it builds on and what it leads to."""

    serializer_class = ConceptDetailSerializer
    queryset = Concept.objects.select_related("subsection__section", "model_answer").prefetch_related(
        "prerequisites", "unlocks"
    )
    lookup_field = "code"

    def get_object(self) -> Concept:
        concept = get_object_or_404(self.get_queryset(), code=self.kwargs["code"].upper())
        self.standings = standing_of(self.request.user, [concept])
        return concept

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "standings": getattr(self, "standings", {})}


class ConceptStatusView(GenericAPIView[Concept]):
    """Set the learner's status of a concept."""

    serializer_class = StatusSerializer
    permission_classes = [IsAuthenticated]

    def put(self, request: Request, code: str) -> Response:
        concept = get_object_or_404(Concept, code=code.upper())
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        status = Status(serializer.validated_data["status"])
        set_status(learner=learner_of(request), concept=concept, status=status, now=timezone.now())
        return Response(serializer.data)


def _ordered(concepts: ConceptQuerySet, ordering: str) -> ConceptQuerySet:
    if not ordering:
        return concepts
    field = ordering.removeprefix("-")
    if field not in ORDERINGS:
        raise ValidationError(
            {"ordering": [f"Order by one of {', '.join(ORDERINGS)}; put - before it to turn it round."]}
        )
    key = _PRIORITY_RANK if field == "priority" else F(field)
    return concepts.order_by(OrderBy(key, descending=ordering.startswith("-")), "position")
