"""The form of a topic's text, and the layers of the map."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concepts.domain.figures import Figure
from concepts.domain.graph_layout import layers_of, layers_with_bends, without_shortcuts
from concepts.domain.standalone_figure import standalone
from concepts.domain.topic_text import (
    CheckItem,
    Picture,
    Prose,
    count_words,
    parse_text,
    reading_minutes,
    slug_of,
)

TEXT = """Before all.

## First part

Some words.

### A section

```python
## no heading, a comment
### nor this
```

![what is to be seen](figure:curve)

after it

## Second: part & more
- [ ] do this
- [ ] do **that**
"""


def test_parts_sections_code_pictures_and_items_are_told_apart():
    before, first, second = parse_text(TEXT)
    assert [part.title for part in (before, first, second)] == ["", "First part", "Second: part & more"]
    assert second.slug == "second-part-more"
    assert [section.title for section in first.sections] == ["", "A section"]
    code, picture, after = first.sections[1].pieces
    assert isinstance(code, Prose)
    assert "## no heading" in code.text
    assert picture == Picture("figure", "curve", "what is to be seen", 14)
    assert after == Prose("after it")
    items = second.sections[0].pieces
    assert [item.text for item in items] == ["do this", "do **that**"]
    assert len({item.id for item in items if isinstance(item, CheckItem)}) == 2


def test_maths_and_code_are_no_words():
    text = "Two words and $a + b$ here.\n\n$$\nx = y\n$$\n\n```python\nnot = counted\n```\n"
    assert count_words(text) == 5
    assert reading_minutes(text) == 1


@given(st.text())
def test_any_text_is_parsed_and_loses_nothing_but_marks(text):
    parts = parse_text(text)
    kept = "".join(piece.text for part in parts for section in part.sections for piece in section.pieces
                   if isinstance(piece, Prose | CheckItem))  # fmt: skip
    for word in kept.split():
        assert word in text
    assert slug_of(text) == slug_of(slug_of(text))


def test_a_node_stands_below_all_that_it_builds_on_and_circles_are_refused():
    needs = {"a": [], "b": ["a"], "c": ["a", "b"], "d": ["c", "unknown"], "e": []}
    assert [sorted(layer) for layer in layers_of(needs)] == [["a", "e"], ["b"], ["c"], ["d"]]
    layers, chains = layers_with_bends(needs)
    assert sorted(map(len, chains)) == [2, 2, 2, 3]
    assert len(layers[1]) == 2  # b, and the bend of the line from a to c
    with pytest.raises(ValueError, match="circle"):
        layers_of({"a": ["b"], "b": ["a"]})


def test_what_follows_from_the_rest_is_no_line_of_its_own():
    needs = {"a": [], "b": ["a"], "c": ["b", "a"], "d": ["a", "c", "unknown"], "e": ["b", "d"]}
    assert without_shortcuts(needs) == {"a": [], "b": ["a"], "c": ["b"], "d": ["c"], "e": ["d"]}


@given(st.integers(2, 12).flatmap(lambda n: st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)))))
def test_any_graph_without_circles_has_layers_that_hold_every_node_once(pairs):
    nodes = {number for pair in pairs for number in pair}
    needs = {str(node): [str(low) for low, high in pairs if high == node and low < high] for node in sorted(nodes)}
    layers = layers_of(needs)
    assert sorted(node for layer in layers for node in layer) == sorted(needs)
    depth = {node: row for row, layer in enumerate(layers) for node in layer}
    assert all(depth[other] < depth[node] for node, others in needs.items() for other in others)


def test_a_figure_stands_alone_with_its_colours():
    figure = Figure("A line", (0, 1), (0, 2), "x", "y")
    figure.line([0, 1], [0, 2], label="curve")
    svg = standalone(figure.svg())
    picture = ElementTree.fromstring(svg)  # noqa: S314 (our own picture)
    style = picture.find("{http://www.w3.org/2000/svg}style")
    assert style is not None
    assert ".series-1 { stroke: #2747b8 }" in (style.text or "")
    assert svg.count("<title>") == 1


def test_a_figure_has_a_title_and_no_colour_of_its_own():
    figure = Figure("A <line>", (0, 1), (0, 2), "x", "y")
    figure.line([0, 0.5, 1], [0, float("nan"), 2], label="curve")
    figure.heatmap([[0, 1], [1, 0]], digits=1)
    svg = figure.svg()
    assert "<title>A &lt;line&gt;</title>" in svg
    assert "series-1" in svg
    assert "heat-9" in svg
    assert "fill=" not in svg
    assert "style=" not in svg
    with pytest.raises(ValueError, match="must rise"):
        Figure("empty", (1, 1), (0, 1))
