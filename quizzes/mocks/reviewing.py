"""What comes of an interview: concepts and topics to look at again, cards that come today, cards from follow-ups."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean

from django.db import transaction

from concepts.models import Concept, Topic
from progress.models import ReviewRequest, User
from progress.plans.services import request_reviews
from quizzes.domain.cards import State
from quizzes.domain.mocks.scoring import READ_BELOW, REVIEW_BELOW
from quizzes.flashcards.enrolment import add_to_collection
from quizzes.flashcards.models import Card, LearnerCard
from quizzes.flashcards.own_cards import write_card
from quizzes.flashcards.services import set_due, suspend
from quizzes.mocks.models import MockInterview, MockRating
from quizzes.mocks.rating import scores_by_concept
from quizzes.mocks.services import tests_share


@dataclass(frozen=True, slots=True)
class Proposal:
    """What may be looked at again: its key in the form, its name, and whether it is proposed or done already."""

    key: str
    name: str
    proposed: bool = False
    done: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True)
class Proposals:
    """All that a rated interview proposes. cards: by concept, with how many library cards it has."""

    concepts: list[Proposal]
    topics: list[Proposal]
    cards: list[Proposal]
    follow_ups: list[Proposal]

    @property
    def something(self) -> bool:
        return bool(self.concepts or self.topics or self.cards or self.follow_ups)

    @property
    def done(self) -> bool:
        """Whether anything was taken over already."""
        return any(item.done for item in (*self.concepts, *self.topics, *self.follow_ups))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the learner ticked: codes of concepts, slugs of topics, codes whose cards come, numbers of follow-ups."""

    concepts: Collection[str] = ()
    topics: Collection[str] = ()
    cards: Collection[str] = ()
    follow_ups: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """What was done: how many reviews asked for, library cards brought forward, and own cards written."""

    reviews: int = 0
    cards: int = 0
    written: int = 0


def proposals(interview: MockInterview, rating: MockRating) -> Proposals:
    """What to look at again after this rating, by the parts missed; what went well is listed and not ticked."""
    concepts = list(interview.script.concepts.all())
    scores = scores_by_concept(interview, rating, concepts, tests=tests_share(interview))
    weak = {code for code, score in scores.items() if score < REVIEW_BELOW}
    requested = ReviewRequest.objects.of(interview.learner).filter(source=_source(interview))
    asked = set(requested.values_list("concept__code", flat=True)), set(requested.values_list("topic__slug", flat=True))
    counts = _cards_by_concept(interview.learner, concepts)
    written = _written(interview)
    return Proposals(
        concepts=[Proposal(item.code, item.name, item.code in weak, item.code in asked[0]) for item in concepts],
        topics=[
            Proposal(item.slug, item.title, _topic_score(item, scores, rating) < READ_BELOW, item.slug in asked[1])
            for item in interview.script.topics.current().prefetch_related("concepts")
        ],
        cards=[
            Proposal(item.code, item.name, item.code in weak, count=counts[item.pk])
            for item in concepts
            if counts.get(item.pk)
        ],
        follow_ups=[
            Proposal(number, interview.version.rendered["follow_ups"][int(number) - 1]["ask"], True, number in written)
            for number, answer in rating.follow_ups.items()
            if answer != "yes"
        ],
    )


@transaction.atomic
def take_over(*, interview: MockInterview, wanted: Wanted, now: datetime) -> Taken:
    """Ask for the reviews, bring the cards forward, write the cards; what was done before is not done twice.

    Names that the script does not have are left aside.
    """
    learner = interview.learner
    concepts = list(interview.script.concepts.filter(code__in=wanted.concepts))
    topics = list(interview.script.topics.filter(slug__in=wanted.topics))
    before = ReviewRequest.objects.of(learner).filter(source=_source(interview)).count()
    request_reviews(
        learner=learner,
        source=_source(interview),
        reason=f"Mock interview: {interview.script.title}",
        now=now,
        concepts=concepts,
        topics=topics,
    )
    reviews = ReviewRequest.objects.of(learner).filter(source=_source(interview)).count() - before
    cards = _bring_forward(learner, interview.script.concepts.filter(code__in=wanted.cards), now)
    return Taken(reviews, cards, _write_cards(interview, wanted.follow_ups))


def _topic_score(topic: Topic, scores: Mapping[str, float], rating: MockRating) -> float:
    """How the script's concepts that the topic teaches went; the whole interview where it teaches none of them."""
    return fmean([scores[one.code] for one in topic.concepts.all() if one.code in scores] or [rating.score])


def _source(interview: MockInterview) -> str:
    return f"mock:{interview.pk}"


def _cards_by_concept(learner: User, concepts: Iterable[Concept]) -> dict[int, int]:
    found: dict[int, int] = {}
    library = Card.objects.in_library().filter(concept__in=list(concepts))
    for concept in library.values_list("concept_id", flat=True):
        if concept is not None:
            found[concept] = found.get(concept, 0) + 1
    return found


def _bring_forward(learner: User, concepts: Iterable[Concept], now: datetime) -> int:
    """Library cards of the concepts: taken up where suspended, known ones due today, new ones first in line."""
    library = list(Card.objects.in_library().filter(concept__in=list(concepts)))
    add_to_collection(learner, library)
    own = LearnerCard.objects.of(learner).filter(card__in=library).select_related("card")
    suspend(learner=learner, cards=list(own.filter(suspended=True)), suspended=False, now=now)
    today = learner.day_of(now)
    later = list(own.filter(state=State.REVIEW, due_on__gt=today))
    set_due(learner=learner, cards=later, due_on=today, now=now)
    # A place among new cards is no state of memory, so the log of the card has nothing to say of it.
    own.new().update(position=0)
    return own.count()


def _written(interview: MockInterview) -> set[str]:
    tags = Card.objects.of(interview.learner).filter(retired=False).values_list("tags", flat=True)
    begin = f"{_tag(interview)}-"
    return {tag.removeprefix(begin) for of_card in tags for tag in of_card if tag.startswith(begin)}


def _write_cards(interview: MockInterview, numbers: Collection[int]) -> int:
    """An own card for each follow-up: what was asked in front, the model answer behind."""
    written, concepts = _written(interview), {one.code: one for one in interview.script.concepts.all()}
    first = next(iter(concepts.values()), None)
    follow_ups = interview.content["follow_ups"]
    fresh = [number for number in numbers if 1 <= number <= len(follow_ups) and str(number) not in written]
    for number in fresh:
        item = follow_ups[number - 1]
        write_card(
            learner=interview.learner,
            # Two braces and a c would make a blank of a formula.
            front=item["ask"].replace("{{c", "{ {c"),
            back=item["answer"],
            concept=next((concepts[code] for code in item.get("concepts", ()) if code in concepts), first),
            tags=["from-mock", f"{_tag(interview)}-{number}"],
        )
    return len(fresh)


def _tag(interview: MockInterview) -> str:
    return f"mock-{interview.pk}"
