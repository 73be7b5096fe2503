"""Whatever a learner writes is rendered at once, however it is nested; what is beyond a limit says so."""

import time

import pytest

from mlprep.shared.maths import MAX_FORMULA_LENGTH, MAX_FORMULAS, MAX_HTML_AMONG_MANY, MAX_HTML_LENGTH
from mlprep.shared.rendering import render_learner_text
from mlprep.shared.tables import MAX_CELLS
from progress.comments.models import Comment
from quizzes.domain.cloze_text import ClozeError
from quizzes.flashcards.models import Card
from quizzes.flashcards.own_cards import sides_of
from tests.factories import make_concept
from tests.security.hostile_texts import SHAPES

pytestmark = pytest.mark.same_anywhere


@pytest.fixture(scope="module", autouse=True)
def started():
    """Starting V8 is no part of a text's time."""
    render_learner_text("$x$")


@pytest.mark.parametrize("length", [10_000, 50_000])
def test_a_hostile_text_takes_less_than_a_second_of_the_processor(length):
    slow = {}
    for name, shape in SHAPES.items():
        text = shape(length)
        assert length * 0.7 < len(text) <= length + 60, name
        start = time.process_time()
        markup = render_learner_text(text)
        slow[name] = time.process_time() - start
        assert len(markup) < MAX_HTML_LENGTH + 100 * length, name
    worst = max(slow, key=slow.__getitem__)
    print(f"{length:,} characters, {len(SHAPES)} shapes, worst {worst}: {slow[worst]:.2f} s")
    assert slow[worst] <= 1, worst


def test_the_server_renders_as_ever_after_the_worst():
    for name in ("a macro that doubles", "a bomb of macros", "braces", "cells"):
        render_learner_text(SHAPES[name](50_000))
    assert 'class="katex"' in render_learner_text("$x^2$")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"${'x' * (MAX_FORMULA_LENGTH + 1)}$", "it has 5,001 characters; at most 5,000 are typeset"),
        (r"$\newcommand{\a}{x}\a$", "macros cannot be defined in a formula; write out what they stand for"),
        ("$x$ " * (MAX_FORMULAS + 1), "only the first 1,000 formulas of a text are typeset"),
        (rf"$\begin{{matrix}}{'&' * 4_000}\end{{matrix}}$ " * 4, "the formulas before it fill the page"),
        (f"${'{' * 2_400}{'}' * 2_400}$", "it is nested too deeply"),
    ],
)
def test_a_formula_beyond_a_limit_is_shown_as_typed_with_the_limit(text, told):
    assert f'<code class="maths-error" title="{told}' in render_learner_text(text)


def test_a_formula_that_alone_would_fill_the_page_is_shown_as_typed():
    markup = render_learner_text(rf"$x$ $\begin{{matrix}}{'&' * 4_000}\end{{matrix}}$", longest=100_000)
    assert markup.count('class="katex"') == 1
    assert 'title="the formulas before it fill the page"' in markup
    assert 'title="it alone would fill the page"' in render_learner_text(r"$\sqrt{x}$", longest=100)


CELLS = rf"$\begin{{matrix}}{'&' * 4_900}\end{{matrix}}$ "
FRACTIONS = r"$\frac12$ "


@pytest.mark.django_db
@pytest.mark.parametrize("text", [CELLS * 2, FRACTIONS * 999], ids=["cells", "fractions"])
def test_what_stands_among_many_is_no_page_of_its_own(text, as_alice, as_bob):
    """A comment of 10,000 characters was once 6 million of everybody's page."""
    concept = make_concept()
    as_alice.post(f"/comments/on/{concept.code}/", {"body": text, "key": "a" * 32})
    as_alice.post("/flashcards/new/", {"front": text, "back": text})
    card = Card.objects.get()
    for markup in (Comment.objects.get().body_html, card.front_html, card.back_html):
        assert "fill the page" in markup
        assert len(markup) < MAX_HTML_AMONG_MANY + 15 * len(text)
    assert len(as_bob.get(concept.get_absolute_url()).content) < 2 * MAX_HTML_AMONG_MANY
    for kind, sent in (("comments", {"body": text}), ("flashcards", {"front": text, "back": text})):
        assert "fill the page" in as_alice.post(f"/{kind}/preview/", sent).content.decode()


def test_a_line_break_before_a_word_is_no_macro():
    assert "maths-error" not in render_learner_text(r"$\begin{matrix}a\\def\\let\end{matrix}$")


def test_tables_beyond_the_limit_are_shown_as_typed_and_those_before_as_tables():
    small, large = "a|b\n-|-\n1|2\n", "a|b\n-|-\n" + "1|2\n" * MAX_CELLS
    assert "<table>" in render_learner_text(small * 100)
    markup = render_learner_text(f"{small}\n{large}")
    assert markup.count("<table>") == 1
    assert markup.count("1|2") == MAX_CELLS


def test_a_long_card_of_many_blanks_is_refused_with_the_limit():
    blanks = " ".join(f"{{{{c{number}::x}}}}" for number in range(1, 21))
    assert len(sides_of(blanks, "why")) == 20
    with pytest.raises(ClozeError, match=r"20 blanks make 20 cards.*at most 50,000 characters"):
        sides_of(blanks, "x" * 9_000)
