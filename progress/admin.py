"""Progress in the admin."""

from django.contrib import admin
from django.http import HttpRequest

from progress.accounts import admin as accounts_admin
from progress.comments import admin as comments_admin
from progress.focus import admin as focus_admin
from progress.kept import admin as kept_admin
from progress.models import ConceptMemory, ConceptStatus, Evidence, PlanTask, ReviewRequest, StudyPlan
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
    list_display = ["learner", "concept", "source", "credit", "guess_chance", "difficulty", "happened_at"]
    list_select_related = ["learner", "concept"]
    date_hierarchy = "happened_at"


@admin.register(ReviewRequest)
class ReviewRequestAdmin(admin.ModelAdmin):
    list_display = ["learner", "concept", "topic", "source", "reason", "requested_at", "done_at"]
    list_select_related = ["learner", "concept", "topic"]


@admin.register(ConceptMemory)
class ConceptMemoryAdmin(admin.ModelAdmin):
    """To look at: a copy of what evidence and statuses come to, so nothing is changed here."""

    list_display = ["learner", "concept", "strength", "variance", "stability", "answers", "right", "practised_at"]
    list_select_related = ["learner", "concept"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ConceptMemory | None = None) -> bool:
        return False


@admin.register(StudyPlan)
class StudyPlanAdmin(admin.ModelAdmin):
    list_display = ["learner", "kind", "focus", "role", "starts_on", "laid_at"]
    list_select_related = ["learner"]
    exclude = ["calendar_digest"]


@admin.register(PlanTask)
class PlanTaskAdmin(admin.ModelAdmin):
    list_display = ["plan", "day", "kind", "title", "minutes", "done_at"]
    list_filter = ["kind"]
    list_select_related = ["plan__learner"]
    date_hierarchy = "day"
