"""How long to work on what."""

from typing import Any

from django import forms

from progress.focus.models import LONGEST_FOCUS
from progress.subjects import Subject, Subjects

LENGTHS = [(25, "25 minutes"), (50, "50 minutes")]


class StartForm(forms.Form):
    """A concept or topic, by code, slug or name, and the minutes: one of the usual lengths, or another number."""

    subject = forms.CharField(
        label="On what",
        max_length=200,
        widget=forms.TextInput(attrs={"list": "subjects", "autocomplete": "off", "placeholder": "DL-021 or its name"}),
        error_messages={"required": "Name a concept or topic."},
    )
    length = forms.TypedChoiceField(label="For", coerce=int, choices=LENGTHS, required=False, empty_value=None)
    minutes = forms.IntegerField(
        label="Other minutes",
        min_value=1,
        max_value=LONGEST_FOCUS,
        required=False,
        widget=forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, subjects: Subjects, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subjects = subjects

    def clean_subject(self) -> Subject:
        subject = self.subjects.find(self.cleaned_data["subject"])
        if subject is None:
            raise forms.ValidationError("No concept or topic is called that; choose one from the list.")
        return subject

    @property
    def planned(self) -> int:
        """The minutes asked for; a number typed goes before a length chosen."""
        return int(self.cleaned_data.get("minutes") or self.cleaned_data.get("length") or LENGTHS[0][0])
