"""Cards that learners write, and their own wording of library cards."""

from collections.abc import Iterable, Sequence
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.utils.safestring import SafeString

from concepts.models import Concept
from mlprep.shared.limits.taking import take_one
from mlprep.shared.maths import MAX_HTML_AMONG_MANY
from mlprep.shared.rendering import render_learner_text
from progress.models import User
from quizzes.domain.cloze_text import ClozeError, cloze_numbers, cloze_sides
from quizzes.flashcards.enrolment import add_to_collection
from quizzes.flashcards.models import Card, CardText, LearnerCard

MAX_TEXT_OF_BLANKS = 50_000
"""Characters of all cards of one text: each blank makes a card that holds, and renders, the whole of it."""


def render_side(text: str) -> SafeString:
    """One side of a card as HTML."""
    return render_learner_text(text, longest=MAX_HTML_AMONG_MANY)


def has_blanks(front: str) -> bool:
    return "{{c" in front


def sides_of(front: str, back: str) -> list[tuple[int, str, str]]:
    """Number, front and back of each card that a text makes: one, or one a blank. Raises ClozeError."""
    if not has_blanks(front):
        return [(0, front, back)]
    numbers = cloze_numbers(front)
    if (length := len(numbers) * (len(front) + len(back))) > MAX_TEXT_OF_BLANKS:
        raise ClozeError(
            f"The {len(numbers)} blanks make {len(numbers)} cards of {length:,} characters together; "
            f"at most {MAX_TEXT_OF_BLANKS:,} characters are kept. Split the text into several."
        )
    sides = [(number, *cloze_sides(front, number)) for number in numbers]
    return [(number, shown, f"{answer}\n\n{back}".strip()) for number, shown, answer in sides]


@transaction.atomic
def write_card(
    *, learner: User, front: str, back: str, concept: Concept | None = None, tags: Sequence[str] = ()
) -> list[Card]:
    """Add a card of the learner's own, one for each blank, to their collection.

    Raises ClozeError, and LimitReached where the learner has written very many lately.
    """
    take_one("cards", learner.pk)
    siblings = f"own-{uuid4().hex}"
    cards = [
        _fill(Card(owner=learner, siblings=siblings, kind="own"), side, (front, back), concept, tags)
        for side in sides_of(front, back)
    ]
    for card in cards:
        card.save()
    add_to_collection(learner, cards)
    return cards


@transaction.atomic
def rewrite_card(  # noqa: PLR0913 (all by keyword)
    *, learner: User, card: Card, front: str, back: str, concept: Concept | None, tags: Sequence[str]
) -> list[Card]:
    """Change an own card's text; the memory stays. A new blank is a new card, one taken out is suspended.

    Raises as write_card does.
    """
    take_one("cards", learner.pk)
    group = {other.content["number"]: other for other in Card.objects.of(learner).filter(siblings=card.siblings)}
    fresh = Card(owner=learner, siblings=card.siblings, kind="own")
    kept: list[Card] = []
    for side in sides_of(front, back):
        known = group.pop(side[0], None) or Card(owner=learner, siblings=fresh.siblings, kind="own")
        known = _fill(known, side, (front, back), concept, tags)
        if known.retired:
            known.retired = False
            LearnerCard.objects.filter(card=known).update(suspended=False)
        known.save()
        kept.append(known)
    add_to_collection(learner, kept)
    for gone in group.values():
        gone.retired = True
        gone.save()
        LearnerCard.objects.filter(card=gone).update(suspended=True)
    return kept


def cards_of_texts(learner: User, cards: Iterable[LearnerCard]) -> QuerySet[LearnerCard]:
    """The learner's own among these cards, with the other blanks of their texts: what is deleted together."""
    texts = {item.card.siblings for item in cards if item.card.owner_id == learner.pk}
    own = LearnerCard.objects.of(learner).self_written().filter(card__siblings__in=texts)
    return own.select_related("card").order_by("pk")


@transaction.atomic
def delete_cards(*, learner: User, cards: Iterable[LearnerCard]) -> int:
    """Delete own cards for good, each with all blanks of its text and with its log; library cards stay.

    Returns how many are gone. What the answers have shown of concepts stays with the learner.
    """
    gone = [item.card_id for item in cards_of_texts(learner, cards)]
    Card.objects.of(learner).filter(pk__in=gone).delete()
    return len(gone)


def reword_card(*, learner: User, card: Card, front: str, back: str) -> None:
    """Show a library card to this learner in their own words; the library's words are none of their own.

    Raises LimitReached.
    """
    if (_plain(front), _plain(back)) == (_plain(card.content["front"]), _plain(card.content["back"])):
        return back_to_library(learner=learner, card=card)
    take_one("cards", learner.pk)
    CardText.objects.update_or_create(
        learner=learner,
        card=card,
        defaults={
            "front": front,
            "back": back,
            "front_html": render_side(front),
            "back_html": render_side(back),
        },
    )
    return None


def back_to_library(*, learner: User, card: Card) -> None:
    """Show the library's text again."""
    CardText.objects.of(learner).filter(card=card).delete()


def _plain(text: str) -> str:
    """As compared: a form's line ends differ."""
    return text.replace("\r\n", "\n").strip()


def _fill(
    card: Card, side: tuple[int, str, str], source: tuple[str, str], concept: Concept | None, tags: Sequence[str]
) -> Card:
    number, front, back = side
    card.concept, card.tags = concept, list(tags)
    card.content = {"number": number, "front": front, "back": back, "text": source[0], "notes": source[1]}
    card.front_html, card.back_html = render_side(front), render_side(back)
    return card
