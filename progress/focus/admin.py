"""The focus timer in the admin."""

from django.contrib import admin

from progress.focus.models import FocusSession


@admin.register(FocusSession)
class FocusSessionAdmin(admin.ModelAdmin):
    list_display = ["learner", "concept", "topic", "day", "planned_minutes", "started_at", "ended_at", "seconds"]
    list_select_related = ["learner", "concept", "topic"]
    date_hierarchy = "day"
