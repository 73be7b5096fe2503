"""What a failing test says: words about the returned value, whatever its kind and shape."""

import sys
import types
import unittest
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from django.conf import settings

from quizzes.domain.exercises import checks
from quizzes.domain.exercises.checks import ExerciseTestCase, numerical_gradient
from quizzes.domain.exercises.files import names_tested
from quizzes.domain.exercises.misuse import in_words
from quizzes.exercises.running import sandbox
from quizzes.exercises.shelf import ExerciseShelf, sheets_in
from tests.factories import EXERCISE_TESTS

case = ExerciseTestCase()


def unpack(value: Any) -> None:
    _, _ = value


NOTHING: Any = None
NUMBER: Any = 0.5
PAIR: Any = (1, 2)
NUMBERS: Any = [1, 2]
NAMED: Any = {"v": 1}

TAKEN_APART: dict[str, tuple[Callable[[], object], str]] = {
    "nothing unpacked": (lambda: unpack(NOTHING), "Is a `return` missing"),
    "nothing in a sum": (lambda: NOTHING + 1.0, "Is a `return` missing"),
    "one of two": (lambda: unpack((1,)), "returned 1 value(s) where 2 were expected"),
    "three of two": (lambda: unpack((1, 2, 3)), "more values than the 2 expected"),
    "a number unpacked": (lambda: unpack(NUMBER), "a single value (float) where several"),
    "no such entry": (lambda: NAMED["m"], "has no entry 'm'"),
    "a tuple for an array": (lambda: PAIR.shape, "of kind tuple, which has no `shape`"),
    "a number indexed": (lambda: NUMBER[0], "a single value (float) where an array"),
    "a list for a dictionary": (lambda: NUMBERS["m"], "where a dictionary was expected"),
    "shapes in a sum": (lambda: np.zeros((2, 3)) + np.zeros(2), "(2,3) (2,) do not fit together"),
    "shapes in a product": (lambda: np.zeros((2, 3)) @ np.zeros((2, 3)), "meets the sizes 2 and 3"),
    "ragged": (lambda: np.asarray([[1, 2], [3]], dtype=float), "values of different shapes"),
    "too few axes": (lambda: np.zeros(3)[0, 0], "fewer axes or entries than expected"),
    "nothing to look at": (lambda: max([]), "the test found no values"),
    "an array as a condition": (lambda: bool(np.zeros(2)), "where a single value was expected"),
    "a dictionary as a number": (lambda: float(NAMED), "of kind dict where a single number"),
    "texts in a sum": (lambda: np.array(["a"]) - np.ones(1), "cannot be computed with"),
    "other arguments": (lambda: unpack(*NUMBERS), "does not take the arguments"),
    "anything else": (lambda: np.linalg.inv(np.zeros((2, 2))), "could not go on with what your function returned"),
}


@pytest.mark.parametrize("what", TAKEN_APART)
def test_a_value_that_cannot_be_taken_apart_is_told_in_words(what):
    call, words = TAKEN_APART[what]
    with pytest.raises(Exception) as caught:  # noqa: PT011 (whatever Python and numpy raise)
        call()
    assert words in in_words(caught.value)


ODD_VALUES = (None, "x", {}, (np.zeros(3), np.zeros((2, 2))), [[1, 2], [3]], np.zeros((2, 3, 5)), np.zeros(0), 0.5)


@pytest.mark.parametrize("value", ODD_VALUES, ids=repr)
def test_assertions_say_in_words_what_any_value_is(value):
    calls: list[Callable[[], None]] = [
        lambda: case.assert_close(value, np.ones((2, 2))),
        lambda: case.assert_shape(value, (7, 7)),
        lambda: case.assert_same(value, [1, 2]),
        lambda: case.assert_same(value, {"a": np.ones(2)}),
        lambda: case.assert_gradient(lambda x: float(x.sum()), np.ones(4), value),
        lambda: case.assert_gradient(lambda x: value, np.ones(4), np.full(4, 9.0)),
        lambda: case.assert_unchanged(value, np.ones((2, 2))),
    ]
    for call in calls:
        with pytest.raises(AssertionError):
            call()


def test_equal_values_with_arrays_inside_are_equal():
    case.assert_same({"m": np.ones(2), "t": 1}, {"m": np.ones(2), "t": 1})
    case.assert_same((np.ones(2), "a"), (np.ones(2), "a"))
    case.assert_same({"epoch": np.int64(3), "stop": np.True_}, {"epoch": 3, "stop": True})
    case.assert_unchanged([np.ones(2), np.ones(3)], [np.ones(2), np.ones(3)])
    assert numerical_gradient(lambda x: (x**2).sum(keepdims=True), np.ones(2)) == pytest.approx([2, 2])
    with pytest.raises(AssertionError):
        case.assert_same((np.ones(2), "a"), (np.ones(3), "a"))


def test_every_exercise_tells_in_words_that_nothing_was_returned():
    """All of the library's tests, with functions that return None: no error of a test's own line is left unsaid."""
    shelf = ExerciseShelf()
    sheets = sheets_in({path: shelf.read(path) for path in shelf.paths(settings.LIBRARY_DIR)})
    unsaid = []
    for sheet in sheets:
        for name, error in errors_with(sheet.tests, lambda *values, **named: None):
            said = in_words(error)
            if "could not go on" in said:
                unsaid.append(f"{sheet.slug} {name}: {said}")
    assert unsaid == []


def errors_with(tests: str, function: Callable[..., object]) -> Iterator[tuple[str, BaseException]]:
    """What the tests raise, other than failed assertions, where every function is `function`."""
    exercise, module = types.ModuleType("exercise"), types.ModuleType("tests_of_exercise")
    vars(exercise).update(dict.fromkeys(names_tested(tests), function))
    result = Errors()
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patch.setitem(sys.modules, "checks", checks)
        patch.setitem(sys.modules, "exercise", exercise)
        exec(compile(tests, "tests.py", "exec"), vars(module))
        unittest.defaultTestLoader.loadTestsFromModule(module).run(result)
    yield from result.found


class Errors(unittest.TestResult):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, BaseException]] = []

    def addError(self, test: unittest.TestCase, err: Any) -> None:  # noqa: N802 (unittest's name)
        self.found.append((test.id(), err[1]))


def test_in_the_sandbox_a_tests_own_error_is_a_failure_in_words_and_the_learners_says_where():
    unpacking = EXERCISE_TESTS.replace('self.assert_close(double(2), 4, what="double(2)")', "one, two = double(2)")
    result: Any = sandbox().run(id="words", code="def double(x):\n    return 2.0 * x\n", tests=unpacking, wait=60)
    first = next(test for test in result["tests"] if test["name"] == "test_two")
    assert first["outcome"] == "failed"
    assert first["message"].startswith("Your function returned a single value (float) where several were expected")
    own: Any = sandbox().run(id="own", code="def double(x):\n    return x['a']\n", tests=EXERCISE_TESTS, wait=60)
    assert own["tests"][0]["outcome"] == "error"
    assert "line 2" in own["tests"][0]["message"]
