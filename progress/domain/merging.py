"""What becomes of a text that two pages have written at once: nothing that was typed is lost."""

import hashlib
from dataclasses import dataclass


def digest(text: str) -> str:
    """A short word for a text, by which a page says what it was made with."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Settled:
    """text: what is to be stored. kept_aside: what was typed and cannot be stored without taking something back."""

    text: str
    kept_aside: str = ""
    in_conflict: bool = False


def settle(stored: str, given: str, *, base: str, same_page: bool) -> Settled:
    """Settle what a page sends against what is stored.

    base: the digest of the text that the page was made with. same_page: this page was the last to write, so that
    it may go on whatever its base is.

    A page that has changed nothing takes nothing back. A page that has changed a text which another has changed
    since does not overwrite it: its own is to be kept aside.
    """
    if same_page or given == stored or base == digest(stored):
        return Settled(given)
    if base == digest(given):
        return Settled(stored)
    return Settled(stored, kept_aside=given, in_conflict=True)
