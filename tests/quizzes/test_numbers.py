"""Numbers as learners write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.domain.number_feedback import number_feedback
from quizzes.domain.numbers import MAX_NUMBER_LENGTH, NumberError, Tolerance, parse_number
from quizzes.domain.questions.numbers_asked import AskedNumber


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.5", 0.5), (".5", 0.5), ("-3", -3), ("+3", 3), ("1e-3", 1e-3), ("2.5E4", 25000), ("1/2", 0.5),
        ("50%", 0.5), ("12.5 %", 0.125), ("1,024", 1024), ("1,024,000", 1_024_000), ("1,024.5", 1024.5),
        ("1.024,5", 1024.5), ("1.024.000", 1_024_000), ("1 024", 1024), ("1'024", 1024), ("2^10", 1024),
        ("2**10", 1024), ("0,5", 0.5), ("3,14", 3.14), ("0,125", 0.125), ("-0,5", -0.5), ("10^-3", 1e-3),
        ("3 × 10⁻⁴", 3e-4), ("2.5·10^3", 2500), ("−2", -2), ("ln(2)/2", 0.34657359027997264), ("sqrt(2)/2", 0.5**0.5),
        ("-1/4", -0.25), ("2 bits", 2), ("2bits", 2), ("1 bit", 1), ("1x10^-3", 1e-3), ("1×10⁻³", 1e-3),
        ("1X10^3", 1000), ("1x10**-3", 1e-3), ("1.x10^-3", 1e-3), ("1,5 x 10^3", 1500), ("1x10⁻³", 1e-3),
        ("2.5 x 10^3", 2500), ("(1+2)/4", 0.75), ("0.5*e", 1.3591409142295225),
        ("e/2", 1.3591409142295225), ("2exp(1)", 5.43656365691809), ("1e+3", 1000), ("e", 2.718281828459045),
        ("7.", 7), ("1/3 bits", 1 / 3),
    ],
)  # fmt: skip
def test_a_number_may_be_written_in_many_ways(text, number):
    assert parse_number(text, "bits") == pytest.approx(number, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Write a number"), ("  ", "Write a number"), ("%", "Write a number"), ("half", "no number"),
        ("1,2,3", "more than one way"), ("1 1/2", "more than one way"), ("2½", "more than one way"),
        ("2.5 e-1", "more than one way"), ("1e", "not finished"), ("0.5e", "not finished"), ("7.E", "not finished"),
        ("1e-", "not finished"), ("1e+", "not finished"), ("1e - 3", "not finished"), ("(1e)/2", "not finished"),
        ("1e%", "not finished"), ("1.5.2", "more than one way"),
        ("3 4", "more than one way"), ("max(1,2)", "more than one way"),
        ("1,5.5,2", "more than one way"), ("1/0", "no finite number"),
        ("1e999", "no finite number"), ("inf", "no number"), ("nan", "no number"), ("0x10", "no number"),
        ("1" * (MAX_NUMBER_LENGTH + 1), "at most 100 characters"), ("__import__('os')", "no number"),
        ("9^9^9^9^9", "no finite number"), ("3 apples", "no number"),
        ("1x10-3", "lacks its sign"), ("2.5 × 10 - 3", "lacks its sign"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused_in_words(text, words):
    with pytest.raises(NumberError, match=words):
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("1 parameter", "parameters", 1), ("1 query", "queries", 1), ("3 queries", "queries", 3),
        ("1 bit per byte", "bits per byte", 1), ("2 bits per byte", "bits per byte", 2), ("45°", "degrees", 45),
        ("1 degree", "degrees", 1), ("25M", "million", 25), ("12 percent", "%", 12), ("12%", "%", 12),
        ("0.5 GiB", "GiB", 0.5), ("3 ms", "ms", 3), ("1 loss", "loss", 1),
    ],
)  # fmt: skip
def test_a_unit_may_stand_behind_its_number_one_in_the_singular(text, unit, number):
    assert parse_number(text, unit) == number


def test_another_unit_is_refused_with_the_one_asked_for():
    with pytest.raises(NumberError, match="asked for in GiB"):
        parse_number("3 GB", "GiB")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_survives_being_written_and_read(number):
    assert parse_number(repr(number)) == number


@given(st.integers(-(10**15), 10**15))
def test_thousands_may_be_grouped_by_commas_spaces_or_apostrophes(number):
    for mark in (",", " ", "'", "_"):
        assert parse_number(f"{number:,}".replace(",", mark)) == number


@given(st.text(max_size=MAX_NUMBER_LENGTH))
def test_any_text_is_a_finite_number_or_refused(text):
    try:
        number = parse_number(text, "GiB")
    except NumberError:
        return
    assert abs(number) < float("inf")


@pytest.mark.parametrize(
    ("tolerance", "near", "far", "told"),
    [
        (Tolerance(absolute=0.01), 2.01, 2.011, "within 0.01 of the exact value"),
        (Tolerance(relative=0.05), 2.1, 2.11, "within 5 % of the exact value"),
        (Tolerance(significant_figures=3), 2.005, 2.006, "to 3 significant figures"),
        (Tolerance(exact=True), 2.0, 2.0001, "given exactly"),
    ],
)
def test_a_tolerance_accepts_its_edge_and_nothing_beyond(tolerance, near, far, told):
    assert tolerance.accepts(near, 2.0)
    assert not tolerance.accepts(far, 2.0)
    assert not tolerance.accepts(float("nan"), 2.0)
    assert tolerance.describe() == told


@given(st.floats(-1e9, 1e9).filter(lambda x: abs(x) > 1e-6), st.integers(2, 6))
def test_rounding_to_the_figures_asked_for_is_right(answer, figures):
    assert Tolerance(significant_figures=figures).accepts(float(f"{answer:.{figures}g}"), answer)


@pytest.mark.parametrize(
    ("answer", "tolerance", "wrong"),
    [(10.5, Tolerance(absolute=0.5), 300.0), (10.5, Tolerance(absolute=0.5), 2.3),
     (0.0435, Tolerance(relative=0.01), 0.0803), (0.0012, Tolerance(relative=0.01), -0.0301)],
)  # fmt: skip
def test_what_is_far_off_is_not_called_near(answer, tolerance, wrong):
    assert "Near" not in number_feedback(wrong, answer, tolerance, [])


def test_what_is_near_is_called_near():
    assert "Near" in number_feedback(0.0447, 0.0435, Tolerance(relative=0.01), [])
    assert "Near" in number_feedback(9.2, 10.5, Tolerance(absolute=0.5), [])


@pytest.mark.parametrize(
    ("given", "answer", "unit", "said", "unsaid"),
    [
        (0.25, 25.0, "%", "a percentage was asked for", ""),
        (0.25, 25.0, "", "one hundredth", "percentage"),
        (0.25, 25.0, "tokens", "one hundredth", "percentage"),
        (25.0, 0.25, "", "perhaps a percentage", ""),
        (2500.0, 25.0, "GB", "a factor of 100", "percentage"),
        (200.0, 25.0, "GB", "bits and bytes", ""),
        (200.0, 25.0, "", "a factor of 8", "bytes"),
        (200.0, 25.0, "nats", "a factor of 8", "bytes"),
        (2.0 / 0.6931, 2.0, "nats", "nats and bits", "perhaps"),
        (2.0 / 0.6931, 2.0, "", "perhaps nats and bits", ""),
        (2.0 / 0.6931, 2.0, "ms", r"1/\ln 2", "bits"),
        (27.0, 25.146, "GiB", "GB and GiB", ""),
        (27.0, 25.146, "tokens", "1.024^3", "GiB"),
    ],
)
def test_no_cause_is_named_that_the_unit_rules_out(given, answer, unit, said, unsaid):
    feedback = number_feedback(given, answer, Tolerance(relative=0.01), [], unit)
    assert said in feedback
    assert not unsaid or unsaid not in feedback


def test_the_unit_of_a_question_reaches_its_feedback():
    asked = AskedNumber(25.0, Tolerance(relative=0.01), "tokens", [])
    assert asked.explain("200") == "Off by a factor of 8."
