"""What the pages show of an interview."""

import json
from dataclasses import dataclass
from typing import Any

from mlprep.shared.rendering import render_learner_text
from quizzes.domain.mocks.board import COLOURS, HEIGHT, MAX_HEIGHT, MAX_POINTS, MAX_STROKES, WIDTH, WIDTHS, Board
from quizzes.domain.mocks.script import CRITERIA
from quizzes.mocks.models import MockInterview, MockReveal, MockRun, Shown
from quizzes.mocks.services import best_run

FIRST_MISSED = 2
"""So many tests that failed are shown at once; the others open on demand."""

_BOARD_FACTS = {
    "width": WIDTH,
    "height": HEIGHT,
    "max_height": MAX_HEIGHT,
    "widths": WIDTHS,
    "max_strokes": MAX_STROKES,
    "max_points": MAX_POINTS,
}
_INK = ("Ink", "Blue", "Red", "Green", "Amber")
_PENS = ("Thin", "Medium", "Thick")


@dataclass(frozen=True, slots=True)
class Asked:
    """A follow-up as it was put: texts as HTML. may_hint: it has a hint that was not given yet."""

    number: int
    ask: str
    hint: str = ""
    may_hint: bool = False
    answer: str = ""


def talk_context(interview: MockInterview) -> dict[str, Any]:
    """What the interviewer has said so far, and what they may say next."""
    texts = interview.version.rendered
    shown = _shown(interview)
    hints = texts["hints"][: len(shown[Shown.HINT])]
    asked = _asked(interview, shown)
    return {
        "opening": texts["opening"],
        "hints": hints,
        "next_hint": len(hints) + 1 if len(hints) < len(texts["hints"]) else None,
        "hints_left": len(texts["hints"]) - len(hints),
        "follow_ups": asked,
        "next_follow_up": len(asked) + 1 if len(asked) < len(texts["follow_ups"]) else None,
        "follow_ups_left": len(texts["follow_ups"]) - len(asked),
    }


def work_context(interview: MockInterview) -> dict[str, Any]:
    """What stands on the pad, the board and in the editor, with the board's measures for its script."""
    return {
        "pad_html": render_learner_text(interview.pad) if interview.pad.strip() else "",
        "board_json": json.dumps({"board": interview.board or Board().as_json(), **_BOARD_FACTS}),
        "inks": list(enumerate(_INK[: len(COLOURS)])),
        "pens": list(enumerate(_PENS[: len(WIDTHS)])),
        "opens_board": interview.content["kind"] in {"derivation", "case", "theory"},
    }


def verdict(run: MockRun | None) -> dict[str, Any]:
    """A run's result, with how many tests passed and the first that did not; empty without a run."""
    if run is None or run.result is None:
        return {}
    tests = run.result.get("tests", [])
    missed = [test for test in tests if test["outcome"] != "passed"]
    first, rest = missed[:FIRST_MISSED], [test for test in tests if test not in missed[:FIRST_MISSED]]
    right = len(tests) - len(missed)
    return {**run.result, "tests": tests, "right": right, "count": len(tests), "first": first, "rest": rest}


def answers_context(interview: MockInterview) -> dict[str, Any]:
    """What was asked and done in a closed interview, each beside its model answer."""
    texts, shown = interview.version.rendered, _shown(interview)
    asked = _asked(interview, shown)
    code = interview.content["code"]
    return {
        "opening": texts["opening"],
        "model_answer": texts["model_answer"],
        "hints": texts["hints"][: len(shown[Shown.HINT])],
        "hints_count": len(texts["hints"]),
        "follow_ups": asked,
        "not_asked": [
            Asked(number, item["ask"], answer=item["answer"])
            for number, item in enumerate(texts["follow_ups"], start=1)
            if number not in shown[Shown.FOLLOW_UP]
        ],
        "rubric": [(name, label, texts["rubric"][name]) for name, label in CRITERIA.items()],
        "self_questions_note": texts["self_questions_note"],
        "pad_html": render_learner_text(interview.pad) if interview.pad.strip() else "",
        "solution": code["solution"] if code else "",
        "verdict": verdict(best_run(interview)) if code else {},
    }


def _shown(interview: MockInterview) -> dict[str, dict[int, MockReveal]]:
    found: dict[str, dict[int, MockReveal]] = {what: {} for what in Shown}
    for reveal in interview.reveals.all():
        found[reveal.what][reveal.number] = reveal
    return found


def _asked(interview: MockInterview, shown: dict[str, dict[int, MockReveal]]) -> list[Asked]:
    items = interview.version.rendered["follow_ups"]
    return [
        Asked(
            number,
            items[number - 1]["ask"],
            hint=items[number - 1]["hint"] if number in shown[Shown.FOLLOW_UP_HINT] else "",
            may_hint=bool(items[number - 1]["hint"]) and number not in shown[Shown.FOLLOW_UP_HINT],
            answer=items[number - 1]["answer"],
        )
        for number in sorted(shown[Shown.FOLLOW_UP])
    ]
