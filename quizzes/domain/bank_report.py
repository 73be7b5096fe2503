"""What a bank of questions looks like as a whole: counts, giveaways, near duplicates, reading level."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from quizzes.domain.questions.multiple_choice import MultipleChoice
from quizzes.domain.questions.options import ChoiceFields

NEAR_DUPLICATE_FROM = 0.6
TOLD_FROM = 0.5
"""Where a number of right options fits more than this share of questions, it tells how many to tick."""

_FEWEST = 3
"""Of fewer questions with so many options nothing can be learnt."""
_MATHS = re.compile(r"\$\$.*?\$\$|\$.*?\$|`.*?`", re.DOTALL)
_WORD = re.compile(r"[a-z]+")
_SENTENCE_END = re.compile(r"[.!?:](?:\s|$)")
_REASON = re.compile(r"\b(because|since)\b|, (as|so)\b", re.IGNORECASE)
_VOWELS = re.compile(r"[aeiouy]+")


@dataclass(frozen=True, slots=True)
class BankItem:
    """A question as the report sees it; `body` is the code or the text with blanks that stands below the prompt."""

    slug: str
    concept: str
    kind: str
    prompt: str
    tags: tuple[str, ...] = ()
    body: str = ""


def counts(items: Sequence[BankItem]) -> dict[str, Counter[str]]:
    """How many questions of each kind a concept has."""
    table: dict[str, Counter[str]] = {}
    for item in items:
        table.setdefault(item.concept, Counter())[item.kind] += 1
    return table


def longest_option_rate(choices: Sequence[ChoiceFields], *, multiple: bool = False) -> tuple[float, float]:
    """How often the longest option is a right one, and how often it would be by chance.

    Over single choices, or over multiple ones.
    """
    asked = [choice for choice in choices if isinstance(choice, MultipleChoice) == multiple]
    if not asked:
        return 0.0, 0.0
    hits = sum(max(choice.options, key=lambda option: len(option.text)).correct for choice in asked)
    chances = [sum(option.correct for option in choice.options) / len(choice.options) for choice in asked]
    return hits / len(asked), sum(chances) / len(asked)


def key_positions(choices: Sequence[ChoiceFields]) -> Counter[int]:
    """At which place (from 1) of its file the key of each single choice stands; learners see them shuffled."""
    positions: Counter[int] = Counter()
    for choice in choices:
        if not isinstance(choice, MultipleChoice):
            positions[next(place for place, option in enumerate(choice.options, start=1) if option.correct)] += 1
    return positions


def right_counts(choices: Sequence[ChoiceFields]) -> Counter[tuple[int, int]]:
    """How many multiple choices have so many right options of so many."""
    return Counter(
        (sum(option.correct for option in choice.options), len(choice.options))
        for choice in choices
        if isinstance(choice, MultipleChoice)
    )


def told_rate(shares: Mapping[tuple[int, int], int]) -> float:
    """In what share of multiple choices the number of right options is the commonest among those of their length.

    shares: as right_counts gives them. Lengths with fewer than three questions are left out; 0 where none remains.
    """
    by_length: dict[int, list[int]] = {}
    for (_, options), count in shares.items():
        by_length.setdefault(options, []).append(count)
    groups = [found for found in by_length.values() if sum(found) >= _FEWEST]
    asked = sum(map(sum, groups))
    return sum(map(max, groups)) / asked if asked else 0.0


def reason_rates(choices: Sequence[ChoiceFields]) -> tuple[float, float]:
    """How often an option that gives a reason is right, and how often one that gives none is.

    Over choices in which some options give a reason and others do not: where only wrong ones do, as it happens when
    authors make them plausible, the reason tells them.
    """
    counted: Counter[tuple[bool, bool]] = Counter()
    for choice in choices:
        reasoned = [bool(_REASON.search(option.text)) for option in choice.options]
        if any(reasoned) and not all(reasoned):
            counted.update(zip(reasoned, (option.correct for option in choice.options), strict=True))
    with_one, without = (counted[given, True] + counted[given, False] for given in (True, False))
    return counted[True, True] / (with_one or 1), counted[False, True] / (without or 1)


def near_duplicates(items: Sequence[BankItem]) -> Iterator[tuple[str, str, float]]:
    """Pairs whose texts share most of their word pairs, with the share (Jaccard), whatever their concepts.

    Only texts that share a rare word pair are compared: of the n pairs of a text that another one shares to a
    share t, ordered by how rare they are, one is among the first (1 - t) n + 1. Source: S. Chaudhuri et al.,
    "A primitive operator for similarity joins in data cleaning", 2006 (prefix filtering).
    """
    shingles = [_shingles(f"{item.prompt} {item.body}") for item in items]
    frequency = Counter(shingle for found in shingles for shingle in found)
    holders: dict[tuple[str, str], list[int]] = {}
    for index, found in enumerate(shingles):
        rarest = sorted(found, key=lambda shingle: (frequency[shingle], shingle))
        prefix = rarest[: len(found) - ceil(NEAR_DUPLICATE_FROM * len(found)) + 1]
        for other in sorted({other for shingle in prefix for other in holders.get(shingle, [])}):
            share = len(shingles[other] & found) / len(shingles[other] | found)
            if share >= NEAR_DUPLICATE_FROM:
                yield items[other].slug, items[index].slug, share
        for shingle in prefix:
            holders.setdefault(shingle, []).append(index)


def reading_grade(texts: Sequence[str]) -> float:
    """The Flesch-Kincaid grade of the texts without their maths and code: years of school in the United States.

    Source: J. P. Kincaid et al., "Derivation of new readability formulas", 1975; syllables are counted as runs of
    vowels, which is right to about a tenth.
    """
    plain = [_MATHS.sub("x", text) for text in texts]
    words = [word for text in plain for word in _WORD.findall(text.lower())]
    sentences = sum(max(1, len(_SENTENCE_END.findall(text))) for text in plain)
    if not words:
        return 0.0
    syllables = sum(max(1, len(_VOWELS.findall(word)) - word.endswith("e")) for word in words)
    return float(0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59)


def _shingles(prompt: str) -> set[tuple[str, str]]:
    words = re.findall(r"[a-z0-9]+", prompt.lower())
    return set(pairwise(words))
