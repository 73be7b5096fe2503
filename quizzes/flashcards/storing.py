"""Cards of the library written to the database."""

from typing import Any

from django.utils import timezone

from concepts.models import Concept
from mlprep.shared.rendering import render_library_text
from quizzes.flashcards.meaning import halve_stabilities
from quizzes.flashcards.models import Card
from quizzes.flashcards.schema import AnyCard, CardFile

_CARDS_A_CONCEPT = 1_000
_CONCEPTS_A_WEEK = 10_000


def store_cards(concept: Concept, file: CardFile) -> None:
    """Bring a concept's cards up to date by their ids.

    A risen revision says that the meaning has changed: whoever knows the card keeps half its stability.
    """
    sides = [(card, slug, content) for card in file.cards for slug, content in card.sides()]
    for place, (card, slug, content) in enumerate(sides):
        former = Card.objects.filter(slug=slug).first()
        stored, _ = Card.objects.update_or_create(
            slug=slug, defaults=_fields(concept, card, content, place) | {"tags": sorted({*file.tags, *card.tags})}
        )
        if former and stored.revision > former.revision:
            halve_stabilities(stored, now=timezone.now())


def _fields(concept: Concept, card: AnyCard, content: dict[str, Any], place: int) -> dict[str, Any]:
    return {
        "concept": concept,
        "kind": card.kind,
        "siblings": _siblings(concept, card),
        "content": content,
        "front_html": render_library_text(content["front"]) if "front" in content else "",
        "back_html": render_library_text(content["back"]) if "back" in content else "",
        "revision": card.revision,
        "position": (concept.week * _CONCEPTS_A_WEEK + concept.position) * _CARDS_A_CONCEPT + place,
        "questions": card.questions,
        "retired": False,
    }


def _siblings(concept: Concept, card: AnyCard) -> str:
    """The blanks of one text give each other away, and so do the two directions of a formula."""
    return f"{concept.code}-formula".lower() if card.kind in {"formula", "name"} else card.id
