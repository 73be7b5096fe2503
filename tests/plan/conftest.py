"""A small course to plan."""

from datetime import timedelta

import pytest
from django.utils import timezone

from concepts.models import Topic
from tests.factories import make_concept, make_exercise, make_question, make_topic


@pytest.fixture
def small_course(db) -> list[Topic]:
    """Two topics, the second of which builds on the first, each with a concept, a question and an exercise."""
    topics = []
    for number in (1, 2):
        topic = make_topic(number, slug=f"topic-{number}", title=f"Topic {number}")
        concept = make_concept(f"C-00{number}", name=f"Concept {number}")
        make_question(concept)
        topic.concepts.add(concept)
        make_exercise(topic, slug=f"double_{number}", title=f"Doubling {number}")
        topics.append(topic)
    topics[1].prerequisites.add(topics[0])
    return topics


@pytest.fixture
def wishes(alice) -> dict[str, str]:
    """The form filled in: an interview in 18 days, an hour a day."""
    date = alice.day_of(timezone.now()) + timedelta(days=18)
    minutes = {f"minutes_{place}": "60" for place in range(7)}
    return {"interview_date": f"{date}", "kind": "made", "focus": "all", "review_weekday": "6", **minutes}
