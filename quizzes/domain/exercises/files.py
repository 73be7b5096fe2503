"""The files of an exercise, and the folder of a topic that runs on one's own machine."""

import ast
import re
import textwrap
from dataclasses import dataclass
from functools import partial

_HINT = re.compile(r"^\s*Hint (\d): (.+)$")
_CAUGHT = re.compile(r'"""(?P<what>.+?)\s*Caught by: (?P<tests>[\w, ]+)"""', re.DOTALL)
_PICTURE = re.compile(r"\]\((?P<kind>figure|diagram):(?P<name>\w+)\)")
_ITEM = re.compile(r"\s*(?:[-*]|\d+\.) +")
_WRAPPER = partial(textwrap.TextWrapper, 88, break_long_words=False, break_on_hyphens=False)
_SECOND = re.compile(r"^def (\w+)_second_approach\b", re.MULTILINE)
_NOT_CODE = re.compile(r'''""".*?"""|\'{3}.*?\'{3}|#[^\n]*|\bpass\b|\s+''', re.DOTALL)
_IMPORTS_OF_TESTS = re.compile(r"^(from checks import .+|from exercise import .+|import numpy as np)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class WrongSolution:
    """Code that a learner would plausibly write, what is wrong with it, and the tests that must catch it."""

    name: str
    code: str
    what: str
    caught_by: tuple[str, ...]


def split_hints(stub: str) -> tuple[str, list[str]]:
    """The stub without its hints, and the hints by step.

    Where a stub has several functions, the hints of one step stand together.
    """
    kept, steps = [], {1: [], 2: [], 3: []}  # type: ignore[var-annotated]
    for line in stub.splitlines():
        hint = _HINT.match(line)
        if hint and int(hint[1]) in steps:
            steps[int(hint[1])].append(hint[2].strip())
        else:
            kept.append(line)
    code = re.sub(r'\n\s*\n(\s*""")', r"\n\1", "\n".join(kept)) + "\n"
    return code, ["\n\n".join(hints) for hints in steps.values() if hints]


def documented(stub: str, name: str, statement: str) -> str:
    """The stub with the statement (Markdown) in the docstring of `name`, after its first sentence.

    So the file alone says all that the tests ask for. The docstring becomes a raw one: formulas have backslashes.
    """
    lines = stub.splitlines()
    nodes = [item for item in ast.parse(stub).body if isinstance(item, ast.FunctionDef | ast.ClassDef)]
    node = next(item for item in nodes if item.name == name)
    first, last = node.body[0].lineno - 1, (node.body[0].end_lineno or node.body[0].lineno) - 1
    at = next((row for row in range(first, last) if not lines[row].strip()), last)
    text = textwrap.indent(_wrapped(statement.replace('"' * 3, "'" * 3)), "    ").splitlines()
    lines[first] = lines[first].replace('"' * 3, "r" + '"' * 3, 1)
    return "\n".join([*lines[:at], "", *text, *lines[at:]]) + "\n"


def _wrapped(markdown: str) -> str:
    """Markdown in lines of at most 88 characters; code, tables and displayed formulas stay as they are."""
    lines: list[str] = []
    is_fixed = False
    for line in markdown.strip().splitlines():
        is_mark = line.lstrip().startswith(("```", "$$"))
        if is_mark or is_fixed or line.startswith(("|", "    ")):
            lines.append(line)
        else:
            item = _ITEM.match(line)
            lines += _WRAPPER(subsequent_indent=" " * len(item[0]) if item else "").wrap(line) or [""]
        is_fixed ^= is_mark and line.count("$$") != 2
    return "\n".join(lines)


def read_wrong(name: str, code: str) -> WrongSolution:
    """A wrong solution from its file. Raises ValueError where the first line does not say what is wrong."""
    stated = _CAUGHT.match(code)
    if stated is None:
        raise ValueError('the first line must be """What is wrong. Caught by: test_name"""')
    tests = tuple(name.strip() for name in stated["tests"].split(",") if name.strip())
    return WrongSolution(name, code, " ".join(stated["what"].split()), tests)


def is_untouched(code: str, stub: str) -> bool:
    """Whether nothing but remarks and space tells the code from the stub. By text: no learner's code is parsed here."""
    return _NOT_CODE.sub("", code) == _NOT_CODE.sub("", stub)


def second_approaches(solution: str) -> str:
    """The solution with its second approaches in the place of the first; empty where it has none."""
    names = _SECOND.findall(solution)
    swaps = "\n".join(f"{name} = {name}_second_approach" for name in names)
    return f"{solution}\n\n{swaps}\n" if names else ""


def functions_of(code: str) -> list[str]:
    """The names that a file of code defines at its top."""
    return [
        node.name
        for node in ast.parse(code).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.endswith("_second_approach")
    ]


def names_tested(tests: str) -> list[str]:
    """What a file of tests takes from the learner's code."""
    return names_from(tests, "exercise")


def names_from(code: str, module: str) -> list[str]:
    """What a file of code imports from a module."""
    return [
        alias.name
        for node in ast.parse(code).body
        if isinstance(node, ast.ImportFrom) and node.module == module
        for alias in node.names
    ]


def test_names(tests: str) -> list[str]:
    """The names of the tests in a file of tests."""
    return [
        item.name
        for node in ast.parse(tests).body
        if isinstance(node, ast.ClassDef)
        for item in node.body
        if isinstance(item, ast.FunctionDef) and item.name.startswith("test")
    ]


@dataclass(frozen=True, slots=True)
class ExerciseFiles:
    """What of an exercise goes into a topic's folder."""

    name: str
    title: str
    stub: str
    solution: str
    tests: str


def exercises_file(title: str, exercises: list[ExerciseFiles]) -> str:
    """`exercises.py` as the course describes it: the stubs, then their tests, run by `python exercises.py`."""
    stubs = "\n\n".join(_heading(item) + _without_numpy(item.stub) for item in exercises)
    tests = "\n\n".join(_tests(item) for item in exercises)
    helpers = ", ".join(sorted({name for item in exercises for name in names_from(item.tests, "checks")}))
    return (
        f'"""Exercises: {title}.\n\nFill in the functions, then run:  python exercises.py\n"""\n\n'
        f"import unittest\n\nimport numpy as np\n\nfrom checks import {helpers}\n\n\n{stubs}\n\n"
        f"# Tests\n\n\n{tests}\n\n"
        'if __name__ == "__main__":\n    unittest.main()\n'
    )


def solutions_file(title: str, exercises: list[ExerciseFiles]) -> str:
    """`solutions.py`: every solution with its complexity."""
    parts = "\n\n".join(_heading(item) + _without_numpy(item.solution) for item in exercises)
    return f'"""Solutions: {title}."""\n\nimport numpy as np\n\n\n{parts}'


def topic_file(source: str) -> str:
    """`topic.md` with links to the pictures beside it, which any viewer of Markdown shows."""
    return _PICTURE.sub(lambda match: f"]({match['kind']}s/{match['name']}.svg)", source)


def notes_file(title: str) -> str:
    """`notes.md`, to be filled in."""
    return textwrap.dedent(
        f"""\
        # Notes: {title}

        - **Time spent**:
        - **Difficulty** (easy, medium, hard):
        - **Confidence** (could I explain this in an interview?):
        - **Review needed** (yes, no):

        ## Key insights

        ## Formulas to remember

        ## Confusing points

        ## Connection to other topics
        """
    )


def _heading(item: ExerciseFiles) -> str:
    return f"# {item.title}\n\n\n"


def _without_numpy(code: str) -> str:
    return re.sub(r"^import numpy as np\n", "", code, flags=re.MULTILINE).strip("\n") + "\n"


def _tests(item: ExerciseFiles) -> str:
    """The tests without their imports of what stands in the same file; helpers get the exercise's name.

    Two exercises of a topic may both have a helper `by_loops`, so the names at the top are made their own.
    """
    code = _IMPORTS_OF_TESTS.sub("", item.tests)
    code = re.sub(r'\A""".*?"""\s*', "", code, flags=re.DOTALL)
    for name in _helpers(item.tests):
        code = re.sub(rf"\b{name}\b", f"{item.name}_{name.lstrip('_')}", code)
    return code.strip("\n") + "\n"


def _helpers(tests: str) -> list[str]:
    found = []
    for node in ast.parse(tests).body:
        is_helper = isinstance(node, ast.ClassDef) and not node.name.startswith("Test")
        if isinstance(node, ast.FunctionDef) or (isinstance(node, ast.ClassDef) and is_helper):
            found.append(node.name)
        elif isinstance(node, ast.Assign):
            found += [target.id for target in node.targets if isinstance(target, ast.Name)]
    return found
