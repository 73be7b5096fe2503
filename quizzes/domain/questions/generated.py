"""A number whose question is drawn anew for each attempt."""

from collections.abc import Mapping
from random import Random
from typing import Any, Literal, Self

from pydantic import model_validator

from quizzes.domain.generators import GENERATORS
from quizzes.domain.numbers import Tolerance
from quizzes.domain.questions.base import Answer, Presentation, QuestionFields, Shown
from quizzes.domain.questions.numbers_asked import AskedNumber


class Generated(QuestionFields):
    """A generator's name and version.

    A presentation holds the whole question as drawn, texts and answer included, so that an attempt keeps its
    question whatever becomes of the generator.
    """

    kind: Literal["generated"]
    generator: str
    version: int

    @model_validator(mode="after")
    def _is_registered(self) -> Self:
        if self.generator not in GENERATORS:
            raise ValueError(f"there is no generator called {self.generator}")
        return self

    @property
    def guess_chance(self) -> float:
        return 0.0

    def present(self, rng: Random) -> Presentation:
        """Draw the parameters, from a seed out of `rng`."""
        seed = rng.getrandbits(62)
        draw = GENERATORS[self.generator].draw(seed)
        return {
            "generator": self.generator,
            "version": GENERATORS[self.generator].version,
            "seed": seed,
            "prompt": draw.prompt,
            "answer": draw.answer,
            "tolerance": draw.tolerance.as_json(),
            "unit": draw.unit,
            "mistakes": [[mistake.value, mistake.cause] for mistake in draw.mistakes],
            "solution": draw.solution,
        }

    def read_answer(self, given: object, presentation: Presentation) -> Answer:
        """The number as typed. Raises AnswerError."""
        return _asked(presentation).read(given)

    def read_as(self, text: str, presentation: Presentation) -> str:
        """The number that a text is taken for. Raises NumberError."""
        return _asked(presentation).read_as(text)

    def grade(self, answer: Answer, presentation: Presentation) -> float:
        return _asked(presentation).grade(answer)

    def expected(self, presentation: Presentation) -> Answer:
        return _asked(presentation).right()

    def wrong_example(self, presentation: Presentation) -> Answer:
        return _asked(presentation).wrong()

    def feedback(self, answer: Answer, presentation: Presentation) -> str:
        return _asked(presentation).explain(answer)

    def ask(self, rendered: Mapping[str, Any], presentation: Presentation, answer: Answer) -> Shown:
        return {**_asked(presentation).fields(answer), "prompt": presentation["prompt"]}

    def review(self, rendered: Mapping[str, Any], presentation: Presentation, answer: Answer) -> Shown:
        shown = self.ask(rendered, presentation, answer)
        return {**shown, "explanation": presentation["solution"]}


def _asked(presentation: Presentation) -> AskedNumber:
    mistakes = [(float(value), str(cause)) for value, cause in presentation["mistakes"]]
    return AskedNumber(presentation["answer"], Tolerance(**presentation["tolerance"]), presentation["unit"], mistakes)
