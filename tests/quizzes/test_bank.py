"""The bank: what the library's question files are checked for, and what the bank as a whole is like."""

import re
from itertools import combinations, pairwise
from pathlib import Path
from time import process_time

import numpy as np
import pytest
import yaml
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import given
from hypothesis import strategies as st

from concepts.library.files import Source
from quizzes.bank.computing import compute
from quizzes.bank.reporting import report
from quizzes.bank.schema import QuestionFile, QuestionSheet
from quizzes.bank.shelf import content_of as generated_content
from quizzes.domain.bank_report import (
    NEAR_DUPLICATE_FROM,
    TOLD_FROM,
    BankItem,
    key_positions,
    longest_option_rate,
    near_duplicates,
    reading_grade,
    reason_rates,
    right_counts,
    told_rate,
)
from quizzes.domain.generators import GENERATORS
from quizzes.domain.questions import parse_question
from quizzes.models import Attempt, Question, QuestionVersion
from tests.quizzes.examples import EXAMPLES, content_of

ROOT = Path("fixtures")
FILES = sorted((ROOT / "questions").glob("*.yaml"))
BANK = {path.stem: yaml.load(path.read_text(), yaml.CSafeLoader)["questions"] for path in FILES}
MISCONCEPTIONS = 33


def tags() -> set[str]:
    return {tag for questions in BANK.values() for question in questions for tag in question.get("tags", [])}


def test_there_are_12_questions_of_5_kinds_on_every_concept_and_500_in_all():
    assert len(BANK) == 41
    for code, questions in BANK.items():
        assert len(questions) >= 12, code
        assert len({question["kind"] for question in questions}) >= 5, code
        assert {question["difficulty"] for question in questions} == {1, 2, 3}, code
    assert sum(map(len, BANK.values())) >= 500
    formulas = [question for questions in BANK.values() for question in questions if question["kind"] == "formula"]
    assert len(formulas) >= 60


def test_misconceptions_red_flags_and_tiers_are_all_there():
    assert len({tag for tag in tags() if tag.startswith("misconception-")}) == MISCONCEPTIONS
    assert {tag for tag in tags() if tag.startswith("red-flag-")} == {
        "red-flag-adam", "red-flag-backprop", "red-flag-batchnorm", "red-flag-more-parameters", "red-flag-relu",
    }  # fmt: skip
    assert {"tier-1", "tier-2", "tier-3"} <= tags()


TIERS = {
    "tier-1": {
        "dl-007-residual-jacobian", "dl-007-depth-product", "dl-007-true-statements", "dl-008-zero-last-layer",
        "dl-002-true-statements", "math-011-backprop-rules", "dl-007-generated-sigmoid-chain-bound",
    },
    "tier-2": {
        "dl-012-when-warmup", "dl-012-true-statements", "dl-007-lstm-forget-gate", "dl-008-xavier-std-value",
        "dl-008-variance-passed-as-std", "dl-008-he-code", "dl-011-first-step-size", "trans-004-pre-or-post-norm",
        "dl-011-generated-adam-first-step", "dl-011-generated-adam-second-step",
        "dl-008-generated-initialisation-std", "dl-006-generated-focal-loss", "dl-007-generated-lstm-parameters",
        "dl-012-generated-inverse-square-root-schedule",
    },
    "tier-3": {
        "dl-011-generated-adamw-step", "trans-004-generated-layer-norm-or-rms-norm",
        "trans-006-generated-quantised-weight-memory",
    },
}  # fmt: skip
"""Questions on topics of the deep-learning guide's tiers, beside those tagged from the start."""


@pytest.mark.parametrize("tier", TIERS)
def test_written_and_generated_questions_name_the_tier_their_topic_has_in_the_guide(tier):
    contents = [question for questions in BANK.values() for question in questions]
    contents += [generated_content(generator) for generator in GENERATORS.values()]
    tagged = {parse_question(content).id for content in contents if tier in content.get("tags", [])}
    assert tagged >= TIERS[tier]


def test_a_generator_without_tags_keeps_its_content_as_it_was():
    assert "tags" not in generated_content(GENERATORS["perplexity"])


def asked(slug: str):
    """A question of the bank by its id, read."""
    return parse_question(next(item for questions in BANK.values() for item in questions if item["id"] == slug))


def test_the_receptive_field_can_be_taken_for_kernel_times_input_depth():
    question = asked("dl-001-receptive-field-stem")
    assert question.grade("147", {}) == 0
    assert "kernel times input depth" in question.feedback("147", {})


def test_dropout_can_be_taken_to_zero_weights():
    options = asked("dl-001-dropout-what-is-dropped").options
    [weights] = [option for option in options if "entry of $W$ is set to 0" in option.text]
    assert not weights.correct
    assert "DropConnect" in weights.explanation


@pytest.mark.parametrize("restated", ["u^T A B v", "(u^T A B v)^T", "(A B)^T", "B"])
def test_writing_a_product_down_again_is_no_gradient(restated):
    question = asked("math-003-bilinear-gradient")
    assert question.grade(restated, {}) == 0
    assert question.grade("(v u^T A)^T", {}) == 1


def test_mistakes_with_gradients_have_causes_of_their_own():
    question = asked("trans-006-straight-through-gradient")
    assert "two ends" in question.feedback("g*step(a - w)", {})
    assert "derivative of the clipping" in question.feedback("g*min(a, max(w, -a))", {})
    assert question.grade("g*step(a - w)*step(a + w)", {}) == 1
    assert "gradient by the product" in asked("math-003-bilinear-gradient").feedback("u v^T", {})


def test_features_may_be_called_rescaled():
    blanks = asked("ml-001-lasso-objective")
    assert blanks.grade(["squared", "absolute", "0", "rescaled"], {}) == 1


def test_a_form_that_is_right_wherever_the_common_items_are_no_more_than_the_sets_is_right():
    question = asked("recsys-001-jaccard")
    assert question.grade("min(c, a)/(a + b - c)", {}) == 1
    assert question.grade("c/(a + b)", {}) == 0


def test_no_option_gives_itself_away_by_length_or_place():
    choices = [
        parse_question(question)
        for questions in BANK.values()
        for question in questions
        if question["kind"] == "single_choice"
    ]
    rate, chance = longest_option_rate(choices)
    assert abs(rate - chance) < 0.1
    places = key_positions(choices)
    assert all(0.15 < count / len(choices) < 0.35 for count in places.values())


@pytest.mark.parametrize(("kind", "widest"), [("single_choice", 0.1), ("multiple_choice", 0.15)])
def test_an_option_is_told_neither_right_nor_wrong_by_giving_a_reason(kind, widest):
    choices = [
        parse_question(question) for questions in BANK.values() for question in questions if question["kind"] == kind
    ]
    given, others = reason_rates(choices)
    assert abs(given - others) <= widest, (given, others)


def test_options_that_give_a_reason_are_counted_where_not_all_do():
    def choice(*texts: str):
        options = [{"text": text, "correct": not number, "explanation": "e"} for number, text in enumerate(texts)]
        asked = {"id": "ml-001-x", "kind": "single_choice", "difficulty": 1, "prompt": "Which?", "options": options}
        return parse_question(asked)

    told = choice("It falls", "It rises, as it grows", "It stays, because it is flat")
    assert reason_rates([told, choice("a, so b", "c since d", "because e")]) == (0.0, 1.0)
    assert reason_rates([told, choice("It falls, so it is low", "It rises", "It stays")]) == (1 / 3, 1 / 3)
    assert reason_rates([]) == (0.0, 0.0)


def test_no_number_of_right_options_can_be_counted_on():
    choices = [
        parse_question(question)
        for questions in BANK.values()
        for question in questions
        if question["kind"] == "multiple_choice"
    ]
    for size in (4, 5):
        counts = {right: count for (right, of), count in right_counts(choices).items() if of == size}
        assert set(counts) == set(range(1, size))
        assert max(counts.values()) / sum(counts.values()) <= 0.45, counts


def of_sections() -> dict[str, list]:
    sections: dict[str, list] = {}
    for code, questions in BANK.items():
        asked = [parse_question(question) for question in questions if question["kind"] == "multiple_choice"]
        sections.setdefault(code.rsplit("-", 1)[0], []).extend(asked)
    return sections


@pytest.mark.parametrize(("section", "choices"), of_sections().items())
def test_in_no_section_can_a_number_of_right_options_be_counted_on(section, choices):
    assert told_rate(right_counts(choices)) <= TOLD_FROM


def test_a_section_whose_number_of_right_options_is_nearly_always_the_same_is_flagged():
    assert told_rate({(2, 4): 6}) == 1.0
    assert told_rate({(2, 4): 3, (3, 4): 1, (3, 5): 4, (1, 5): 2}) == 0.7
    assert told_rate({(2, 4): 2, (3, 6): 1}) == 0.0
    rows = [{"text": f"a {number}", "explanation": "e", "correct": number < 2} for number in range(4)]
    asked = {"kind": "multiple_choice", "difficulty": 1, "prompt": "Which?", "options": rows}
    questions = [{**asked, "id": f"ml-001-{word}"} for word in ("one", "two", "three")]
    sheet = QuestionSheet(Source(Path("ML-001.yaml"), None, None), QuestionFile(concept="ML-001", questions=questions))
    assert "  ML: 2 of 4: 3 (giveaway: one guesses how many are right in 100%)" in list(report([sheet]))


def test_no_two_questions_are_alike():
    items = [
        BankItem(
            question["id"],
            code,
            question["kind"],
            question["prompt"],
            body=question.get("code", "") + question.get("text", ""),
        )
        for code, questions in BANK.items()
        for question in questions
    ]
    assert list(near_duplicates(items)) == []


@pytest.fixture
def small_library(tmp_path):
    """A library of one concept whose questions a test writes."""
    tracker = yaml.safe_load((ROOT / "tracker.yaml").read_text())[:3]
    (tmp_path / "tracker.yaml").write_text(yaml.safe_dump(tracker))
    (tmp_path / "questions").mkdir()

    def write(*kinds: str, **changes: object) -> Path:
        questions = []
        for kind in kinds:
            content = {**content_of(kind), **changes, "id": f"math-011-{kind.replace('_', '-')}"}
            content.pop("output", None)
            questions.append(content)
        text = yaml.safe_dump({"concept": "MATH-011", "questions": questions}, sort_keys=False)
        (tmp_path / "questions" / "MATH-011.yaml").write_text(text)
        return tmp_path

    return write


@pytest.mark.django_db
def test_output_of_code_is_computed_when_the_library_is_loaded(small_library):
    call_command("load_library", str(small_library("code_output", code="print(np.arange(3) * 2)")))
    assert QuestionVersion.objects.get().content["output"] == "[0 2 4]"


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("numeric", {"check": "result = 1.4"}, "it is 1.5, the check computes 1.4"),
        ("numeric", {"check": "x = 1"}, "assign the number to `result`"),
        ("numeric", {"check": "result = np.nonsense"}, "it does not run: AttributeError"),
        ("code_output", {"code": "1 + 1"}, "it prints nothing"),
        ("code_output", {"code": "for i in range(9): print(i)"}, "ask for less"),
        ("code_output", {"code": "print('(3,)')"}, "is what the code prints"),
        ("code_output", {"code": "print(np.ones(2)[5])"}, "IndexError"),
        ("cloze", {"text": "$x_{[[1]]}$ and [[2]]"}, "a blank stands inside a formula"),
        ("formula", {"answer": "log(-y_hat^2)"}, "too few points"),
        ("open", {"prompt": "$\\frac{1$"}, "cannot be typeset"),
    ],
)
def test_a_faulty_question_is_named_with_file_and_line(small_library, kind, changes, words):
    with pytest.raises(CommandError) as raised:
        call_command("check_library", str(small_library(kind, **changes)))
    assert "questions/MATH-011.yaml:" in str(raised.value)
    assert words in str(raised.value)


def test_every_generator_is_in_use_at_its_version(tmp_path):
    listed = yaml.safe_load((ROOT / "generators.yaml").read_text())["generators"]
    assert {item["generator"]: item["version"] for item in listed} == {
        name: generator.version for name, generator in GENERATORS.items()
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("generators:\n  - {generator: riddles, version: 1}", "there is none called riddles"),
        ("generators:\n  - {generator: perplexity, version: 7}", "the generator perplexity is at version 2"),
        ("generators: []", "add ab-test-sample-size"),
        ("generators:\n  - {generator: perplexity}", "version: Field required"),
    ],
)
def test_a_faulty_list_of_generators_is_named_with_file_and_line(small_library, text, words):
    root = small_library("open")
    (root / "generators.yaml").write_text(text)
    with pytest.raises(CommandError) as raised:
        call_command("check_library", str(root))
    assert "generators.yaml:" in str(raised.value)
    assert words in str(raised.value)


def test_the_report_counts_by_concept_and_kind(small_library, capsys):
    call_command("check_library", str(small_library("numeric", "open", "single_choice")), report=True)
    said = capsys.readouterr().out
    assert "3 questions on 1 concepts" in said
    assert "The longest option is the right one" in said
    assert "Prompts much alike" in said


def test_snippets_run_apart_and_cannot_change_the_program():
    outputs = compute(["np.pi = 3; print(1)", "raise SystemError('x')"])
    assert outputs[0].output == "1"
    assert "SystemError" in outputs[1].problem
    assert np.pi > 3


def test_prompts_that_share_most_of_their_words_are_near_duplicates():
    items = [
        BankItem("a", "ML-001", "open", "What is the gradient of the mean squared error by the weights?"),
        BankItem("b", "ML-001", "open", "What is the gradient of the mean squared error by the bias?"),
        BankItem("c", "ML-001", "open", "Why does the lasso set weights to zero?"),
    ]
    assert [pair[:2] for pair in near_duplicates(items)] == [("a", "b")]


def test_near_duplicates_are_found_across_concepts_and_by_their_code():
    items = [
        BankItem("a", "ML-001", "open", "What is the gradient of the mean squared error by the weights?"),
        BankItem("b", "DL-002", "open", "What is the gradient of the mean squared error by the bias?"),
        BankItem("c", "ML-001", "code_output", "What does this print?", body="x = np.arange(6); print(x.sum())"),
        BankItem("d", "DL-002", "code_output", "What does this print?", body="y = np.ones((2, 3)) @ v; print(y.T)"),
        BankItem("e", "DL-003", "code_output", "What does this print?", body="x = np.arange(6); print(x.sum())"),
    ]
    assert [pair[:2] for pair in near_duplicates(items)] == [("a", "b"), ("c", "e")]


@given(st.lists(st.text("abc ", max_size=24), max_size=12))
def test_near_duplicates_are_those_that_a_comparison_of_all_pairs_finds(prompts):
    items = [BankItem(str(index), "ML-001", "open", prompt) for index, prompt in enumerate(prompts)]
    words = [re.findall("[a-z]+", prompt) for prompt in prompts]
    pairs = [set(pairwise(found)) for found in words]
    slow = {
        (str(a), str(b))
        for a, b in combinations(range(len(prompts)), 2)
        if pairs[a] | pairs[b] and len(pairs[a] & pairs[b]) / len(pairs[a] | pairs[b]) >= NEAR_DUPLICATE_FROM
    }
    assert {pair[:2] for pair in near_duplicates(items)} == slow


def test_two_thousand_prompts_are_compared_in_two_seconds():
    rng = np.random.Generator(np.random.PCG64(1))
    words = [f"word{number}" for number in range(2000)]
    items = [
        BankItem(str(index), "ML-001", "open", " ".join(rng.choice(words, 40)) + " what is the answer to this")
        for index in range(2000)
    ]
    begun = process_time()
    assert list(near_duplicates(items)) == []
    assert process_time() - begun < 2


def test_the_longest_option_is_counted_in_multiple_choices_too():
    def choice(kind: str, *right: int):
        options = [{"text": "a" * (4 - index), "correct": index in right, "explanation": "e"} for index in range(4)]
        return parse_question({"id": "ml-001-x", "kind": kind, "difficulty": 1, "prompt": "Which?", "options": options})

    choices = [choice("single_choice", 0), choice("multiple_choice", 0, 1), choice("multiple_choice", 1, 2, 3)]
    assert longest_option_rate(choices) == (1.0, 0.25)
    assert longest_option_rate(choices, multiple=True) == (0.5, 0.625)


def test_the_longest_option_of_a_multiple_choice_gives_nothing_away():
    choices = [
        parse_question(question)
        for questions in BANK.values()
        for question in questions
        if question["kind"] == "multiple_choice"
    ]
    rate, chance = longest_option_rate(choices, multiple=True)
    assert abs(rate - chance) < 0.15


def test_long_words_in_long_sentences_read_harder():
    easy = ["The cat sat. The dog ran. We saw it."]
    hard = ["Regularisation parameters characteristically necessitate computationally considerable deliberation."]
    assert reading_grade(easy) < 3
    assert reading_grade(hard) > 12


@pytest.mark.django_db
def test_the_whole_bank_can_be_asked_answered_and_graded(library, as_alice, alice):
    asked = Question.objects.askable()
    assert asked.count() == sum(map(len, BANK.values())) + len(GENERATORS)
    for kind in EXAMPLES:
        body = {"questions": 50, "minutes": None, "kinds": [kind], "seed": 5}
        quiz = as_alice.post("/api/v1/quizzes/", body, content_type="application/json").json()
        attempt = Attempt.objects.get(pk=quiz["id"])
        for question in attempt.questions.in_full():
            stated = parse_question(question.version.content)
            right = stated.read_answer(stated.expected(question.presentation), question.presentation)
            right = stated.rate(right, range(1, len(stated.rubric) + 1)) if kind == "open" else right
            assert stated.grade(right, question.presentation) == pytest.approx(1), question.version.content["id"]
            wrong = stated.read_answer(stated.wrong_example(question.presentation), question.presentation)
            assert stated.grade(wrong, question.presentation) < 1, question.version.content["id"]
        assert as_alice.get(f"/quizzes/{attempt.pk}/print/").status_code == 200
