"""Progress in the admin."""

from django.contrib import admin

from progress.accounts import admin as accounts_admin
from progress.comments import admin as comments_admin
from progress.focus import admin as focus_admin
from progress.kept import admin as kept_admin
from progress.models import ConceptStatus, Evidence, ReviewRequest
from progress.notes import admin as notes_admin
from progress.reviews import admin as reviews_admin

__all__ = ["accounts_admin", "comments_admin", "focus_admin", "kept_admin", "notes_admin", "reviews_admin"]


@admin.register(ConceptStatus)
class ConceptStatusAdmin(admin.ModelAdmin):
    list_display = ["learner", "concept", "status", "changed_at"]
    list_filter = ["status"]
    list_select_related = ["learner", "concept"]


@admin.register(Evidence)
class EvidenceAdmin(admin.ModelAdmin):
    list_display = ["learner", "concept", "source", "credit", "guess_chance", "happened_at"]
    list_select_related = ["learner", "concept"]
    date_hierarchy = "happened_at"


@admin.register(ReviewRequest)
class ReviewRequestAdmin(admin.ModelAdmin):
    list_display = ["learner", "concept", "topic", "source", "reason", "requested_at", "done_at"]
    list_select_related = ["learner", "concept", "topic"]
