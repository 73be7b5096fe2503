"""What a learner says in a report, and a moderator when hiding."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from progress.comments.models import MAX_REASON_LENGTH
from progress.moderation.models import MAX_REPORT_LENGTH, CommentReport, ReportReason


class ReportForm(forms.ModelForm):
    """A reason, and words of one's own; for something else the words are needed."""

    reason = forms.ChoiceField(
        choices=ReportReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is wrong with it."},
    )

    class Meta:
        model = CommentReport
        fields = ["reason", "words"]
        widgets = {"words": forms.Textarea(attrs={"class": "input", "rows": 3, "maxlength": MAX_REPORT_LENGTH})}
        error_messages = {
            "words": {"max_length": "That is %(show_value)d characters; cut it to %(limit_value)d."},
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("reason") == ReportReason.OTHER and not cleaned.get("words"):
            raise ValidationError({"words": "Say in your words what is wrong with it."})
        return cleaned


class HideForm(forms.Form):
    """Why a comment is hidden; its author reads it."""

    reason = forms.CharField(
        label="Why it is hidden",
        help_text="Its author reads this.",
        max_length=MAX_REASON_LENGTH,
        widget=forms.TextInput(attrs={"class": "input"}),
        error_messages={"required": "Say why; the author is told."},
    )
