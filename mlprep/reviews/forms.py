"""The form of a weekly review."""

from calendar import day_name

from django import forms

from progress.comments.forms import MarkdownField
from progress.reviews.models import MAX_ANSWER_LENGTH, QUESTIONS
from progress.reviews.services import ReviewOrigin
from progress.subjects import Subject, Subjects

_TOO_LONG = {"max_length": "An answer has %(show_value)d characters; cut it to %(limit_value)d."}


def _answer(label: str) -> forms.Field:
    return MarkdownField(
        label=label,
        required=False,
        strip=False,
        max_length=MAX_ANSWER_LENGTH,
        widget=forms.Textarea,
        error_messages=_TOO_LONG,
    )


def _digest() -> forms.Field:
    return forms.CharField(required=False, max_length=16)


class ReviewForm(forms.Form):
    """The four answers, what is flagged by code or slug, and by which page it was written."""

    explain = _answer(QUESTIONS["explain"])
    derive = _answer(QUESTIONS["derive"])
    implement = _answer(QUESTIONS["implement"])
    more_work = _answer(QUESTIONS["more_work"])
    more = forms.CharField(required=False, max_length=200)
    page = forms.CharField(required=False, max_length=32)
    base_explain = _digest()
    base_derive = _digest()
    base_implement = _digest()
    base_more_work = _digest()
    base_flags = _digest()

    @property
    def answers(self) -> dict[str, str]:
        return {question: self.cleaned_data[question] for question in QUESTIONS}

    @property
    def origin(self) -> ReviewOrigin | None:
        sent = self.cleaned_data
        if not sent["page"]:
            return None
        bases = {question: sent[f"base_{question}"] for question in QUESTIONS}
        return ReviewOrigin(sent["page"], bases, sent["base_flags"])

    def flagged(self, subjects: Subjects) -> set[Subject]:
        """What is ticked; a code that nothing has counts as none."""
        keys = self.data.getlist("flagged") if hasattr(self.data, "getlist") else []
        return {subject for key in keys if (subject := subjects.find(str(key)[:200]))}


class WeekdayForm(forms.Form):
    """The day of the week on which the learner looks back."""

    weekday = forms.TypedChoiceField(label="Look back on", coerce=int, choices=list(enumerate(day_name)))
