"""Every generator's answer, recomputed out of its prompt by other code."""

from math import isclose

import pytest

from quizzes.domain.generators import GENERATORS
from tests.quizzes.references import REFERENCES

SEEDS = range(10)


def test_no_generator_lacks_a_reference():
    assert set(REFERENCES) == set(GENERATORS)


@pytest.mark.parametrize("name", GENERATORS)
def test_the_answer_is_what_other_code_makes_of_the_prompt(name):
    for seed in SEEDS:
        draw = GENERATORS[name].draw(seed)
        recomputed = float(REFERENCES[name](draw.prompt))
        assert isclose(recomputed, draw.answer, rel_tol=1e-6, abs_tol=1e-7), (seed, draw.prompt)
        assert draw.tolerance.accepts(recomputed, draw.answer), (seed, draw.prompt)


def test_a_reference_reads_the_prompt_as_it_stands():
    prompt = GENERATORS["perplexity"].draw(0).prompt
    assert REFERENCES["perplexity"](prompt) != REFERENCES["perplexity"](prompt.replace("0.65", "0.66"))
    with pytest.raises(ValueError, match="the prompt does not say"):
        REFERENCES["perplexity"]("What is the perplexity?")
