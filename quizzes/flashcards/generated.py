"""Cards whose numbers are drawn anew at each review."""

from random import Random
from typing import Any

from quizzes.bank.shelf import content_of
from quizzes.domain.generators import GENERATORS
from quizzes.domain.questions import AnswerError, parse_question
from quizzes.domain.questions.generated import Generated
from quizzes.flashcards.models import LearnerCard


def question_of(card: LearnerCard) -> tuple[Generated, dict[str, Any]]:
    """The question that this review of the card asks: the same one until it is answered."""
    question = parse_question(content_of(GENERATORS[card.card.content["generator"]]))
    if not isinstance(question, Generated):
        raise TypeError("a generated card asks a generated question")
    seed = f"{card.learner_id}:{card.card_id}:{card.reps}"
    return question, question.present(Random(seed))  # noqa: S311 (a draw to be repeated, not a secret)


def is_right(card: LearnerCard, typed: str | None) -> bool:
    """Whether what was typed answers this review's question; what is no number does not."""
    question, drawn = question_of(card)
    try:
        answer = question.read_answer(typed or "", drawn)
    except AnswerError:
        return False
    return answer is not None and question.grade(answer, drawn) == 1
