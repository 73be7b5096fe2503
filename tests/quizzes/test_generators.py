"""Every generator, over many seeds: the answer is right, each typical mistake is wrong and recognised."""

import hashlib
import json
import re
from math import isfinite
from pathlib import Path
from random import Random

import pytest

from mlprep.shared.rendering import render_library_text
from quizzes.domain.generators import GENERATORS
from quizzes.domain.generators.base import MAX_DRAWS, Draw, Generator, Mistake, Redraw
from quizzes.domain.numbers import Tolerance
from quizzes.domain.questions import parse_question

SEEDS = range(25)
FINGERPRINTS = Path(__file__).with_name("generator_fingerprints.json")
TRACKER_CODES = set(re.findall(r"^    code: (\S+)$", Path("fixtures/tracker.yaml").read_text(), re.MULTILINE))


def question(name: str):
    generator = GENERATORS[name]
    slug = f"{generator.concept.lower()}-{name}"
    fields = {"id": slug, "kind": "generated", "difficulty": generator.difficulty, "generator": name}
    return parse_question({**fields, "version": generator.version})


def test_there_are_at_least_60_over_all_sections():
    assert len(GENERATORS) >= 60
    assert {generator.concept.split("-")[0] for generator in GENERATORS.values()} >= {
        "MATH", "ML", "DL", "TRANS", "RECSYS", "MLSYS",
    }  # fmt: skip


@pytest.mark.parametrize("name", GENERATORS)
def test_the_answer_is_right_and_each_mistake_is_recognised(name):
    for seed in SEEDS:
        asked = question(name)
        presentation = asked.present(Random(seed))
        assert asked.grade(asked.expected(presentation), presentation) == 1, (seed, presentation)
        assert asked.grade(asked.wrong_example(presentation), presentation) == 0, (seed, presentation)
        assert presentation["mistakes"]
        for value, cause in presentation["mistakes"]:
            if not isfinite(value):
                continue
            answer = repr(float(value))
            assert asked.grade(answer, presentation) == 0, (seed, value, presentation)
            assert asked.feedback(answer, presentation) == cause, (seed, cause)


@pytest.mark.parametrize("name", GENERATORS)
def test_its_texts_are_complete_and_can_be_typeset(name):
    assert GENERATORS[name].concept in TRACKER_CODES
    for seed in (0, 1, 2):
        draw = GENERATORS[name].draw(seed)
        for text in [draw.prompt, draw.solution, *(mistake.cause for mistake in draw.mistakes)]:
            assert text.strip()
            assert "np." not in text
            assert "nan" not in text.lower().split()
            assert "merror" not in render_library_text(text)
        assert type(draw.answer) in {int, float}


@pytest.mark.parametrize("name", GENERATORS)
def test_four_figures_are_enough_where_the_answer_is_not_asked_for_exactly(name):
    for seed in range(60):
        draw = GENERATORS[name].draw(seed)
        assert draw.tolerance.exact or draw.tolerance.accepts(float(f"{draw.answer:.4g}"), draw.answer), (seed, draw)


@pytest.mark.parametrize("name", GENERATORS)
def test_a_1_is_told_as_one_would_write_it(name):
    clumsy = re.compile(
        r"\b(?<![\d.])1 (times|bits|nats|examples|ones|steps|tokens)\b|\^(1|\{1\})(?![\d.])|[+-] 1\\lambda"
    )
    for seed in range(40):
        draw = GENERATORS[name].draw(seed)
        for text in [draw.prompt, draw.solution, *(mistake.cause for mistake in draw.mistakes)]:
            assert not clumsy.search(re.sub(r"\d and 1 ", "", text)), text


@pytest.mark.parametrize("name", GENERATORS)
def test_the_same_seed_gives_the_same_question_and_other_seeds_give_others(name):
    generator = GENERATORS[name]
    assert generator.draw(7) == generator.draw(7)
    assert len({generator.draw(seed).prompt for seed in range(100)}) > 30


@pytest.mark.parametrize(
    "name",
    [
        "bayes-base-rate", "sigmoid-derivative", "bootstrap-distinct-share", "attention-parameters",
        "initialisation-std", "pass-at-k",
    ],
)  # fmt: skip
def test_its_questions_are_too_many_to_be_remembered(name):
    assert len({GENERATORS[name].draw(seed).prompt for seed in range(200)}) >= 120


@pytest.mark.parametrize("name", ["adam-training-memory", "kv-cache-memory", "quantised-weight-memory"])
def test_no_number_of_the_prompt_is_the_answer(name):
    for seed in range(200):
        draw = GENERATORS[name].draw(seed)
        stated = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", draw.prompt)]
        assert not [number for number in stated if draw.tolerance.accepts(number, draw.answer)], (seed, draw.prompt)


@pytest.mark.parametrize("name", GENERATORS)
def test_a_draw_survives_being_stored_with_its_attempt(name):
    presentation = question(name).present(Random(3))
    assert json.loads(json.dumps(presentation)) == presentation


def draw_of(value: float, mistake: float) -> Draw:
    return Draw("?", value, Tolerance(absolute=0.1), (Mistake(mistake, "because"),), "so")


def test_parameters_are_drawn_again_where_a_mistake_would_be_taken_as_right():
    def drawing(rng):
        return draw_of(2.0, 2.0 + float(rng.choice([0.05, 0.5])))

    generator = Generator("test", "ML-001", 1, "Test", 1, drawing)
    assert {generator.draw(seed).mistakes[0].value for seed in range(20)} == {2.5}


def test_parameters_are_drawn_again_where_the_generator_says_so_or_the_answer_is_not_finite():
    def drawing(rng):
        chosen = int(rng.integers(3))
        if chosen == 0:
            raise Redraw("trivial")
        return draw_of(float("inf") if chosen == 1 else 2.0, 5.0)

    generator = Generator("test", "ML-001", 1, "Test", 1, drawing)
    assert {generator.draw(seed).answer for seed in range(20)} == {2.0}


@pytest.mark.parametrize(
    "dull",
    [
        draw_of(1.0, 5.0),
        draw_of(0.0, 5.0),
        draw_of(0.5, 5.0),
        Draw("?", 2.0, Tolerance(absolute=0.1), (Mistake(5.0, "because"), Mistake(5.05, "therefore")), "so"),
    ],
    ids=["one", "zero", "smaller than its tolerance allows", "two mistakes of one value"],
)
def test_parameters_are_drawn_again_where_the_answer_would_tell_nothing(dull):
    generator = Generator("test", "ML-001", 1, "Test", 1, lambda rng: draw_of(2.0, 5.0) if rng.random() < 0.1 else dull)
    assert {generator.draw(seed).answer for seed in range(20)} == {2.0}


def test_a_generator_that_finds_nothing_says_so():
    generator = Generator("vain", "ML-001", 1, "Test", 1, lambda _rng: draw_of(1.0, 1.0))
    with pytest.raises(RuntimeError, match=f"vain finds no question in {MAX_DRAWS} draws"):
        generator.draw(1)


def fingerprint(name: str) -> str:
    """What the seeds 0 to 4 give: prompts word for word, answers to nine digits."""
    draws = [GENERATORS[name].draw(seed) for seed in range(5)]
    return hashlib.sha256("\n".join(f"{draw.prompt} {draw.answer:.9g}" for draw in draws).encode()).hexdigest()[:16]


def test_no_generator_changes_without_a_new_version():
    """Where this fails: raise the generator's version (there and in generators.yaml), then its line in the file."""
    known = json.loads(FINGERPRINTS.read_text())
    assert {f"{name} {generator.version}": fingerprint(name) for name, generator in GENERATORS.items()} == known
