"""Weekly reviews in the admin."""

from django.contrib import admin

from progress.reviews.models import QUESTIONS, WeeklyReview


@admin.register(WeeklyReview)
class WeeklyReviewAdmin(admin.ModelAdmin):
    list_display = ["learner", "monday", "last_day", "done_at", "changed_at"]
    list_select_related = ["learner"]
    date_hierarchy = "monday"
    # The answers belong to their learner.
    readonly_fields = [*QUESTIONS]
    raw_id_fields = ["concepts", "topics"]
