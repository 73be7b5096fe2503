"""Comments in the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from progress.accounts.models import User
from progress.comments.models import Comment, CommentRevision
from progress.moderation.models import CommentReport, ModerationAct
from progress.moderation.services import hide_comment, show_comment

HIDDEN_HERE = "Hidden in the administration"


@admin.action(description="Hide from all but moderators and the author")
def hide(modeladmin: admin.ModelAdmin, request: HttpRequest, comments: QuerySet[Comment]) -> None:
    assert isinstance(request.user, User)
    for comment in comments:
        hide_comment(comment=comment, moderator=request.user, reason=HIDDEN_HERE, now=timezone.now())


@admin.action(description="Show again")
def show(modeladmin: admin.ModelAdmin, request: HttpRequest, comments: QuerySet[Comment]) -> None:
    assert isinstance(request.user, User)
    for comment in comments:
        show_comment(comment=comment, moderator=request.user, now=timezone.now())


class _ToRead(admin.TabularInline):
    """What belongs to a comment, to be read; it is written where it happens."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReportsInline(_ToRead):
    model = CommentReport


class RevisionsInline(_ToRead):
    model = CommentRevision


class ActsInline(_ToRead):
    model = ModerationAct


@admin.register(Comment)
class CommentAdmin(admin.ModelAdmin):
    list_display = ["author", "concept", "created_at", "held", "hidden"]
    list_filter = ["hidden", "held", "created_at"]
    list_select_related = ["author", "concept"]
    search_fields = ["body", "author__username"]
    # The body belongs to its author: an administrator hides it, and does not rewrite it. Hiding goes by the actions
    # here or by the moderators' page, which keep who did it and why.
    readonly_fields = ["concept", "author", "body", "created_at", "edited_at", "held", "hidden", "hidden_reason"]
    inlines = [ReportsInline, RevisionsInline, ActsInline]
    actions = [hide, show]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Comments are written on the concept's page, which renders them."""
        return False
