"""Every kind of question: what holds for all of them holds for each, and what each does of its own."""

import json
from contextlib import suppress
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from quizzes.bank.rendering import render_question
from quizzes.domain.questions import KINDS, AnswerError, parse_question
from tests.quizzes.examples import EXAMPLES, content_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def drawn(kind: str, seed: int = 1, **changes):
    question = parse_question(content_of(kind, **changes))
    return question, question.present(Random(seed))


def read_or_refuse(question, given_answer, presentation):
    """The answer as stored; None where it was refused, which is an AnswerError with a sentence and nothing else."""
    with suppress(AnswerError):
        return question.read_answer(given_answer, presentation)
    return None


def test_there_is_an_example_of_every_kind():
    assert set(EXAMPLES) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
@given(seed=st.integers(0, 10**9))
def test_the_right_answer_gets_full_credit_and_the_wrong_example_none(kind, seed):
    question, presentation = drawn(kind, seed)
    right = question.read_answer(question.expected(presentation), presentation)
    if kind == "open":
        right = question.rate(right, [1, 2, 3])
    wrong = question.read_answer(question.wrong_example(presentation), presentation)
    assert question.grade(right, presentation) == pytest.approx(1)
    assert question.grade(wrong, presentation) == 0
    assert 0 <= question.guess_chance < 1


@pytest.mark.parametrize("kind", KINDS)
@given(given_answer=JSON | st.lists(st.text(max_size=10), max_size=6))
def test_any_answer_is_refused_in_words_or_gets_credit_from_0_to_1(kind, given_answer):
    question, presentation = drawn(kind)
    answer = read_or_refuse(question, given_answer, presentation)
    assert 0 <= question.grade(answer, presentation) <= 1
    assert isinstance(question.feedback(answer, presentation), str)
    assert json.loads(json.dumps(answer)) == answer


@pytest.mark.parametrize("kind", KINDS)
@given(given_answer=st.text(max_size=2000))
def test_any_text_is_refused_in_words_or_gets_credit_from_0_to_1(kind, given_answer):
    question, presentation = drawn(kind)
    answer = read_or_refuse(question, [given_answer], presentation)
    assert 0 <= question.grade(answer, presentation) <= 1


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"single_choice", "multiple_choice"}))
def test_an_empty_form_leaves_the_question_open(kind):
    question, presentation = drawn(kind)
    fields = {"ordering": 4, "matching": 3, "cloze": 2}.get(kind, 1)
    assert question.read_answer([""] * fields, presentation) is None


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_shown_while_it_runs_says_nothing_of_the_answer(kind):
    question, presentation = drawn(kind)
    rendered = render_question(content_of(kind))
    shown = json.dumps(question.ask(rendered, presentation, None))
    for secret in ["because", "cause", "explanation", "correct", "solution", "steepest", "model", "names it", "(3,)"]:
        assert secret not in shown


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_stored_is_what_was_read(kind):
    question = parse_question(content_of(kind))
    assert parse_question(json.loads(json.dumps(question.model_dump()))) == question


@pytest.mark.parametrize(
    ("given_order", "credit"),
    [("abcd", 1), ("bcda", 2 / 3), ("dabc", 2 / 3), ("abdc", 1 / 3), ("badc", 0), ("dcba", 0), ("cdab", 1 / 3)],
)
def test_ordering_credits_the_longest_run_beyond_a_single_step(given_order, credit):
    question = parse_question(content_of("ordering"))
    answer = question.read_answer(list(given_order), {"order": [0, 1, 2, 3]})
    assert question.grade(answer, {"order": [0, 1, 2, 3]}) == pytest.approx(credit)


def test_ordering_takes_a_place_for_each_step_as_shown():
    question = parse_question(content_of("ordering"))
    presentation = {"order": [2, 0, 3, 1]}
    assert question.read_answer(["3", "1", "4", "2"], presentation) == ["b", "d", "a", "c"]
    assert question.grade(["b", "d", "a", "c"], presentation) == 1


def test_ordering_takes_places_behind_keys_in_any_order_of_the_page():
    question, presentation = drawn("ordering")
    given_pairs = ["d", "1", "a", "3", "c", "2", "b", "4"]
    assert question.read_answer(given_pairs, presentation) == ["d", "c", "a", "b"]
    assert question.read_answer(["d", "", "a", "", "c", "", "b", ""], presentation) is None
    with pytest.raises(AnswerError, match="its own place"):
        question.read_answer(["d", "1", "a", "", "c", "2", "b", "4"], presentation)


@pytest.mark.parametrize("places", [["1", "1", "2", "3"], ["1", "2", "3", ""], ["0", "1", "2", "3"], ["1", "2", "3"]])
def test_ordering_refuses_places_given_twice_or_left_out(places):
    question, presentation = drawn("ordering")
    with pytest.raises(AnswerError, match="its own place, from 1 to 4"):
        question.read_answer(places, presentation)


@given(seed=st.integers(0, 10**9))
def test_ordering_never_shows_the_steps_in_their_right_order(seed):
    assert drawn("ordering", seed)[1]["order"] != [0, 1, 2, 3]


def test_matching_credits_each_pair_and_an_open_one_costs_only_itself():
    question = parse_question(content_of("matching"))
    presentation = {"order": [0, 1, 2, 3]}
    answer = question.read_answer(["a", "", "B"], presentation)
    assert answer == ["a", "", "b"]
    assert question.grade(answer, presentation) == pytest.approx(1 / 3)


def test_lists_of_a_cloze_are_shuffled_for_each_attempt():
    orders = {tuple(drawn("cloze", seed)[1]["choices"][0]) for seed in range(40)}
    assert len(orders) == 6


def test_half_a_surrogate_pair_does_no_harm():
    for kind in ("code_output", "open"):
        question, presentation = drawn(kind)
        json.dumps(question.read_answer("\ud800", presentation), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("filled", "credit"),
    [
        (["steepest", "-1"], 1),
        (["  Greatest ", "-1"], 1),
        (["steepest", "−1"], 1),
        (["steepest", ""], 0.5),
        (["steep", "-1.0"], 0.5),
        (["", "0"], 0),
    ],
)
def test_cloze_credits_each_blank_whatever_its_case_spaces_and_signs(filled, credit):
    question, presentation = drawn("cloze")
    assert question.grade(question.read_answer(filled, presentation), presentation) == credit


@pytest.mark.parametrize(
    ("given_output", "right"),
    [("(3, 1)", True), ("(3,1)", True), ("3 1", True), ("[3, 1]", True), ("(3,)", False), ("(1, 3)", False)],
)
def test_code_output_is_compared_by_its_meaning(given_output, right):
    question, presentation = drawn("code_output")
    assert question.grade(given_output, presentation) == right


@pytest.mark.parametrize(
    ("given_output", "printed", "right"),
    [
        ("[[1, 2], [3, 4]]", "[[1 2]\n [3 4]]", True),
        ("[1, 2, 3, 4]", "[[1 2]\n [3 4]]", False),
        ("1.50", "1.5", True),
        ("[.5 1]", "[0.5 1. ]", True),
        ("true false", "True False", True),
        ("-1", "1", False),
        ("3.0", "3", True),
        ("nan", "nan", True),
        ("float64", "float32", False),
        ("NaN", "nan", True),
        ("\u22125", "-5", True),
        ("array([1, 2])", "[1 2]", True),
        ("5", "[5]", False),
        ("3", "(3,)", False),
    ],
)
def test_outputs_are_equal_up_to_spacing_commas_and_the_form_of_numbers(given_output, printed, right):
    question, presentation = drawn("code_output", output=printed, mistakes=[{"output": "x", "cause": "y"}])
    assert question.grade(given_output, presentation) == right


def test_code_output_names_the_misreading_an_answer_fits():
    question, presentation = drawn("code_output")
    assert question.feedback("(3,)", presentation) == "The second axis stays."


def test_an_open_answer_counts_what_its_learner_ticked():
    question, presentation = drawn("open")
    answer = question.read_answer("Because.", presentation)
    assert question.grade(answer, presentation) == 0
    assert question.grade(question.rate(answer, [3, 1]), presentation) == pytest.approx(2 / 3)
    with pytest.raises(AnswerError, match="from 1 to 3"):
        question.rate(answer, [4])


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("y - y_hat", "The sign is turned round."),
        ("y_hat*(1-y_hat)*(y_hat-y)", "squared error's"),
        ("3*(y_hat - y)", "constant factor 3"),
        ("y_hat + y", ""),
        ("y_hat - y", ""),
    ],
)
def test_a_formula_says_which_mistake_it_equals_or_how_it_differs(typed, words):
    question, presentation = drawn("formula")
    said = question.feedback(typed, presentation)
    assert (words in said) if words else said == ""


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("1.5", ""),
        ("1.504", "Right within the tolerance"),
        ("1.04", "These are nats."),
        ("-1.5", "wrong sign"),
        ("15", "10^{1}"),
        ("3", "a factor of 2"),
        ("0.6667", "reciprocal"),
        ("1.52", "Near"),
        ("7.77", ""),
    ],
)
def test_a_number_says_what_it_shows(typed, words):
    question, presentation = drawn("numeric")
    said = question.feedback(typed, presentation)
    assert (words in said) if words else said == ""


def test_a_generated_question_stays_what_it_was_when_its_generator_changes(monkeypatch):
    question, presentation = drawn("generated")
    monkeypatch.setattr("quizzes.domain.questions.generated.GENERATORS", {})
    assert question.grade(question.expected(presentation), presentation) == 1
    assert question.ask({}, presentation, None)["prompt"] == presentation["prompt"]


@pytest.mark.parametrize(
    ("kind", "changes", "message"),
    [
        ("numeric", {"mistakes": [{"value": "1.501", "cause": "?"}]}, "lies within the tolerance"),
        ("numeric", {"tolerance": {}}, "give one of absolute"),
        ("numeric", {"tolerance": {"absolute": 1, "relative": 1}}, "give one of absolute"),
        ("numeric", {"tolerance": {"absolute": -1}}, "above 0"),
        ("numeric", {"answer": "one"}, "is no number"),
        ("generated", {"generator": "riddles"}, "no generator called riddles"),
        ("formula", {"variables": {"x": "integer"}}, "is no domain"),
        ("formula", {"answer": "y_hat - q"}, "not known here"),
        ("formula", {"mistakes": EXAMPLES["formula"]["mistakes"][:2]}, "at least 3"),
        (
            "formula",
            {"mistakes": [*EXAMPLES["formula"]["mistakes"][:2], {"formula": "-(y - y_hat)", "cause": "?"}]},
            "equals the answer",
        ),
        ("ordering", {"steps": ["a", "b", "c"]}, "at least 4"),
        ("ordering", {"steps": ["a", "b", "c", "a"]}, "two steps say the same"),
        ("matching", {"distractors": ["right x"]}, "say the same"),
        ("cloze", {"text": "no blank"}, "number them from 1"),
        ("cloze", {"text": "[[2]] and [[1]]"}, "number them from 1"),
        ("code_output", {"mistakes": []}, "at least 1"),
        ("open", {"rubric": ["one", "two"]}, "at least 3"),
        ("open", {"tags": ["hard"]}, "a tag is"),
    ],
)
def test_a_faulty_question_is_refused_with_the_reason(kind, changes, message):
    with pytest.raises(ValidationError, match=message):
        parse_question(content_of(kind, **changes))


def test_blanks_to_choose_from_need_exactly_one_right_choice():
    blanks = [dict(blank) for blank in EXAMPLES["cloze"]["blanks"]]
    blanks[1]["choices"] = ["1", "0", "2"]
    with pytest.raises(ValidationError, match="exactly one of the choices"):
        parse_question(content_of("cloze", blanks=blanks))
