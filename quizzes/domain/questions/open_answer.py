"""An answer in one's own words, rated by oneself against a rubric."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from quizzes.domain.questions.base import Answer, AnswerError, Presentation, PromptedFields, Shown, Text, one_text

MAX_ANSWER_LENGTH = 10_000


class OpenAnswer(PromptedFields):
    """An answer is {"text": …, "covered": […]}: the text, and once rated the numbers of the points it covers."""

    kind: Literal["open"]
    model_answer: Text
    rubric: Annotated[list[Text], Field(min_length=3, max_length=6)]

    @property
    def guess_chance(self) -> float:
        return 0.0

    def read_answer(self, given: object, presentation: Presentation) -> Answer:
        """The text, not rated yet. Raises AnswerError."""
        text = given.get("text", "") if isinstance(given, dict) else given
        text = one_text(text, longest=MAX_ANSWER_LENGTH)
        return {"text": text, "covered": None} if text else None

    def rate(self, answer: Answer, covered: list[int]) -> Answer:
        """The answer with the points (from 1) that the learner says it covers. Raises AnswerError."""
        if not set(covered) <= set(range(1, len(self.rubric) + 1)):
            raise AnswerError(f"The points go from 1 to {len(self.rubric)}.")
        return {"text": answer["text"], "covered": sorted(set(covered))}

    def grade(self, answer: Answer, presentation: Presentation) -> float:
        """The share of points covered, 0 before it is rated."""
        return len((answer or {}).get("covered") or []) / len(self.rubric)

    def expected(self, presentation: Presentation) -> Answer:
        return {"text": self.model_answer, "covered": list(range(1, len(self.rubric) + 1))}

    def wrong_example(self, presentation: Presentation) -> Answer:
        return {"text": "I do not know.", "covered": []}

    def feedback(self, answer: Answer, presentation: Presentation) -> str:
        """The learner's own rating says it."""
        return ""

    def ask(self, rendered: Mapping[str, Any], presentation: Presentation, answer: Answer) -> Shown:
        return {"value": answer["text"] if answer else "", "longest": MAX_ANSWER_LENGTH}

    def review(self, rendered: Mapping[str, Any], presentation: Presentation, answer: Answer) -> Shown:
        covered = (answer or {}).get("covered")
        return {
            **self.ask(rendered, presentation, answer),
            "rated": covered is not None,
            "points": [
                {"number": number, "html": point, "covered": number in (covered or [])}
                for number, point in enumerate(rendered["rubric"], start=1)
            ],
            "explanation_html": rendered["model_answer"],
        }
