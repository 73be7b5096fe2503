"""The whiteboard: only exact boards are taken, and what is drawn of them is plain SVG."""

import json
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.domain.mocks.board import (
    COLOURS,
    HEIGHT,
    MAX_HEIGHT,
    MAX_STROKES,
    WIDTH,
    WIDTHS,
    Board,
    BoardError,
    draw,
    read_board,
)

SVG = "{http://www.w3.org/2000/svg}"


def parse(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 (our own)


@st.composite
def boards(draw_from: st.DrawFn) -> dict:
    height = draw_from(st.integers(HEIGHT, MAX_HEIGHT))

    @st.composite
    def strokes(draw_from: st.DrawFn) -> dict:
        points = draw_from(st.lists(st.tuples(st.integers(0, WIDTH), st.integers(0, height)), min_size=1, max_size=12))
        stroke = {
            "colour": draw_from(st.integers(0, len(COLOURS) - 1)),
            "width": draw_from(st.integers(0, len(WIDTHS) - 1)),
            "points": [number for point in points for number in point],
        }
        if draw_from(st.booleans()):
            pressures = st.lists(st.integers(1, 9), min_size=len(points), max_size=len(points))
            stroke["pressures"] = draw_from(pressures)
        return stroke

    return {"height": height, "strokes": draw_from(st.lists(strokes(), max_size=6))}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["height", "strokes", "colour", "width", "points", "pressures", "x"]), inner, max_size=5
        )
    ),
    max_leaves=20,
)


@given(boards())
def test_a_board_is_read_and_given_back_as_it_was_sent(sent):
    sent_again = json.loads(json.dumps(sent))
    kept = read_board(sent_again).as_json()
    assert [{**stroke, "pressures": stroke.get("pressures", [])} for stroke in kept["strokes"]] == [
        {**stroke, "pressures": stroke.get("pressures", [])} for stroke in sent["strokes"]
    ]
    assert kept["height"] == sent["height"]


@given(boards())
def test_what_is_drawn_is_an_svg_of_paths_alone_and_nothing_else(sent):
    board = read_board(sent)
    svg = draw(board)
    if not board.strokes:
        assert svg == ""
        return
    root = parse(svg)
    assert root.tag == f"{SVG}svg"
    assert {child.tag for child in root} == {f"{SVG}title", f"{SVG}path"}
    for path in root.iter(f"{SVG}path"):
        assert set(path.attrib) == {"class", "stroke", "stroke-width", "d"}
        assert path.attrib["stroke"] in COLOURS
        assert set(path.attrib["d"]) <= set("0123456789.-MQhe+ ")
        assert 0 < float(path.attrib["stroke-width"]) < 100


@given(boards())
def test_every_stroke_begins_and_ends_where_its_pen_did(sent):
    for stroke, read in zip(sent["strokes"], read_board(sent).strokes, strict=True):
        paths = [path.attrib["d"] for path in parse(draw(Board(sent["height"], (read,)))).iter(f"{SVG}path")]
        points = stroke["points"]
        assert paths[0].startswith(f"M{points[0]} {points[1]}")
        if len(points) > 2:
            assert paths[-1].endswith(f" {points[-2]} {points[-1]}")


@given(anything)
def test_whatever_is_sent_is_a_board_or_is_refused(sent):
    try:
        board = read_board(sent)
    except BoardError:
        return
    parse(draw(board) or "<svg/>")


STROKE = {"colour": 0, "width": 1, "points": [1, 2, 3, 4]}


@pytest.mark.parametrize(
    "sent",
    [
        None,
        [],
        {},
        {"height": HEIGHT},
        {"height": HEIGHT, "strokes": [], "svg": "<svg onload='x'/>"},
        {"height": 1, "strokes": []},
        {"height": True, "strokes": []},
        {"height": float(HEIGHT), "strokes": []},
        {"height": MAX_HEIGHT + 1, "strokes": []},
        {"height": HEIGHT, "strokes": [STROKE] * (MAX_STROKES + 1)},
        {"height": HEIGHT, "strokes": [{**STROKE, "points": [0, 0] * 30_001}]},
        {"height": HEIGHT, "strokes": [{**STROKE, "points": [0, 0] * 20_000}] * 2},
        *(
            {"height": HEIGHT, "strokes": [{**STROKE, **change}]}
            for change in (
                {"colour": 5},
                {"colour": -1},
                {"colour": "0"},
                {"colour": True},
                {"width": 3},
                {"points": []},
                {"points": [1]},
                {"points": [1, 2, 3]},
                {"points": [1, -2]},
                {"points": [1, HEIGHT + 1]},
                {"points": [WIDTH + 1, 2]},
                {"points": [1.5, 2]},
                {"points": ["1", "2"]},
                {"points": [[1, 2]]},
                {"points": "1234"},
                {"pressures": [5]},
                {"pressures": [0, 5]},
                {"pressures": [5, 10]},
                {"pressures": None},
                {"class": "x"},
            )
        ),
        {"height": HEIGHT, "strokes": [{"colour": 0, "width": 1}]},
    ],
)
def test_what_is_not_exactly_a_board_is_refused(sent):
    with pytest.raises(BoardError):
        read_board(sent)


def test_a_dot_is_drawn_and_pressure_changes_the_width():
    dot = draw(read_board({"height": HEIGHT, "strokes": [{**STROKE, "points": [7, 9]}]}))
    assert 'd="M7 9h1"' in dot
    pressed = {**STROKE, "points": [0, 0, 10, 0, 20, 0], "pressures": [5, 5, 9]}
    root = parse(draw(read_board({"height": HEIGHT, "strokes": [pressed]})))
    light, heavy = root.iter(f"{SVG}path")
    assert float(light.attrib["stroke-width"]) == WIDTHS[1]
    assert float(heavy.attrib["stroke-width"]) > WIDTHS[1]
    assert light.attrib["d"].endswith("15 0")
    assert heavy.attrib["d"].startswith("M15 0")
