"""Quizzes in the admin: to look at; questions are changed in the library's files."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from quizzes.models import Attempt, Card, MockInterview, MockScript, Question


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Question)
class QuestionAdmin(ReadOnlyAdmin):
    list_display = ["slug", "concept", "kind", "difficulty", "retired"]
    list_filter = ["kind", "difficulty", "retired", "concept__week"]
    list_select_related = ["concept"]
    search_fields = ["slug"]


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    list_display = ["learner", "started_at", "deadline", "finished_at", "score", "max_score"]
    list_select_related = ["learner"]
    date_hierarchy = "started_at"


@admin.register(Card)
class CardAdmin(ReadOnlyAdmin):
    """Library cards; learners' own are theirs alone."""

    list_display = ["slug", "concept", "kind", "revision", "retired"]
    list_filter = ["kind", "retired", "concept__week"]
    list_select_related = ["concept"]
    search_fields = ["slug"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Card]:
        return super().get_queryset(request).filter(owner=None)


@admin.register(MockScript)
class MockScriptAdmin(ReadOnlyAdmin):
    list_display = ["slug", "kind", "title", "difficulty", "minutes", "roles", "retired"]
    list_filter = ["kind", "difficulty", "retired"]
    search_fields = ["slug", "title"]


@admin.register(MockInterview)
class MockInterviewAdmin(ReadOnlyAdmin):
    """That interviews were sat; what was written in them is their learners' alone."""

    list_display = ["learner", "version", "started_at", "deadline", "finished_at"]
    list_select_related = ["learner", "version__script"]
    date_hierarchy = "started_at"
    fields = ["learner", "version", "role", "started_at", "deadline", "finished_at"]
