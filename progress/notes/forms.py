"""The forms of notes: to write one, and to find some."""

from typing import Any

from django import forms

from progress.comments.forms import MarkdownField
from progress.domain.merging import digest
from progress.notes.models import MAX_MINUTES, MAX_NOTE_LENGTH, Confidence, Difficulty, Note, NoteQuerySet
from progress.notes.services import Marks, Origin, marks_of

_NOT_RATED = "none"


class NoteForm(forms.Form):
    """A note as its page sends it: the text, the marks, and by which page it was written."""

    body = MarkdownField(
        label="Your note",
        required=False,
        strip=False,
        max_length=MAX_NOTE_LENGTH,
        widget=forms.Textarea,
        error_messages={"max_length": "That is %(show_value)d characters; cut it to %(limit_value)d."},
    )
    minutes = forms.IntegerField(
        label="Other minutes spent", required=False, min_value=0, max_value=MAX_MINUTES, widget=forms.NumberInput
    )
    difficulty = forms.ChoiceField(choices=[("", "Not said"), *Difficulty.choices], required=False)
    confidence = forms.TypedChoiceField(
        choices=[("", "Not said"), *Confidence.choices], required=False, coerce=int, empty_value=None
    )
    review_needed = forms.BooleanField(required=False)
    connect = forms.CharField(required=False, max_length=200)
    page = forms.CharField(required=False, max_length=32)
    base = forms.CharField(required=False, max_length=16)
    base_marks = forms.CharField(required=False, max_length=16)

    @property
    def marks(self) -> Marks:
        sent = self.cleaned_data
        return Marks(sent["minutes"] or 0, sent["difficulty"], sent["confidence"], sent["review_needed"])

    @property
    def origin(self) -> Origin | None:
        """The page it comes from; a form without one (a script's) replaces what is stored."""
        sent = self.cleaned_data
        return Origin(sent["page"], sent["base"], sent["base_marks"]) if sent["page"] else None

    @property
    def bases(self) -> dict[str, str]:
        """What the page said it was made with."""
        return {name: str(self[name].value() or "") for name in ("base", "base_marks")}


def first_values(note: Note | None) -> dict[str, Any]:
    """What the form of a stored note holds."""
    marks = marks_of(note)
    return {
        "body": note.body if note else "",
        "minutes": marks.minutes,
        "difficulty": marks.difficulty,
        "confidence": marks.confidence,
        "review_needed": marks.review_needed,
    }


def bases_of(note: Note | None) -> dict[str, str]:
    """The digests of what is stored, by which a page says what it was made with."""
    return {"base": digest(note.body if note else ""), "base_marks": marks_of(note).digest}


class NoteFilter(forms.Form):
    """The search and the filters of the list; they combine, and a bad choice counts as none."""

    q = forms.CharField(label="Search", required=False, max_length=200)
    kind = forms.ChoiceField(
        label="On",
        required=False,
        choices=[("", "Concepts and topics"), ("concepts", "Concepts"), ("topics", "Topics")],
    )
    confidence = forms.ChoiceField(
        required=False,
        choices=[("", "Any"), *((str(key), label) for key, label in Confidence.choices), (_NOT_RATED, "Not said")],
    )
    review = forms.BooleanField(label="Review needed", required=False)

    def apply(self, notes: NoteQuerySet) -> NoteQuerySet:
        self.is_valid()
        chosen = {name: self.cleaned_data.get(name) for name in self.fields}
        if chosen["q"]:
            notes = notes.search(chosen["q"])
        if kind := chosen["kind"]:
            notes = notes.filter(concept__isnull=kind == "topics")
        if confidence := chosen["confidence"]:
            notes = notes.filter(confidence=None if confidence == _NOT_RATED else int(confidence))
        if chosen["review"]:
            notes = notes.filter(review_needed=True)
        return notes

    @property
    def narrows(self) -> bool:
        """Whether any filter is on."""
        return any(self.cleaned_data.values())
