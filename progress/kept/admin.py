"""Kept texts in the admin."""

from django.contrib import admin

from progress.kept.models import KeptText


@admin.register(KeptText)
class KeptTextAdmin(admin.ModelAdmin):
    list_display = ["learner", "place", "kept_at"]
    list_select_related = ["learner"]
