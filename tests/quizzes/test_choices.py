"""The choice kinds, and what is refused when a question is read."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from quizzes.domain.questions import AnswerError, parse_question

CHOICES = ["single_choice", "multiple_choice"]


def content(kind: str, right: list[bool] | None = None) -> dict:
    flags = right or [False, True, kind == "multiple_choice", False]
    return {
        "id": "test-001-fact",
        "kind": kind,
        "difficulty": 2,
        "prompt": "Which?",
        "options": [
            {"text": f"option {index}", "correct": flag, "explanation": f"because {index}"}
            for index, flag in enumerate(flags)
        ],
    }


@pytest.mark.parametrize("kind", CHOICES)
def test_the_same_seed_shows_the_same_order_and_another_seed_shows_others(kind):
    question = parse_question(content(kind))
    assert question.present(Random(5)) == question.present(Random(5))
    assert len({tuple(question.present(Random(seed))["order"]) for seed in range(300)}) == 24


@pytest.mark.parametrize("kind", CHOICES)
@pytest.mark.parametrize("given_answer", ["z", "e", 3, 1.5, {}, ["a", "z"], "a" * 1000, True])
def test_what_is_no_option_is_refused_with_the_options_named(kind, given_answer):
    question = parse_question(content(kind))
    presentation = question.present(Random(1))
    with pytest.raises(AnswerError, match="Choose"):
        question.read_answer(given_answer, presentation)


def test_a_single_choice_says_nothing_of_the_right_option_by_its_key():
    question = parse_question(content("single_choice"))
    keys = {question.expected(question.present(Random(seed))) for seed in range(60)}
    assert keys == {"a", "b", "c", "d"}


def test_a_key_may_be_given_in_capitals_and_as_a_list_of_one():
    question = parse_question(content("single_choice"))
    presentation = {"order": [0, 1, 2, 3]}
    assert question.read_answer(" B ", presentation) == "b"
    assert question.read_answer(["b"], presentation) == "b"


@pytest.mark.parametrize(
    ("chosen", "credit"),
    [
        (["b", "c"], 1),
        (["b"], 0.5),
        (["b", "c", "d"], 0.5),
        (["b", "d"], 0),
        (["a", "d"], 0),
        (["a", "b", "c", "d"], 0),
    ],
)
def test_multiple_choice_adds_right_ones_and_takes_wrong_ones_off_but_never_below_zero(chosen, credit):
    question = parse_question(content("multiple_choice"))
    assert question.grade(chosen, {"order": [0, 1, 2, 3]}) == pytest.approx(credit)


@given(flags=st.lists(st.booleans(), min_size=3, max_size=6).filter(lambda f: 1 <= sum(f) < len(f)), data=st.data())
def test_credit_of_multiple_choice_never_falls_by_adding_a_right_option(flags, data):
    question = parse_question(content("multiple_choice", flags))
    presentation = {"order": list(range(len(flags)))}
    keys = "abcdef"[: len(flags)]
    chosen = set(data.draw(st.lists(st.sampled_from(keys), min_size=1)))
    added = data.draw(st.sampled_from([key for key, flag in zip(keys, flags, strict=True) if flag]))
    assert question.grade(sorted(chosen | {added}), presentation) >= question.grade(sorted(chosen), presentation)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"options": content("single_choice", [True, True, False])["options"]}, "exactly one option"),
        ({"options": content("single_choice", [False, False, False])["options"]}, "exactly one option"),
        ({"options": content("single_choice", [True, False])["options"]}, "at least 3"),
        ({"id": "Nonsense Slug"}, "lower case with hyphens"),
        ({"difficulty": 4}, "less than or equal to 3"),
        ({"prompt": "  "}, "at least 1 character"),
        ({"kind": "riddle"}, "kind"),
        ({"hint": "?"}, "Extra inputs"),
    ],
)
def test_a_faulty_question_is_refused_with_the_reason(change, message):
    with pytest.raises(ValidationError, match=message):
        parse_question({**content("single_choice"), **change})


def test_two_options_with_one_text_are_refused():
    faulty = content("single_choice")
    faulty["options"][3]["text"] = faulty["options"][0]["text"]
    with pytest.raises(ValidationError, match="say the same"):
        parse_question(faulty)


def test_a_multiple_choice_needs_a_right_option_and_a_wrong_one():
    assert parse_question(content("multiple_choice", [True, False, False])).grade(["a", "b"], {"order": [0, 1, 2]}) == 0
    for flags in ([False, False, False], [True, True, True]):
        with pytest.raises(ValidationError, match="at least one option must be right"):
            parse_question(content("multiple_choice", flags))


@pytest.mark.parametrize("kind", CHOICES)
@pytest.mark.parametrize("nothing", ["", None, [], [""], [None]])
def test_nothing_chosen_leaves_the_question_open(kind, nothing):
    question = parse_question(content(kind))
    assert question.read_answer(nothing, question.present(Random(1))) is None
