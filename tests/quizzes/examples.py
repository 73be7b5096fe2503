"""One question of every kind, as the library would state it."""

from typing import Any

_COMMON = {"difficulty": 2, "prompt": "What is it?"}


def _options(right: set[int]) -> list[dict[str, Any]]:
    return [
        {"text": f"option {index}", "correct": index in right, "explanation": f"because {index}"} for index in range(4)
    ]


EXAMPLES: dict[str, dict[str, Any]] = {
    "single_choice": {**_COMMON, "options": _options({1})},
    "multiple_choice": {**_COMMON, "options": _options({1, 2})},
    "numeric": {
        **_COMMON,
        "answer": "0.5*1 + 2*0.25*2",
        "tolerance": {"absolute": 0.01},
        "unit": "bits",
        "check": "p = np.array([.5, .25, .25]); result = -(p * np.log2(p)).sum()",
        "mistakes": [{"value": "1.5*log(2)", "cause": "These are nats."}],
        "explanation": "Half a bit, and twice half a bit.",
    },
    "generated": {"difficulty": 1, "generator": "entropy-of-counts", "version": 1},
    "formula": {
        **_COMMON,
        "variables": {"y_hat": "probability", "y": "binary"},
        "answer": "y_hat - y",
        "mistakes": [
            {"formula": "y - y_hat", "cause": "The sign is turned round."},
            {"formula": "y_hat*(1 - y_hat)*(y_hat - y)", "cause": "That is the squared error's."},
            {"formula": "-y/y_hat", "cause": "That is the derivative by the probability."},
        ],
        "explanation": "The sigmoid's slope cancels.",
    },
    "ordering": {
        **_COMMON,
        "steps": ["first", "second", "third", "fourth"],
        "explanation": "One after the other.",
    },
    "matching": {
        **_COMMON,
        "pairs": [{"left": f"left {name}", "right": f"right {name}"} for name in "xyz"],
        "distractors": ["right of nothing"],
        "explanation": "Each to its own.",
    },
    "cloze": {
        **_COMMON,
        "text": "The gradient points to the [[1]] ascent; the axis is [[2]].",
        "blanks": [
            {"accept": ["steepest", "greatest"], "explanation": "By Cauchy and Schwarz."},
            {"choices": ["-1", "0", "None"], "accept": ["-1"], "explanation": "The last one."},
        ],
    },
    "code_output": {
        **_COMMON,
        "code": "print(np.ones((3, 1)).shape)",
        "output": "(3, 1)",
        "mistakes": [{"output": "(3,)", "cause": "The second axis stays."}],
        "explanation": "Two axes.",
    },
    "open": {
        **_COMMON,
        "model_answer": "It is so.",
        "rubric": ["names it", "says why", "gives an example"],
    },
}


def content_of(kind: str, **changes: Any) -> dict[str, Any]:
    """A question of the kind, with these fields changed."""
    return {"id": f"test-001-{kind.replace('_', '-')}", "kind": kind, **EXAMPLES[kind], **changes}
