"""What other rooms may want to hear about an account."""

from django.dispatch import Signal

interview_date_changed = Signal()
"""Sent with `learner`, whose date is the new one already, and `now`; a receiver answers whether it did anything."""
review_weekday_changed = Signal()
"""The same of the weekday of the weekly review."""
