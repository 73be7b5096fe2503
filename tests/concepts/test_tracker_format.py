"""The tracker's page as text, read and written."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concepts.domain.tracker import (
    KNOWN_SECTIONS,
    Fault,
    Tracker,
    TrackerConcept,
    TrackerSection,
    TrackerSubsection,
    format_tracker,
    parse_tracker,
)

PAGE = (Path(__file__).parent / "tracker_page.txt").read_bytes().decode()
PAGE_CONCEPT_LINES = [line for line in PAGE.split("\n") if line.startswith("  •")]
OPTIONAL_FIELDS = {
    "Formula": "formula",
    "Interview": "interview_question",
    "Resource": "resource_url",
    "Notes": "notes",
}
GRADIENT = TrackerConcept("MATH-012", "Gradient", "High", "Not Started", 1)
GRADIENT_LINE = "• MATH-012 Gradient (High, Not Started, Week 1)"


def concepts_of(tracker: Tracker) -> list[TrackerConcept]:
    return [c for section in tracker.sections for sub in section.subsections for c in sub.concepts]


def calculus(*concepts: TrackerConcept, name: str = "Calculus") -> Tracker:
    return Tracker((TrackerSection("Math", (TrackerSubsection(name, concepts),)),))


def page_with(*lines: str) -> str:
    """A page whose lines begin at line 5, under Math, Calculus."""
    return "\n".join(["Math", "", "Calculus", "", *lines])


def read_line(line: str) -> TrackerConcept:
    parsed = parse_tracker(page_with(line))
    assert parsed.faults == ()
    (concept,) = concepts_of(parsed.tracker)
    return concept


# The real page


def test_the_real_page_is_read_without_faults_in_its_order() -> None:
    parsed = parse_tracker(PAGE)
    assert parsed.faults == ()
    assert tuple(section.name for section in parsed.tracker.sections) == KNOWN_SECTIONS
    assert [len(section.subsections) for section in parsed.tracker.sections] == [3, 7, 10, 4, 2, 5]
    codes = [line.split()[1] for line in PAGE_CONCEPT_LINES]
    assert len(codes) == 41
    assert [concept.code for concept in concepts_of(parsed.tracker)] == codes


def test_the_real_page_keeps_its_empty_subsections_and_its_repeated_names_apart() -> None:
    sections = {section.name: section for section in parse_tracker(PAGE).tracker.sections}
    assert sections["NLP"].subsections == tuple(
        TrackerSubsection(name) for name in ("Decoding", "Embeddings", "Metrics", "Preprocessing")
    )
    optimization = {
        name: [concept.code for concept in subsection.concepts]
        for name, section in sections.items()
        for subsection in section.subsections
        if subsection.name == "Optimization"
    }
    assert optimization == {
        "Classical ML": ["ML-003"],
        "Deep Learning": ["DL-011", "DL-012"],
        "ML Systems": [],
    }
    assert sections["Deep Learning"].subsections[-1].name == "Transformer"


def test_a_line_of_the_real_page_is_read_word_for_word() -> None:
    concepts = {concept.code: concept for concept in concepts_of(parse_tracker(PAGE).tracker)}
    assert concepts["MATH-001"] == TrackerConcept(
        code="MATH-001",
        name="Dot Product",
        priority="High",
        status="Not Started",
        week=1,
        formula="a·b = Σ(aᵢ×bᵢ) = |a||b|cos(θ)",
        interview_question="What is the geometric interpretation of dot product?",
        resource_url="https://www.youtube.com/watch?v=LyGKycYT2v0",
        notes="Measures similarity between vectors",
    )


def test_the_real_page_is_written_back_byte_for_byte() -> None:
    written = format_tracker(parse_tracker(PAGE).tracker)
    assert [line for line in written.split("\n") if line.startswith("  •")] == PAGE_CONCEPT_LINES
    assert written == PAGE[PAGE.index("\nMath\n") + 1 : PAGE.index("\nComments\n")]


@given(
    looks=st.lists(
        st.tuples(
            st.sampled_from(["", " ", "  ", "\t", "\t  ", "\N{NO-BREAK SPACE} "]),
            st.sampled_from(["• ", "•", "- ", "* ", "*\t", "-\N{NO-BREAK SPACE}", ""]),
            st.sampled_from(["", " ", "\t"]),
        ),
        min_size=1,
        max_size=9,
    ),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    byte_order_mark=st.sampled_from(["", "\N{ZERO WIDTH NO-BREAK SPACE}"]),
)
def test_bullets_indentation_and_line_ends_change_nothing(
    looks: list[tuple[str, str, str]], line_end: str, byte_order_mark: str
) -> None:
    lines = []
    for number, line in enumerate(PAGE.split("\n")):
        indent, bullet, trailing = looks[number % len(looks)]
        body = f"{bullet}{line.strip()[2:]}" if line.startswith("  •") else line.strip()
        lines.append(f"{indent}{body}{trailing}")
    assert parse_tracker(byte_order_mark + line_end.join(lines)) == parse_tracker(PAGE)


# Headings


@pytest.mark.parametrize("heading", ["math", "MATH:", "# Math", "## Math ##", "###Math: ", "\tMath :"])
def test_a_section_is_known_by_its_name_whatever_its_case_and_marks(heading: str) -> None:
    parsed = parse_tracker(f"{heading}\n## Calculus:\n{GRADIENT_LINE}")
    assert parsed.faults == ()
    assert parsed.tracker == calculus(GRADIENT)


def test_a_section_is_known_however_its_words_are_spaced() -> None:
    parsed = parse_tracker("Deep\N{NO-BREAK SPACE} learning")
    assert parsed.tracker == Tracker((TrackerSection("Deep Learning"),))


@pytest.mark.parametrize("heading", ["## Calculus", "Calculus :", "# Calculus: ##", "\tCalculus:\t"])
def test_a_subsection_is_named_without_marks(heading: str) -> None:
    assert parse_tracker(f"Math\n{heading}\n{GRADIENT_LINE}").tracker == calculus(GRADIENT)


@pytest.mark.parametrize("name", ["A-1st steps", "Attention (Week 6)", "Loss (MSE, MAE)", "f :: g"])
def test_a_heading_that_only_resembles_a_concept_is_a_subsection(name: str) -> None:
    parsed = parse_tracker(f"Math\n{name}\n{GRADIENT_LINE}")
    assert (parsed.tracker, parsed.faults) == (calculus(GRADIENT, name=name), ())


def test_a_subsection_keeps_its_own_spelling() -> None:
    assert parse_tracker(f"Math\nC#\n{GRADIENT_LINE}").tracker == calculus(GRADIENT, name="C#")


def test_the_caller_can_name_other_sections() -> None:
    tracker = Tracker((TrackerSection("Statistics", (TrackerSubsection("Math", (GRADIENT,)),)),))
    page = format_tracker(tracker, sections=["Statistics"])
    assert parse_tracker(page, sections=["Statistics"]).tracker == tracker


def test_a_heading_that_comes_again_continues_the_first() -> None:
    chain_rule = replace(GRADIENT, code="MATH-011")
    page = f"Math\nCalculus\n{GRADIENT_LINE}\nNLP\nmath\ncalculus\n{GRADIENT_LINE.replace('012', '011')}"
    parsed = parse_tracker(page)
    assert parsed.faults == ()
    assert parsed.tracker == Tracker((*calculus(GRADIENT, chain_rule).sections, TrackerSection("NLP")))


def test_rules_and_blank_lines_are_passed_over() -> None:
    page = f"Math\n====\n\n \t\nCalculus\n---\n* * *\n###\n{GRADIENT_LINE}"
    assert parse_tracker(page).tracker == calculus(GRADIENT)
    assert parse_tracker(page).faults == ()


def test_what_stands_before_the_first_section_is_passed_over() -> None:
    preamble = "Concepts Tracker (ML Fundamentals)\n\n• a link\n- another\nRelated:\n"
    parsed = parse_tracker(preamble + page_with(GRADIENT_LINE))
    assert (parsed.tracker, parsed.faults) == (calculus(GRADIENT), ())


@pytest.mark.parametrize("heading", ["Comments", "## comments:"])
def test_the_footer_is_passed_over(heading: str) -> None:
    footer = f"{heading}\n\nShare your approach\n• a bullet\n0 comments\nNLP\n"
    parsed = parse_tracker(page_with(GRADIENT_LINE, "", footer))
    assert (parsed.tracker, parsed.faults) == (calculus(GRADIENT), ())


def test_a_comments_heading_with_a_concept_after_it_is_a_subsection() -> None:
    page = f"Math\nComments\n{GRADIENT_LINE}\nComments\nSign in to post"
    assert parse_tracker(page).tracker == calculus(GRADIENT, name="Comments")


def test_a_section_named_comments_is_no_footer() -> None:
    tracker = Tracker((TrackerSection("Comments", (TrackerSubsection("A"),)),))
    assert parse_tracker("Comments\nA", sections=["Comments"]).tracker == tracker


def test_a_page_without_concepts_is_empty() -> None:
    assert parse_tracker("").tracker == parse_tracker("<html>\nnothing here\n</html>").tracker == Tracker()
    assert format_tracker(Tracker()) == ""


# Concept lines


@given(chosen=st.permutations(list(OPTIONAL_FIELDS)), count=st.integers(0, len(OPTIONAL_FIELDS)))
def test_optional_fields_may_stand_in_any_order_and_be_left_out(chosen: list[str], count: int) -> None:
    line = GRADIENT_LINE + "".join(f" :: {label}: the {label}" for label in chosen[:count])
    values: dict[str, Any] = {OPTIONAL_FIELDS[label]: f"the {label}" for label in chosen[:count]}
    assert read_line(line) == replace(GRADIENT, **values)


@pytest.mark.parametrize(
    ("words", "priority", "status", "week"),
    [
        ("high, not started, week 1", "High", "Not Started", 1),
        ("MEDIUM,LEARNING,WEEK 12", "Medium", "Learning", 12),
        ("Low, In  Progress, Week 03", "Low", "Learning", 3),
        ("Low, Mastered, Week 9999", "Low", "Mastered", 9999),
        ("Week 2, mastered, high", "High", "Mastered", 2),
    ],
)
def test_priority_status_and_week_are_read_however_they_are_written(
    words: str, priority: str, status: str, week: int
) -> None:
    read = read_line(f"• MATH-012 Gradient ({words})")
    assert read == replace(GRADIENT, priority=priority, status=status, week=week)


@pytest.mark.parametrize(
    "name",
    [
        "Positive (Semi)definite Matrices",
        "(0, 1) loss",
        "A (High, Low, Week 9)",
        "f :: g",
    ],
)
def test_a_name_may_have_parentheses_and_colons(name: str) -> None:
    assert read_line(f"• MATH-012 {name} (High, Not Started, Week 1) :: Notes: n").name == name


@pytest.mark.parametrize(
    "value",
    [
        "a :: b",
        "a::Notes: b",
        "a ::Notes: b",
        "a:: Notes: b",
        "x :: int: y",
        "x :: Vector::new",
        "(a) | b) (High, Mastered, Week 2)",
        "::",
        "ŷ\N{NO-BREAK SPACE}→\N{LINE SEPARATOR}ℝ",
    ],
)
def test_a_value_keeps_colons_parentheses_pipes_and_any_letter(value: str) -> None:
    read = read_line(f"{GRADIENT_LINE} :: Formula:  {value}\t:: Notes: n")
    assert (read.formula, read.notes) == (value, "n")


@pytest.mark.parametrize("mark", ["", "# "])
def test_a_line_that_begins_with_a_code_is_a_concept_without_a_bullet(mark: str) -> None:
    parsed = parse_tracker(page_with(mark + GRADIENT_LINE[2:]))
    assert (parsed.tracker, parsed.faults) == (calculus(GRADIENT), ())


# Faults

NO_DETAILS = "no '(Priority, Status, Week N)' at the end or before the first field"
NO_CODE = "no code such as MATH-011 (capitals or digits, hyphen, digits) at the start"
NO_NAME = "no name between the code and '(Priority, Status, Week N)'"
NO_PRIORITY = "no priority (High, Medium or Low)"
NO_STATUS = "no status (Not Started, Learning or Mastered)"
NO_WEEK = "no week (Week 1 to Week 9999)"
UNKNOWN_FIELD = "(the fields are Formula, Interview, Resource, Notes)"
NO_HEADING = "neither a concept, which begins with a code such as MATH-011, nor a heading"


@pytest.mark.parametrize(
    ("line", "problems"),
    [
        ("• A-1 N (Learning, Week 1)", [f"{NO_PRIORITY} in '(Learning, Week 1)'"]),
        ("• A-1 N (Urgent, Learning, Week 1)", [f"{NO_PRIORITY} in '(Urgent, Learning, Week 1)'"]),
        ("• A-1 N (High, Week 1)", [f"{NO_STATUS} in '(High, Week 1)'"]),
        ("• A-1 N (High, Paused, Week 1)", [f"{NO_STATUS} in '(High, Paused, Week 1)'"]),
        ("• A-1 N (High, Learning)", [f"{NO_WEEK} in '(High, Learning)'"]),
        ("• A-1 N (High, Learning, Week 0)", [f"{NO_WEEK} in '(High, Learning, Week 0)'"]),
        ("• A-1 N (High, Learning, Week -1)", [f"{NO_WEEK} in '(High, Learning, Week -1)'"]),
        ("• A-1 N (High, Learning, Week 1.5)", [f"{NO_WEEK} in '(High, Learning, Week 1.5)'"]),
        ("• A-1 N (High, Learning, Week one)", [f"{NO_WEEK} in '(High, Learning, Week one)'"]),
        ("• A-1 N (High, Learning, Week 10000)", [f"{NO_WEEK} in '(High, Learning, Week 10000)'"]),
        ("• A-1 N (Low, Low, Learning, Week 1)", ["'Low' does not belong in '(Low, Low, Learning, Week 1)'"]),
        ("• A-1 N", [NO_DETAILS]),
        ("• A-1 N (High, Learning, Week 1) and more :: Notes: n", [NO_DETAILS]),
        ("• A-1 N (High, Learning, Week 1 (or 2))", [NO_DETAILS]),
        ("• A-1 N (High, Learning, Week 1 :: Notes: n", [NO_DETAILS]),
        ("• Gradient (High, Learning, Week 1)", [f"{NO_CODE}, but 'Gradient'"]),
        ("Gradient (High, Learning, Week 1)", [f"{NO_CODE}, but 'Gradient'"]),
        ("• a-1 N (High, Learning, Week 1)", [f"{NO_CODE}, but 'a-1'"]),
        ("• A1 N (High, Learning, Week 1)", [f"{NO_CODE}, but 'A1'"]),
        ("• 12-1 N (High, Learning, Week 1)", [f"{NO_CODE}, but '12-1'"]),
        ("• A-1: N (High, Learning, Week 1)", [f"{NO_CODE}, but 'A-1:'"]),
        ("• A-1 (High, Learning, Week 1)", [NO_NAME]),
        ("• (High, Learning, Week 1)", [NO_CODE, NO_NAME]),
        (
            "• A-1 N (High, Learning, Week 1) :: Notes: x :: Hint: y",
            [f"unknown field 'Hint:' {UNKNOWN_FIELD}"],
        ),
        ("• A-1 N (High, Learning, Week 1) :: NOTES: y", [f"unknown field 'NOTES:' {UNKNOWN_FIELD}"]),
        ("• A-1 N (High, Learning, Week 1) :: Notes: x :: Notes: y", ["the field 'Notes:' stands twice"]),
        ("• A-1 N (High, Learning, Week 1) :: Notes: :: Notes: y", ["the field 'Notes:' stands twice"]),
        ("• just a remark", [NO_HEADING]),
        ("**Bold**", [NO_HEADING]),
        ("-", [NO_HEADING]),
        ("GPT-2 Models", [NO_DETAILS]),
        ("gradient :: Notes: n", [f"{NO_CODE}, but 'gradient'", NO_DETAILS]),
        ("Two : :", [NO_HEADING]),
        (
            "• a (Urgent, Week 0) :: Hint: x",
            [
                f"unknown field 'Hint:' {UNKNOWN_FIELD}",
                f"{NO_CODE}, but 'a'",
                f"{NO_PRIORITY} in '(Urgent, Week 0)'",
                f"{NO_STATUS} in '(Urgent, Week 0)'",
                f"{NO_WEEK} in '(Urgent, Week 0)'",
            ],
        ),
    ],
)
def test_a_wrong_line_is_left_out_and_all_its_faults_are_named(line: str, problems: list[str]) -> None:
    parsed = parse_tracker(page_with(line, GRADIENT_LINE))
    assert parsed.faults == tuple(Fault(5, line, problem) for problem in problems)
    assert parsed.tracker == calculus(GRADIENT)


def test_a_fault_says_its_line_what_is_wrong_and_a_right_line() -> None:
    said = str(Fault(7, "• a", "no code"))
    assert said.startswith("line 7: no code. A right line: •")
    example = read_line(said.partition("A right line: ")[2])
    assert (example.code, example.week, bool(example.formula and example.notes)) == ("MATH-011", 1, True)


def test_a_code_that_stands_twice_names_its_first_line_even_a_faulty_one() -> None:
    faulty = "• MATH-012 Gradient (High, Not Started, Week 0)"
    parsed = parse_tracker(page_with("• A-1 N (Low, Mastered, Week 1)", faulty, "Algebra", GRADIENT_LINE))
    assert [fault.line_number for fault in parsed.faults] == [6, 8]
    assert parsed.faults[1] == Fault(8, GRADIENT_LINE, "the code MATH-012 stands twice, first at line 6")
    assert [concept.code for concept in concepts_of(parsed.tracker)] == ["A-1"]


def test_a_concept_before_any_subsection_is_a_fault() -> None:
    problem = "a concept before the first sub-section of NLP"
    parsed = parse_tracker(page_with("", "NLP", GRADIENT_LINE))
    assert parsed.faults == (Fault(7, GRADIENT_LINE, problem),)
    assert concepts_of(parsed.tracker) == []


def test_a_concept_before_any_section_is_a_fault_that_names_the_sections() -> None:
    parsed = parse_tracker(f"Statistics\n{GRADIENT_LINE}\nMath", sections=["Math", "NLP"])
    problem = "a concept before the first section; the sections are Math, NLP"
    assert parsed.faults == (Fault(2, GRADIENT_LINE, problem),)


def test_all_faults_of_a_page_are_collected_by_line() -> None:
    page = page_with("• remark", GRADIENT_LINE, "• A-1 N", "• A-1 N (Low, Learning, Week 1)", "Loss", "• x")
    for line_end in ("\n", "\r\n", "\r"):
        faults = parse_tracker(page.replace("\n", line_end)).faults
        assert [fault.line_number for fault in faults] == [5, 7, 8, 10]


# Writing


def test_empty_fields_are_left_out_of_the_line() -> None:
    concept = replace(GRADIENT, notes="n")
    assert format_tracker(calculus(concept)) == f"Math\n\nCalculus\n\n  {GRADIENT_LINE} :: Notes: n\n"


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("code", "math-1", "'math-1' would not be read back the same"),
        ("name", "", "'' would not be read back the same"),
        ("name", "a :: Notes: b", "'a :: Notes: b' would not be read back the same"),
        ("priority", "high", "'high' would not be read back the same"),
        ("status", "In Progress", "'In Progress' would not be read back the same"),
        ("week", 0, "0 would not be read back the same"),
        ("week", 10_000, "10000 would not be read back the same"),
        ("formula", "a\nb", r"'a\nb' contains a line break"),
        ("formula", "a\rb", r"'a\rb' contains a line break"),
        ("formula", " a", "' a' begins or ends with a space"),
        ("notes", "a\N{NO-BREAK SPACE}", r"'a\xa0' begins or ends with a space"),
        ("interview_question", "a :: Resource: b", "'a :: Resource: b' would not be read back the same"),
        ("interview_question", "a :: Interview: b", "'a :: Interview: b' would not be read back the same"),
        ("resource_url", ":: Notes: b", "':: Notes: b' would not be read back the same"),
        ("notes", "a\t:: Hint: b", r"'a\t:: Hint: b' would not be read back the same"),
    ],
)
def test_a_value_that_would_not_be_read_back_is_refused(field: str, value: str | int, problem: str) -> None:
    concept = replace(GRADIENT, **{field: value})  # type: ignore[arg-type]  # mypy cannot match field and value
    with pytest.raises(ValueError, match=f"^{re.escape(f'concept {concept.code}: {field} {problem}')}$"):
        format_tracker(calculus(concept))


@pytest.mark.parametrize(
    "name",
    [
        *["", " A", "A:", "Two : :", "a\nb", "# A", "A #", "- A", "•", "===", "NLP", "math", "GPT-2"],
        *["f :: Notes: x", "N (High, Week 1)", "\N{ZERO WIDTH NO-BREAK SPACE}A"],
    ],
)
def test_a_subsection_that_would_not_be_read_back_is_refused(name: str) -> None:
    problem = f"Math: sub-section {name!r} would not be read back the same"
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}$"):
        format_tracker(calculus(name=name))


@pytest.mark.parametrize("name", ["Statistics", "math", "Math:", "Math\n", ""])
def test_a_section_that_is_not_known_is_refused(name: str) -> None:
    problem = f"section {name!r} is none of Math, NLP"
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}$"):
        format_tracker(Tracker((TrackerSection(name),)), sections=["Math", "NLP"])


@pytest.mark.parametrize("name", ["---", "A:", "A-1 b"])
def test_a_section_that_would_not_be_read_back_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"^section '{name}' would not be read back the same$"):
        format_tracker(Tracker((TrackerSection(name),)), sections=[name])


def test_a_comments_subsection_is_refused_where_it_would_be_read_as_the_footer() -> None:
    with pytest.raises(ValueError, match=r"^sub-section 'Comments' with no concept after it"):
        format_tracker(calculus(name="Comments"))
    concept_after_it = TrackerSection("NLP", calculus(GRADIENT).sections[0].subsections)
    tracker = Tracker((*calculus(name="Comments").sections, concept_after_it))
    assert parse_tracker(format_tracker(tracker)).tracker == tracker


@pytest.mark.parametrize(
    ("tracker", "problem"),
    [
        (Tracker(calculus().sections * 2), "section 'Math' stands twice"),
        (
            Tracker((TrackerSection("Math", (TrackerSubsection("A"), TrackerSubsection("a"))),)),
            "Math: sub-section 'A' stands twice",
        ),
        (calculus(GRADIENT, GRADIENT), "concept MATH-012: code stands twice"),
    ],
)
def test_what_stands_twice_is_refused(tracker: Tracker, problem: str) -> None:
    with pytest.raises(ValueError, match=f"^{problem}$"):
        format_tracker(tracker)


# Any tracker, any page

LABEL = re.compile(r"\s::\s+[A-Z][\w-]*:")
PIECES = [
    *"()|•-λ∑\N{NO-BREAK SPACE}\N{LINE SEPARATOR}",
    "::",
    " :: ",
    ", ",
    "Notes:",
    "Week 2",
    "High",
    "A-1",
]
words = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=12),
    st.lists(st.sampled_from(PIECES) | st.text("ab 1", max_size=3), max_size=8).map("".join),
)
values = words.map(str.strip).filter(lambda value: not LABEL.search(f" {value}"))
subsection_names = st.one_of(
    st.sampled_from(["C#", "C++", "Comments on (a, b)", "Calculus", "a :: b", "2-D", "Straße", "Ÿ"]),
    st.text("abcXYZ ()&/'é∇1", min_size=1, max_size=8).map(lambda name: name.strip() or "N"),
)


@st.composite
def trackers(draw: st.DrawFn) -> Tracker:
    """Any tracker that a page can hold."""
    code = st.from_regex(r"[0-9]?[A-Z][A-Z0-9]{0,4}-[0-9]{1,3}", fullmatch=True)
    codes = draw(st.lists(code, unique=True, max_size=8))
    concepts = [
        TrackerConcept(
            code,
            draw(values) or "N",
            draw(st.sampled_from(["High", "Medium", "Low"])),
            draw(st.sampled_from(["Not Started", "Learning", "Mastered"])),
            draw(st.integers(1, 9999)),
            *draw(st.tuples(values, values, values, values)),
        )
        for code in codes
    ]
    names = st.lists(subsection_names, max_size=4, unique_by=lambda name: tuple(name.casefold().split()))
    sections = []
    for section in draw(st.lists(st.sampled_from(KNOWN_SECTIONS), unique=True)):
        subsections = []
        for name in draw(names):
            cut = draw(st.integers(0, len(concepts)))
            subsections.append(TrackerSubsection(name, tuple(concepts[:cut])))
            concepts = concepts[cut:]
        sections.append(TrackerSection(section, tuple(subsections)))
    return Tracker(tuple(sections))


@given(trackers())
def test_every_tracker_that_is_written_is_read_back_exactly(tracker: Tracker) -> None:
    parsed = parse_tracker(format_tracker(tracker))
    assert parsed.faults == ()
    assert parsed.tracker == tracker


def test_empty_sections_and_subsections_are_read_back() -> None:
    math = TrackerSection("Math", (TrackerSubsection("A"), TrackerSubsection("B")))
    tracker = Tracker((TrackerSection("NLP"), math))
    assert format_tracker(tracker) == "NLP\n\nMath\n\nA\n\nB\n"
    assert parse_tracker(format_tracker(tracker)).tracker == tracker


page_lines = st.lists(
    st.sampled_from(["Math", "nlp:", "Calculus", "## Loss", "---", "- x", "", GRADIENT_LINE])
    | st.sampled_from(PAGE_CONCEPT_LINES)
    | st.builds("{} ({}, {}, {}){}".format, words, words, words, words, words)
    | st.builds("{}A-{} n (High, Mastered, Week 2){}".format, words, st.integers(0, 99), words)
    | st.builds("• A-{} {} (Low, Mastered, Week 2) :: Notes: {}".format, st.integers(0, 99), words, words)
    | words,
    max_size=12,
)


@given(page_lines, st.sampled_from(["\n", "\r\n", "\r"]))
def test_any_text_is_read_and_what_is_read_without_faults_can_be_written(lines: list[str], end: str) -> None:
    text = end.join(["Math", "Calculus", *lines, PAGE_CONCEPT_LINES[-1]])
    parsed = parse_tracker(text)
    for fault in parsed.faults:
        assert text.split(end)[fault.line_number - 1] == fault.line
    if not parsed.faults:
        assert parse_tracker(format_tracker(parsed.tracker)) == parsed
