"""Learners with everything they need to write: run as a program, it fills an empty database and tells who there is.

python -m tests.faults.cast LEARNERS QUIZZES   (with the settings of the installation in the environment)
"""

import json
import sys
from datetime import timedelta
from typing import Any

import django

PASSWORD = "a long password of theirs"  # noqa: S105 (of a database that lives for seconds)


def fill(learners: int, quizzes: int) -> dict[str, Any]:
    """Make so many learners, each with cards and an open quiz without a clock; the first has so many timed quizzes.

    Gives for each learner name, token, quiz and cards, and for the first the timed quizzes.
    """
    from django.utils import timezone

    from progress.accounts.tokens import digest_of
    from progress.models import ApiToken, User
    from quizzes.models import Attempt, AttemptQuestion, LearnerCard
    from tests.factories import make_card, make_concept, make_question_of

    now = timezone.now()
    concept = make_concept("FAULT-01")
    question = make_question_of("open", concept)
    version = question.current
    User.objects.bulk_create(User(username=f"learner{number}", password="!") for number in range(learners))
    people = list(User.objects.order_by("pk"))
    people[0].set_password(PASSWORD)
    people[0].save()
    for _ in range(5):
        make_card(concept)
    ApiToken.objects.bulk_create(
        ApiToken(
            learner=person, name="Of a test", scope="write", digest=digest_of(f"{person.pk:040x}"), last_used_at=now
        )
        for person in people
    )

    def attempts(owners: list[User], minutes: int | None, count: int) -> list[Attempt]:
        made = Attempt.objects.bulk_create(
            Attempt(
                learner=owner,
                started_at=now,
                deadline=minutes and now + timedelta(minutes=minutes),
                seed=1,
                selection={"questions": count, "minutes": minutes},
                max_score=count,
            )
            for owner in owners
        )
        AttemptQuestion.objects.bulk_create(
            (
                AttemptQuestion(attempt=attempt, number=number, version=version, presentation={})
                for attempt in made
                for number in range(1, count + 1)
            ),
            batch_size=500,
        )
        return made

    own = attempts(people, None, 4)
    timed = attempts([people[0]] * quizzes, 600, 1)
    cards: dict[int, list[int]] = {}
    for pk, owner in LearnerCard.objects.order_by("pk").values_list("pk", "learner_id"):
        cards.setdefault(owner, []).append(pk)
    return {
        "learners": [
            {"name": person.username, "pk": person.pk, "token": f"{person.pk:040x}", "quiz": quiz.pk}
            | {"cards": cards[person.pk]}
            for person, quiz in zip(people, own, strict=True)
        ],
        "quizzes": [quiz.pk for quiz in timed],
        "concept": concept.code,
    }


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(fill(*map(int, sys.argv[1:]))))
