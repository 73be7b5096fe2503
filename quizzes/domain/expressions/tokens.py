"""A formula's text cut into tokens."""

import re
from dataclasses import dataclass

from quizzes.domain.expressions.tree import MAX_LENGTH, ExpressionError

_GREEK = {
    **{"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "η": "eta"},
    **{"θ": "theta", "κ": "kappa", "λ": "lambda", "μ": "mu", "µ": "mu", "ν": "nu", "ξ": "xi", "π": "pi"},
    **{"ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi", "ψ": "psi", "ω": "omega", "Σ": "Sigma"},
    **{"ŷ": "y_hat", "∞": "infinity"},
}
_PLAIN = str.maketrans({"−": "-", "–": "-", "×": "*", "⋅": "·", "∙": "·", "∗": "*", "⊙": "*", "÷": "/"})
_RAISED = {
    **{"²": "^2", "³": "^3", "⁴": "^4", "ᵀ": "^T", "⁻¹": "^-1", "^⊤": "^T", "½": "(1/2)", "√": "sqrt"},
    **{"[": "(", "]": ")", "{": "(", "}": ")", "₀": "_0", "₁": "_1", "₂": "_2", "ᵢ": "_i", "ⱼ": "_j"},
}
_RAISED_PATTERN = re.compile("|".join(map(re.escape, _RAISED)))
_LATEX = re.compile(r"\\(?:left|right|,|;|!|cdot|times|hat)\b|\\[,;! ]")
_COMMAND = re.compile(r"(?<=[A-Za-z0-9])\\(?=[A-Za-z])")
_SUBSCRIPT = re.compile(r"_\{\s*([A-Za-z0-9]+)\s*\}")
_BASE = re.compile(r"\blog_(?=(?:2|10)\b)")

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+(?![\w.]))?)
    |(?P<transpose>\^\s*(?:\(\s*(?:T|top)\s*\)|top(?!\w)|T(?!heta|au|_|\d))|\.T(?!\w)|'(?!\w))
    |(?P<name>[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*)
    |(?P<power>\*\*|\^)
    |(?P<symbol>[-+*/@·(),])""",
    re.VERBOSE,
)

_POWER = re.compile(r"\^")


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is number, name, transpose, power, symbol or end; `place` counts characters from 1."""

    kind: str
    text: str
    place: int
    after_space: bool = False


def tokenise(text: str, *, transposes: bool = True) -> list[Token]:
    """The tokens, with one of kind `end` behind them; without `transposes`, `^T` is the power of a variable T.

    Raises ExpressionError at the first stray character.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"The formula is longer than {MAX_LENGTH} characters; write it shorter.")
    plain = _normalise(text)
    tokens: list[Token] = []
    place, spaced = 0, False
    while place < len(plain):
        match = _TOKEN.match(plain, place)
        if not match:
            raise ExpressionError(_stray(plain[place], place))
        kind = str(match.lastgroup)
        if kind == "transpose" and match[0].startswith("^") and not transposes:
            kind, match = "power", _POWER.match(plain, place) or match
        if kind != "space":
            tokens.append(Token(kind, match[0], place + 1, spaced))
        spaced = kind == "space"
        place = match.end()
    return [*tokens, Token("end", "", len(plain) + 1)]


def _normalise(text: str) -> str:
    """Greek letters by name, raised digits and typographic signs as typed on a keyboard."""
    plain = _COMMAND.sub(" ", _LATEX.sub(" ", text)).replace("\\", "").translate(_PLAIN)
    plain = _BASE.sub("log", _SUBSCRIPT.sub(r"_\1", plain))
    plain = _RAISED_PATTERN.sub(lambda raised: _RAISED[raised[0]], plain)
    return "".join(
        _named(letter, plain[index - 1 : index], plain[index + 1 : index + 2]) for index, letter in enumerate(plain)
    )


def _named(letter: str, before: str, after: str) -> str:
    if letter not in _GREEK:
        return letter
    return (" " if before.isalnum() else "") + _GREEK[letter] + (" " if after.isalpha() else "")


def _stray(character: str, place: int) -> str:
    if character == "|":
        return f"`|` at character {place + 1}: write abs(x) for a number, norm(x) for a vector."
    if character == "=":
        return f"`=` at character {place + 1}: write only what stands right of it."
    return f"`{character}` at character {place + 1} is not part of a formula."
