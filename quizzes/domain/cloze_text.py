"""Blanks of flashcards: `{{c1::hidden}}` or `{{c1::hidden::hint}}`, in text and inside `$…$`, as Anki writes them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_OPENING = re.compile(r"\{\{c(\d{1,3})::")
_MAX_BLANKS = 20


class ClozeError(ValueError):
    """A text with blanks cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Blank:
    """What a card hides, under its number; `in_maths` where it stands between dollars."""

    number: int
    hidden: str
    hint: str
    in_maths: bool


Piece = str | Blank


def cloze_numbers(text: str) -> list[int]:
    """The numbers of the blanks, each once, ascending: one card each. Raises ClozeError."""
    return sorted({piece.number for piece in cloze_pieces(text) if isinstance(piece, Blank)})


def cloze_pieces(text: str) -> list[Piece]:
    """The text cut into plain pieces and blanks. Raises ClozeError."""
    pieces = list(_pieces(text))
    if not any(isinstance(piece, Blank) for piece in pieces):
        raise ClozeError("There is no blank; write one as {{c1::hidden}}.")
    return pieces


def cloze_sides(text: str, number: int) -> tuple[str, str]:
    """Front and back of the card that hides the blanks of a number; the others are shown. Raises ClozeError."""
    pieces = cloze_pieces(text)
    front, back = ("".join(_shown(piece, number, answered=answered) for piece in pieces) for answered in (False, True))
    # A blank within bold text is bold already.
    return front.replace("****", "**"), back.replace("****", "**")


def _shown(piece: Piece, number: int, *, answered: bool) -> str:
    if isinstance(piece, str):
        return piece
    if piece.number != number:
        return piece.hidden
    if piece.in_maths:
        return rf"\boxed{{{piece.hidden}}}" if answered else r"\boxed{\;?\;}"
    return f"**{piece.hidden}**" if answered else f"**[{piece.hint or '…'}]**"


def _pieces(text: str) -> Iterator[Piece]:
    start, in_maths, count = 0, False, 0
    while opening := _OPENING.search(text, start):
        before = text[start : opening.start()]
        in_maths ^= _dollars(before) % 2 == 1
        inside, start = _balanced(text, opening.end())
        hidden, _, hint = inside.partition("::")
        number, count = int(opening[1]), count + 1
        if not 1 <= number <= _MAX_BLANKS or count > _MAX_BLANKS:
            raise ClozeError(f"Blanks are numbered from 1 to {_MAX_BLANKS}, and there are at most so many.")
        if not hidden.strip():
            raise ClozeError(f"The blank c{number} hides nothing.")
        if _OPENING.search(inside) or "$" in inside:
            raise ClozeError(f"The blank c{number} holds another blank or a $; put the blank inside the $…$.")
        yield before
        # The back sets the hidden words in bold, and their own stars would end that.
        yield Blank(number, hidden if in_maths else hidden.replace("**", "").strip(), hint.strip(), in_maths)
    yield text[start:]


def _balanced(text: str, start: int) -> tuple[str, int]:
    """What stands up to the `}}` that closes the blank, and where the text goes on; inner braces are skipped."""
    depth, place = 0, start
    while place < len(text):
        if depth == 0 and text.startswith("}}", place):
            # In `{{c1::\sqrt{x}}}` the last two braces close the blank.
            return text[start:place], place + 2
        depth += (text[place] == "{") - (text[place] == "}")
        if depth < 0:
            break
        place += 1
    raise ClozeError("A blank is not closed; write it as {{c1::hidden}}, with its own braces in pairs.")


def _dollars(text: str) -> int:
    """How many times maths begins or ends: `$$` counts once, `\\$` not at all."""
    return len(re.findall(r"(?<!\\)\${1,2}", text))
