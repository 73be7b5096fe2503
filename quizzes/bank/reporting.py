"""The report on the bank that `check_library --report` prints."""

from collections import Counter
from collections.abc import Iterator, Sequence

from quizzes.bank.schema import QuestionSheet
from quizzes.domain.bank_report import (
    TOLD_FROM,
    BankItem,
    counts,
    key_positions,
    longest_option_rate,
    near_duplicates,
    reading_grade,
    reason_rates,
    right_counts,
    told_rate,
)
from quizzes.domain.questions import KINDS
from quizzes.domain.questions.base import QuestionFields
from quizzes.domain.questions.multiple_choice import MultipleChoice
from quizzes.domain.questions.options import ChoiceFields


def report(sheets: Sequence[QuestionSheet]) -> Iterator[str]:
    """Lines of the report."""
    questions = [question for sheet in sheets for question in sheet.fields.questions]
    items = [_item(sheet.fields.concept, question) for sheet in sheets for question in sheet.fields.questions]
    yield f"{len(items)} questions on {len(sheets)} concepts"
    yield from _table(items)
    choices = [question for question in questions if isinstance(question, ChoiceFields)]
    singles: list[ChoiceFields] = [choice for choice in choices if not isinstance(choice, MultipleChoice)]
    multiples: list[ChoiceFields] = [choice for choice in choices if isinstance(choice, MultipleChoice)]
    rate, chance = longest_option_rate(choices)
    yield f"The longest option is the right one in {rate:.0%} of single choices (by chance {chance:.0%})"
    rate, chance = longest_option_rate(choices, multiple=True)
    yield f"The longest option is a right one in {rate:.0%} of multiple choices (by chance {chance:.0%})"
    for name, alike in (("single", singles), ("multiple", multiples)):
        given, others = reason_rates(alike)
        yield f"Options that give a reason are right in {given:.0%} of {name} choices, the others in {others:.0%}"
    places = sorted(key_positions(choices).items())
    yield "Place of the key in its file: " + ", ".join(f"{place}: {count}" for place, count in places)
    yield f"Right options of multiple choices: {_shares(choices)}"
    for section, asked in _by_section(sheets):
        yield f"  {section}: {_shares(asked)}"
    tags = Counter(tag for item in items for tag in item.tags)
    yield "Tags: " + ", ".join(f"{tag} {count}" for tag, count in sorted(tags.items()))
    yield f"Reading level of the prompts: Flesch-Kincaid grade {reading_grade([item.prompt for item in items]):.1f}"
    pairs = [f"  {first} and {second} ({share:.0%})" for first, second, share in near_duplicates(items)]
    yield f"Prompts much alike: {len(pairs)}"
    yield from pairs


def _by_section(sheets: Sequence[QuestionSheet]) -> Iterator[tuple[str, list[ChoiceFields]]]:
    """The multiple choices by what their concepts' codes begin with, as `MATH` of `MATH-001`."""
    sections: dict[str, list[ChoiceFields]] = {}
    for sheet in sheets:
        asked = [question for question in sheet.fields.questions if isinstance(question, MultipleChoice)]
        sections.setdefault(sheet.fields.concept.rsplit("-", 1)[0], []).extend(asked)
    return ((section, asked) for section, asked in sorted(sections.items()) if asked)


def _shares(choices: Sequence[ChoiceFields]) -> str:
    counted = right_counts(choices)
    told = told_rate(counted)
    listed = ", ".join(f"{right} of {options}: {count}" for (right, options), count in sorted(counted.items()))
    return listed + (f" (giveaway: one guesses how many are right in {told:.0%})" if told > TOLD_FROM else "")


def _item(concept: str, question: QuestionFields) -> BankItem:
    body = "\n".join(str(getattr(question, name, "")) for name in ("code", "text"))
    return BankItem(question.id, concept, question.kind, getattr(question, "prompt", ""), tuple(question.tags), body)


def _table(items: Sequence[BankItem]) -> Iterator[str]:
    kinds = [kind for kind in KINDS if any(item.kind == kind for item in items)]
    yield "concept".ljust(12) + " ".join(kind[:9].rjust(9) for kind in kinds) + "  total  kinds"
    for concept, row in counts(items).items():
        numbers = " ".join(str(row[kind] or "·").rjust(9) for kind in kinds)
        yield f"{concept.ljust(12)}{numbers} {sum(row.values()):6} {len(row):6}"
    total = Counter(item.kind for item in items)
    yield "total".ljust(12) + " ".join(str(total[kind]).rjust(9) for kind in kinds) + f" {len(items):6}"
