"""The plan over the API."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from mlprep.plan.composing import make, schedules
from mlprep.plan.doing import doings_of
from mlprep.plan.forms import FURTHEST_DAY, LONGEST_DAY
from mlprep.plan.rows import TaskRow, plan_of, rows_of, session_of
from mlprep.plan.views import cards_left, tick_task
from progress.accounts.requests import learner_of
from progress.domain.plan.items import Kind
from progress.domain.plan.schedules import MADE
from progress.models import PlanTask, StudyPlan
from progress.plans.laying import Wishes
from progress.plans.models import FOCUS_NAMES
from progress.plans.shelf import plans


class PlanTaskSerializer(serializers.Serializer[Any]):
    """A task of the plan. done: ticked by hand, or done by doing it."""

    id = serializers.IntegerField()
    day = serializers.DateField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in Kind])
    key = serializers.CharField()
    title = serializers.CharField()
    minutes = serializers.IntegerField()
    url = serializers.CharField(allow_blank=True)
    done = serializers.BooleanField()

    def to_representation(self, row: TaskRow) -> dict[str, Any]:
        task = row.task
        return {
            "id": task.pk,
            "day": task.day.isoformat(),
            "kind": task.kind,
            "key": task.key,
            "title": row.label,
            "minutes": task.minutes,
            "url": row.url,
            "done": row.done,
        }


class LeftOutSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    minutes = serializers.IntegerField()
    reason = serializers.CharField()


class StudyPlanSerializer(serializers.Serializer[Any]):
    """A plan: what it was made with, its tasks, and what is left out and why. minutes: Monday to Sunday."""

    kind = serializers.CharField(default=MADE)
    interview_date = serializers.DateField(allow_null=True, default=None)
    minutes = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=LONGEST_DAY), min_length=7, max_length=7
    )
    days_off = serializers.ListField(child=serializers.DateField(), default=list, max_length=120)
    focus = serializers.ChoiceField(choices=[key.value for key in FOCUS_NAMES], default="all")
    role = serializers.CharField(allow_blank=True, default="")
    review_weekday = serializers.IntegerField(
        min_value=0, max_value=6, required=False, help_text="0 Monday to 6 Sunday; as it is if left out"
    )
    tasks = PlanTaskSerializer(many=True, read_only=True)
    left_out = LeftOutSerializer(many=True, read_only=True)

    def validate_kind(self, kind: str) -> str:
        if kind not in {MADE, *schedules()}:
            raise serializers.ValidationError("There is no such schedule.")
        return kind

    def validate_role(self, role: str) -> str:
        if role not in {"", *(one.key for one in plans().roles)}:
            raise serializers.ValidationError("There is no such role.")
        return role

    def validate_minutes(self, minutes: list[int]) -> list[int]:
        if not any(minutes):
            raise serializers.ValidationError("Give at least one weekday some minutes.")
        return minutes

    def validate_interview_date(self, day: Any) -> Any:
        if day and not 0 < (day - self.context["today"]).days <= FURTHEST_DAY:
            raise serializers.ValidationError("Choose a day from tomorrow on, within a year.")
        return day


class SessionSerializer(serializers.Serializer[Any]):
    """Today: its tasks, their minutes, and what stayed open on days before."""

    day = serializers.DateField()
    minutes = serializers.IntegerField()
    minutes_left = serializers.IntegerField()
    tasks = PlanTaskSerializer(many=True)
    missed = PlanTaskSerializer(many=True)


class TickSerializer(serializers.Serializer[Any]):
    done = serializers.BooleanField(default=True)


class PlanView(GenericAPIView[StudyPlan]):
    """The learner's plan; POST makes it, or changes it around what is done."""

    permission_classes = [IsAuthenticated]
    serializer_class = StudyPlanSerializer
    queryset = StudyPlan.objects.none()

    def get_serializer_context(self) -> dict[str, Any]:
        learner = self.request.user
        today = learner_of(self.request).day_of(timezone.now()) if learner.is_authenticated else None
        return {**super().get_serializer_context(), "today": today}

    def get(self, request: Request) -> Response:
        return Response(_as_dict(_plan(request)))

    def post(self, request: Request) -> Response:
        body = self.get_serializer(data=request.data)
        body.is_valid(raise_exception=True)
        learner, chosen = learner_of(request), body.validated_data
        before = plan_of(learner)
        wishes = Wishes(
            minutes=tuple(chosen["minutes"]),
            interview=chosen["interview_date"],
            kind=chosen["kind"],
            days_off=tuple(chosen["days_off"]),
            focus=chosen["focus"],
            role=chosen["role"],
            review_weekday=chosen.get("review_weekday", learner.review_weekday),
            alarm_hour=before.alarm_hour if before else None,
        )
        make(learner, wishes, timezone.now())
        made = status.HTTP_200_OK if before else status.HTTP_201_CREATED
        return Response(_as_dict(_plan(request)), status=made)


class PlanTodayView(GenericAPIView[PlanTask]):
    """What the plan asks for today."""

    permission_classes = [IsAuthenticated]
    serializer_class = SessionSerializer
    queryset = PlanTask.objects.none()

    def get(self, request: Request) -> Response:
        now = timezone.now()
        session = session_of(_plan(request), now, cards_left=cards_left(learner_of(request), now))
        return Response(
            {
                "day": session.today.date.isoformat(),
                "minutes": session.today.minutes,
                "minutes_left": session.today.minutes_left,
                "tasks": _rows(session.today.rows),
                "missed": _rows(session.missed),
            }
        )


class TaskDoneView(GenericAPIView[PlanTask]):
    """Tick a task by hand; `done: false` takes the tick back."""

    permission_classes = [IsAuthenticated]
    serializer_class = TickSerializer
    queryset = PlanTask.objects.none()

    @extend_schema(request=TickSerializer, responses=PlanTaskSerializer)
    def post(self, request: Request, pk: int) -> Response:
        learner, now = learner_of(request), timezone.now()
        task = get_object_or_404(PlanTask.objects.of(learner).select_related("plan"), pk=pk)
        body = self.get_serializer(data=request.data)
        body.is_valid(raise_exception=True)
        tick_task(learner, task, done=body.validated_data["done"], now=now)
        doings = doings_of(_plan(request), now, cards_left=cards_left(learner, now))
        return Response(_rows(rows_of([task], doings))[0])


def _rows(rows: Iterable[TaskRow]) -> list[dict[str, Any]]:
    serializer = PlanTaskSerializer()
    return [serializer.to_representation(row) for row in rows]


def _plan(request: Request) -> StudyPlan:
    plan = plan_of(learner_of(request))
    if plan is None:
        raise Http404
    return plan


def _as_dict(plan: StudyPlan) -> dict[str, Any]:
    now, learner = timezone.now(), plan.learner
    doings = doings_of(plan, now, cards_left=cards_left(learner, now))
    return {
        "kind": plan.kind,
        "interview_date": learner.interview_date and learner.interview_date.isoformat(),
        "minutes": plan.minutes,
        "days_off": plan.days_off,
        "focus": plan.focus,
        "role": plan.role,
        "review_weekday": learner.review_weekday,
        "tasks": _rows(rows_of(plan.tasks.all(), doings)),
        "left_out": plan.left_out,
    }
