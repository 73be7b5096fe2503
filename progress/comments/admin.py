"""Comments in the admin."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from progress.comments.models import Comment


@admin.action(description="Hide from all but administrators")
def hide(modeladmin: admin.ModelAdmin, request: HttpRequest, comments: QuerySet[Comment]) -> None:
    comments.update(hidden=True)


@admin.action(description="Show again")
def show(modeladmin: admin.ModelAdmin, request: HttpRequest, comments: QuerySet[Comment]) -> None:
    comments.update(hidden=False)


@admin.register(Comment)
class CommentAdmin(admin.ModelAdmin):
    list_display = ["author", "concept", "created_at", "hidden"]
    list_filter = ["hidden", "created_at"]
    list_select_related = ["author", "concept"]
    search_fields = ["body", "author__username"]
    # The body belongs to its author: an administrator hides it, and does not rewrite it.
    readonly_fields = ["concept", "author", "body", "created_at", "edited_at"]
    actions = [hide, show]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Comments are written on the concept's page, which renders them."""
        return False
