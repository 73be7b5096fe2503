"""What a note, a timer or a request is about: a concept or a topic."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self

from django.db import models

from concepts.models import Concept, Topic

Subject = Concept | Topic


def lookup_of(subject: Subject) -> dict[str, Any]:
    """The fields that name the subject in a record, for filters and for making one."""
    return {"concept": subject} if isinstance(subject, Concept) else {"topic": subject}


def is_one_subject(name: str) -> models.CheckConstraint:
    """The constraint that a record is about a concept or a topic, and not about both."""
    return models.CheckConstraint(
        condition=models.Q(concept__isnull=True) ^ models.Q(topic__isnull=True),
        name=name,
    )


def key_of(subject: Subject) -> str:
    """The code or slug by which a text names the subject, as in `[[DL-021]]`."""
    return subject.code if isinstance(subject, Concept) else subject.slug


def title_of(subject: Subject) -> str:
    return subject.name if isinstance(subject, Concept) else subject.title


@dataclass(slots=True)
class Subjects:
    """All concepts and topics by what a text may call them: code or slug, or the whole name, in any case."""

    all: list[Subject] = field(default_factory=list)
    _by_name: dict[str, Subject] = field(default_factory=dict)

    @classmethod
    def load(cls) -> Self:
        """Read in two queries; a code goes before a name, a concept before a topic."""
        subjects = cls([*Concept.objects.as_list(), *Topic.objects.current().only("slug", "number", "title")])
        for name in (title_of, key_of):
            for subject in reversed(subjects.all):
                subjects._by_name[name(subject).casefold()] = subject
        return subjects

    def find(self, text: str) -> Subject | None:
        """The subject that `text` names; what a chooser offers, `DL-021 Softmax`, names it too."""
        words = " ".join(text.split()).casefold()
        return self._by_name.get(words) or self._by_name.get(words.partition(" ")[0])
