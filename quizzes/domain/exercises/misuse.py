"""Words for what happens where a test meets a value of another kind or shape than it asked for.

Tests take apart what a function returned: they unpack it, index it, compute with it. Where that fails, Python and numpy
speak of the test's line, which the learner does not see.
"""

import re

_NOTHING = "Your function returned None where a value was expected. Is a `return` missing?"
_WORDS = [
    (
        r"takes .*positional argument|required (?:positional|keyword-only) argument|unexpected keyword argument",
        "Your function does not take the arguments that the test gives it: {error}.",
    ),
    (r"'?NoneType'?", _NOTHING),
    (
        r"not enough values to unpack \(expected (?P<wanted>\d+), got (?P<given>\d+)\)",
        "Your function returned {given} value(s) where {wanted} were expected.",
    ),
    (
        r"too many values to unpack \(expected (?P<wanted>\d+)",
        "Your function returned more values than the {wanted} expected. An array counts by its first axis here: "
        "return the {wanted} values as a tuple.",
    ),
    (
        r"cannot unpack non-iterable (?:\w+\.)?(?P<kind>\w+) object",
        "Your function returned a single value ({kind}) where several were expected, such as a tuple.",
    ),
    (
        r"'(?:\w+\.)*(?P<kind>\w+)' object has no attribute '(?P<name>\w+)'",
        "What your function returned is of kind {kind}, which has no `{name}`. Was another kind expected?",
    ),
    (
        r"'(?:\w+\.)*(?P<kind>\w+)' object is not (?:subscriptable|iterable)",
        "Your function returned a single value ({kind}) where an array, a tuple or a dictionary was expected.",
    ),
    (
        r"'(?:\w+\.)*(?P<kind>\w+)' object is not callable",
        "Your function returned a value of kind {kind} where a function was expected.",
    ),
    (
        r"object of type '(?P<kind>\w+)' has no len",
        "Your function returned a single value ({kind}) where several were expected.",
    ),
    (
        r"(?:tuple|list|string) indices must be integers|only integers, slices",
        "Your function returned a sequence or an array where a dictionary was expected, or the other way round.",
    ),
    (
        r"inhomogeneous|setting an array element with a sequence",
        "Your function returned values of different shapes where one array was expected.",
    ),
    (
        r"could not be broadcast together with (?:remapped )?shapes (?P<shapes>\([\d,]*\)(?: \([\d,]*\))+)",
        "An array that your function returned has another shape than expected: {shapes} do not fit together.",
    ),
    (
        r"size (?P<one>\d+) is different from (?P<two>\d+)",
        "An array that your function returned has another shape than expected: a matrix product meets the sizes {one} "
        "and {two}.",
    ),
    (
        r"matmul|core dimension|not aligned",
        "An array that your function returned has another shape than expected: a product with it fails ({error}).",
    ),
    (
        r"too many indices|out of bounds|index out of range|invalid index to scalar|zero-dimensional"
        r"|must be 1- or|at least (?:one|two)[ -]dimension",
        "What your function returned has fewer axes or entries than expected ({error}).",
    ),
    (
        r"is an empty sequence|argument is empty|zero-size array|at least one array|empty array is ambiguous",
        "Your function returned nothing to look at, or did not call what it was given: the test found no values.",
    ),
    (
        r"ufunc '\w+' (?:not supported|did not)|dtypes are not compatible|unsupported operand|multiply sequence",
        "Your function returned something that cannot be computed with, where numbers were expected ({error}).",
    ),
    (
        r"truth value of an array",
        "Your function returned an array of several numbers where a single value was expected.",
    ),
    (
        r"converted to Python scalars|argument must be a string or a (?:real )?number|could not convert string",
        "Your function returned {kind_of} where a single number was expected.",
    ),
]
_RULES = [(re.compile(pattern), words) for pattern, words in _WORDS]
_KIND = re.compile(r"not '(?:\w+\.)*(?P<kind>\w+)'")
_FALLBACK = (
    "The test could not go on with what your function returned: its kind or shape is not what was asked for "
    "({name}: {error})."
)


def in_words(error: BaseException) -> str:
    """What is wrong with the returned value, told from the exception that a test's own line raised over it."""
    text = str(error)
    if isinstance(error, KeyError):
        return f"The dictionary that your function returned has no entry {text}."
    for pattern, words in _RULES:
        if match := pattern.search(text):
            kind = _KIND.search(text)
            kind_of = f"a value of kind {kind['kind']}" if kind else "something else"
            return words.format(**match.groupdict(), error=_short(text), kind_of=kind_of)
    return _FALLBACK.format(name=type(error).__name__, error=_short(text))


def _short(text: str, most: int = 160) -> str:
    return text if len(text) <= most else f"{text[:most]}…"
