"""Notes in the admin."""

from django.contrib import admin
from django.http import HttpRequest

from progress.notes.models import Note


@admin.register(Note)
class NoteAdmin(admin.ModelAdmin):
    list_display = ["learner", "concept", "topic", "confidence", "review_needed", "changed_at"]
    list_filter = ["review_needed", "confidence"]
    list_select_related = ["learner", "concept", "topic"]
    # The text belongs to its learner.
    readonly_fields = ["learner", "concept", "topic", "body", "created_at", "changed_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Notes are written on their own pages, which render them."""
        return False
