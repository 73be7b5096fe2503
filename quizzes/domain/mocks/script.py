"""What a mock interview's script holds; the file format of `fixtures/mocks/`."""

import ast
from typing import Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from quizzes.domain.exercises.files import functions_of, names_tested, test_names

Kind = Literal["theory", "derivation", "implementation", "debugging", "case", "project", "behavioural"]
Role = Literal["ml_engineer", "applied_scientist", "research_scientist"]
Difficulty = Literal["easy", "medium", "hard"]

KINDS: dict[str, str] = {
    "theory": "ML theory",
    "derivation": "Derivation at the whiteboard",
    "implementation": "Implementation from scratch",
    "debugging": "Debugging",
    "case": "Applied and system design case",
    "project": "Project deep-dive",
    "behavioural": "Behavioural",
}
ROLES: dict[str, str] = {
    "ml_engineer": "ML engineer",
    "applied_scientist": "Applied scientist",
    "research_scientist": "Research scientist",
}
KIND_CHOICES = list(KINDS.items())
ROLE_CHOICES = list(ROLES.items())
CODE_KINDS = ("implementation", "debugging")
"""Kinds that are answered with code, in the sandbox."""

CRITERIA: dict[str, str] = {
    "intuition": "Intuition",
    "derivation": "Derivation",
    "implementation": "Implementation",
    "practice": "Practice",
    "clarity": "Clarity",
}
"""The rubric's five criteria, by the names that the files use."""

SELF_QUESTIONS: dict[str, str] = {
    "explained": "Was the explanation clear?",
    "remembered": "Did you remember the key formulas?",
    "derived": "Could you derive it from first principles?",
    "connected": "Did you connect theory to practice?",
}
"""What the guide has one ask oneself after each interview."""

assert set(KINDS) == set(get_args(Kind))
assert set(ROLES) == set(get_args(Role))

Text = str


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class FollowUp(_Strict):
    """A further question of the interviewer.

    concepts: those of the script that it is about; all of them where none is named.
    """

    ask: Text = Field(min_length=10, max_length=2000)
    hint: Text = Field(default="", max_length=1000)
    concepts: list[str] = []
    answer: Text = Field(min_length=20, max_length=8000)


class Rubric(_Strict):
    """What earns marks on each criterion in this script."""

    intuition: Text = Field(min_length=10, max_length=600)
    derivation: Text = Field(min_length=10, max_length=600)
    implementation: Text = Field(min_length=10, max_length=600)
    practice: Text = Field(min_length=10, max_length=600)
    clarity: Text = Field(min_length=10, max_length=600)


class Code(BaseModel):
    """The code of an implementation or debugging script. given: what stands in the editor at first."""

    model_config = ConfigDict(extra="forbid")

    function: str = Field(pattern=r"^[A-Za-z_]\w*$", max_length=60)
    given: str = Field(min_length=10, max_length=12_000)
    tests: str = Field(min_length=10, max_length=20_000)
    solution: str = Field(min_length=10, max_length=12_000)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for name in ("given", "tests", "solution"):
            try:
                ast.parse(getattr(self, name))
            except SyntaxError as error:
                raise ValueError(f"{name} is not valid Python: line {error.lineno}: {error.msg}") from error
        wanted = {*names_tested(self.tests), self.function}
        for name in ("given", "solution"):
            if missing := wanted - set(functions_of(getattr(self, name))):
                raise ValueError(f"{name} does not define {', '.join(sorted(missing))}")
        if self.function not in names_tested(self.tests):
            raise ValueError(f"tests do not import {self.function} from exercise")
        if not test_names(self.tests):
            raise ValueError("tests hold no test; write methods test_… in a class of ExerciseTestCase")
        return self


class Script(_Strict):
    """A whole script."""

    kind: Kind
    title: str = Field(min_length=3, max_length=80)
    minutes: int = Field(ge=20, le=30)
    difficulty: Difficulty
    topics: list[str] = []
    concepts: list[str] = []
    roles: list[Role] = Field(min_length=1)
    opening: Text = Field(min_length=20, max_length=6000)
    hints: list[Text] = Field(min_length=2, max_length=3)
    model_answer: Text = Field(min_length=100, max_length=12_000)
    follow_ups: list[FollowUp] = Field(min_length=3, max_length=6)
    rubric: Rubric
    self_questions_note: Text = Field(default="", max_length=1000)
    code: Code | None = None

    @model_validator(mode="after")
    def _code_where_needed(self) -> Self:
        if (self.kind in CODE_KINDS) != (self.code is not None):
            word = "needs" if self.code is None else "has no"
            raise ValueError(f"a script of kind {self.kind} {word} code")
        for name in ("topics", "concepts", "roles"):
            values: list[str] = getattr(self, name)
            if len(values) != len(set(values)):
                raise ValueError(f"{name} names something twice")
        return self

    @model_validator(mode="after")
    def _follow_ups_keep_to_the_script(self) -> Self:
        for number, item in enumerate(self.follow_ups, start=1):
            if others := set(item.concepts) - set(self.concepts):
                names = ", ".join(sorted(others))
                raise ValueError(f"follow-up {number} is about {names}; name that among the script's concepts, too")
        return self
