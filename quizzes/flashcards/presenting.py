"""A card as it is shown: both sides, and what each button would do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.utils.safestring import SafeString, mark_safe

from mlprep.shared.maths import MathError
from mlprep.shared.rendering import render_learner_text, render_library_text
from progress.models import User
from quizzes.domain.fsrs import Rating
from quizzes.domain.questions import AnswerError
from quizzes.flashcards.generated import question_of
from quizzes.flashcards.models import CARD_KINDS, CardText, FlashcardSettings, LearnerCard
from quizzes.flashcards.previews import preview


@dataclass(frozen=True, slots=True)
class Button:
    """A rating, what it is called, the key it is on, and when the card would come again."""

    rating: Rating
    label: str
    key: int
    wait: str

    @property
    def name(self) -> str:
        return self.rating.name.lower()


@dataclass(frozen=True, slots=True)
class Given:
    """What was given to a generated question: a text, or word that the learner does not know.

    milliseconds: from the front to that, as the page took them.
    """

    typed: str = ""
    gave_up: bool = False
    milliseconds: int | None = None


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card on the review page."""

    card: LearnerCard
    kind_name: str
    front_html: SafeString
    back_html: SafeString
    buttons: list[Button]
    promise: str
    key: str
    is_own_text: bool = False
    asks: dict[str, Any] = field(default_factory=dict)
    given: Given | None = None
    right: bool | None = None
    problem: str = ""

    @property
    def waits_for_answer(self) -> bool:
        """Whether something has to be typed before the back is shown."""
        return bool(self.asks) and self.right is None


def show(
    card: LearnerCard, *, settings: FlashcardSettings, learner: User, now: datetime, given: Given | None = None
) -> ShownCard:
    """The card with both sides and its buttons. given: the answer to a generated question."""
    seen = preview(card, settings, learner, now)
    sides, facts = _generated(card, given or Given()) if card.card.kind == "generated" else (_sides(card, learner), {})
    wrong = facts.get("right") is False
    buttons = [
        Button(rating, label, place, seen.wait(rating, now))
        for place, (rating, label) in enumerate(_ratings(settings, wrong=wrong), start=1)
    ]
    return ShownCard(
        card=card,
        kind_name=CARD_KINDS[card.card.kind],
        front_html=sides[0],
        back_html=sides[1],
        buttons=buttons,
        promise=seen.promise(),
        key=uuid4().hex,
        **({"is_own_text": sides[2]} | facts),
    )


def _ratings(settings: FlashcardSettings, *, wrong: bool) -> Sequence[tuple[Rating, str]]:
    if wrong:
        return [(Rating.AGAIN, "Wrong" if settings.two_buttons else "Again")]
    if settings.two_buttons:
        return [(Rating.AGAIN, "Wrong"), (Rating.GOOD, "Right")]
    return [(rating, rating.name.title()) for rating in Rating]


def _sides(card: LearnerCard, learner: User) -> tuple[SafeString, SafeString, bool]:
    own = CardText.objects.of(learner).filter(card=card.card_id).first()
    source = own or card.card
    return _safe(source.front_html), _safe(source.back_html), own is not None


def _generated(card: LearnerCard, given: Given) -> tuple[tuple[SafeString, SafeString, bool], dict[str, Any]]:
    question, drawn = question_of(card)
    asked = question.ask({}, drawn, None)
    facts: dict[str, Any] = {"asks": {"unit": asked["unit"], "tolerance": asked["tolerance"]}, "given": given}
    feedback = ""
    if given.gave_up:
        facts["right"] = False
    elif given.typed:
        try:
            answer = question.read_answer(given.typed, drawn)
        except AnswerError as error:
            facts["problem"] = str(error)
        else:
            if answer is not None:
                facts["right"] = question.grade(answer, drawn) == 1
                feedback = question.feedback(answer, drawn)
    back = "\n\n".join(part for part in (f"**{question.expected(drawn)} {asked['unit']}**", feedback) if part)
    solution = question.review({}, drawn, None)["explanation"]
    return (_rendered(drawn["prompt"]), SafeString(_rendered(back) + _rendered(solution)), False), facts


def _rendered(text: str) -> SafeString:
    try:
        return render_library_text(text)
    except MathError:
        return render_learner_text(text)


def _safe(markup: str) -> SafeString:
    return mark_safe(markup)  # noqa: S308 (rendered and sanitised when it was stored)
