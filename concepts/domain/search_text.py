"""The words of a text or a query as search compares them, formulas included."""

import re
import unicodedata

_SPOKEN = {
    "∇": " nabla gradient ",
    "∂": " partial ",
    "√": " sqrt ",
    "∞": " infinity ",
    "≤": " leq ",
    "≥": " geq ",
    "≈": " approx ",
    "∏": " product pi ",
    "∑": " sum sigma ",
    "Σ": " sigma sum ",
    "Π": " pi product ",
    "\N{COMBINING CIRCUMFLEX ACCENT}": "hat",
}
_GREEK = re.compile(r"GREEK (?:SMALL|CAPITAL) LETTER (?:FINAL )?(\w+)")
_WORD = re.compile(r"[^\W_]+")
# Question words say nothing of the subject: 'why does Adam work' asks for Adam.
_STOP_WORDS = frozenset("a an and are as by do does for how in is it of on or the to use vs what when why with".split())


def normalise(text: str) -> str:
    """Spell a text in plain words: `σ(ŷ)` becomes `sigma yhat`, `x₁` becomes `x1`, `\\nabla L` `nabla l`.

    Greek letters become their names, so that `sigma` finds σ and σ finds `\\sigma`.
    """
    decomposed = unicodedata.normalize("NFKD", text)
    return " ".join(_WORD.findall("".join(map(_spell, decomposed)).lower()))


def query_words(query: str) -> list[str]:
    """The words that a hit must have, each as the beginning of a word; empty where the query has none."""
    words = list(dict.fromkeys(normalise(query).split()))
    return [word for word in words if word not in _STOP_WORDS] or words


def _spell(character: str) -> str:
    if character.isascii():
        return character
    if spoken := _SPOKEN.get(character):
        return spoken
    if letter := _GREEK.match(unicodedata.name(character, "")):
        return f" {letter[1].lower().replace('lamda', 'lambda')} "
    return "" if unicodedata.combining(character) else character
