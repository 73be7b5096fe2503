"""The form that makes a plan."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from mlprep.plan.composing import schedules
from progress.domain.plan.schedules import MADE, first_monday
from progress.models import StudyPlan, User
from progress.plans.laying import Wishes
from progress.plans.models import FOCUS_CHOICES
from progress.plans.shelf import plans

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
USUAL_MINUTES = (90, 90, 90, 90, 90, 120, 120)
LONGEST_DAY, FURTHEST_DAY = 720, 365
_MOST_DAYS_OFF = 120
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s*(?:to|–|/)\s*(\d{4}-\d{2}-\d{2}))?")
_NUMBER = {"class": "input", "inputmode": "numeric"}


class DaysField(forms.CharField):
    """Dates and spans of dates in one line, such as `2026-12-24 to 2026-12-26, 2027-01-01`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=2_000, **kwargs)

    def clean(self, value: Any) -> tuple[date, ...]:
        text = super().clean(value)
        days: set[date] = set()
        for part in (part.strip() for part in re.split(r"[,;\n]+", text)):
            days |= self._days(part) if part else set()
        if len(days) > _MOST_DAYS_OFF:
            raise ValidationError(f"At most {_MOST_DAYS_OFF} days off.")
        return tuple(sorted(days))

    def _days(self, part: str) -> set[date]:
        match = _RANGE.fullmatch(part)
        try:
            first = date.fromisoformat(match[1]) if match else None
            last = date.fromisoformat(match[2]) if match and match[2] else first
        except ValueError:
            first = last = None
        if first is None or last is None or not 0 <= (last - first).days < _MOST_DAYS_OFF:
            raise ValidationError(f"Write days as 2026-12-24, or 2026-12-24 to 2026-12-26; “{part[:40]}” is none.")
        return {first + timedelta(days=place) for place in range((last - first).days + 1)}


class PlanForm(forms.Form):
    """What a learner wishes of a plan."""

    interview_date = forms.DateField(
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"),
        help_text="Empty where there is none yet: the plan then looks twelve weeks ahead.",
    )
    kind = forms.ChoiceField(label="Schedule", widget=forms.RadioSelect)
    days_off = DaysField(
        label="Days off",
        widget=forms.TextInput(attrs={"class": "input", "placeholder": "2026-12-24 to 2026-12-26, 2027-01-01"}),
        help_text="Days and spans of days, with commas between them.",
    )
    focus = forms.ChoiceField(choices=FOCUS_CHOICES, widget=forms.RadioSelect)
    role = forms.ChoiceField(required=False, help_text="Its topics come first where time is short.")
    review_weekday = forms.TypedChoiceField(
        label="Weekly review on", coerce=int, choices=list(enumerate(WEEKDAYS)), initial=6
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.schedules = schedules()
        names = [(MADE, "Made for me"), *((key, schedule.title) for key, schedule in self.schedules.items())]
        self.fields["kind"].choices = names  # type: ignore[attr-defined]
        roles = [("", "Any"), *((role.key, role.title) for role in plans().roles)]
        self.fields["role"].choices = roles  # type: ignore[attr-defined]
        for place, name in enumerate(WEEKDAYS):
            self.fields[f"minutes_{place}"] = forms.IntegerField(
                label=name, min_value=0, max_value=LONGEST_DAY, required=False, widget=forms.NumberInput(attrs=_NUMBER)
            )

    @property
    def minute_fields(self) -> list[forms.BoundField]:
        """Monday to Sunday."""
        return [self[f"minutes_{place}"] for place in range(7)]

    @property
    def suggestions(self) -> list[tuple[str, str, str, date, date]]:
        """The schedules' titles and summaries, the minutes that each suggests, and its first and its last day."""
        start = first_monday(self.today)
        return [
            (
                schedule.title,
                schedule.summary,
                _in_words(schedule.minutes),
                start,
                start + timedelta(weeks=len(schedule.weeks), days=-1),
            )
            for schedule in self.schedules.values()
        ]

    def clean_interview_date(self) -> date | None:
        day: date | None = self.cleaned_data["interview_date"]
        if day and not 0 < (day - self.today).days <= FURTHEST_DAY:
            raise ValidationError("Choose a day from tomorrow on, within a year.")
        return day

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        if not self.errors and not any(self._minutes(chosen)):
            raise ValidationError("Give at least one weekday some minutes.")
        return chosen

    def wishes(self, alarm_hour: int | None = None) -> Wishes:
        """What was asked for; of a valid form."""
        chosen = self.cleaned_data
        return Wishes(
            minutes=self._minutes(chosen),
            interview=chosen["interview_date"],
            kind=chosen["kind"],
            days_off=chosen["days_off"],
            focus=chosen["focus"],
            role=chosen["role"],
            review_weekday=chosen["review_weekday"],
            alarm_hour=alarm_hour,
        )

    @staticmethod
    def _minutes(chosen: dict[str, Any]) -> tuple[int, ...]:
        return tuple(chosen.get(f"minutes_{place}") or 0 for place in range(7))


def _in_words(minutes: Sequence[int]) -> str:
    """Minutes of a week, equal days together: `270 from Monday to Friday, 240 on Saturday and Sunday`."""
    spans: list[tuple[int, list[str]]] = []
    for name, count in zip(WEEKDAYS, minutes, strict=True):
        if spans and spans[-1][0] == count:
            spans[-1][1].append(name)
        else:
            spans.append((count, [name]))
    words = [
        f"{count} on {' and '.join(names)}" if len(names) < 3 else f"{count} from {names[0]} to {names[-1]}"
        for count, names in spans
    ]
    return ", ".join(words)


def filled_in(learner: User, plan: StudyPlan | None) -> dict[str, Any]:
    """The form as the learner's plan has it, or as is usual."""
    minutes = plan.minutes if plan else USUAL_MINUTES
    return {
        "interview_date": learner.interview_date,
        "kind": plan.kind if plan else MADE,
        "days_off": ", ".join(plan.days_off) if plan else "",
        "focus": plan.focus if plan else "all",
        "role": plan.role if plan else "",
        "review_weekday": learner.review_weekday,
        **{f"minutes_{place}": value for place, value in enumerate(minutes)},
    }
