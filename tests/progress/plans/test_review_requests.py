"""What mock interviews and weekly reviews ask to be looked at again."""

from django.utils import timezone

from progress.models import ReviewRequest
from progress.plans.services import end_reviews, request_reviews
from tests.factories import make_concept, make_topic


def ask(learner, source="mock:1", **what):
    request_reviews(learner=learner, source=source, reason="Left open in a mock", now=timezone.now(), **what)


def test_a_source_asks_once_for_a_concept_and_once_for_a_topic(alice):
    concept, topic = make_concept(), make_topic()
    ask(alice, concepts=[concept, concept], topics=[topic])
    ask(alice, concepts=[concept], topics=[topic])
    assert [request.subject for request in ReviewRequest.objects.of(alice)] == [concept, topic]
    ask(alice, source="mock:2", concepts=[concept])
    assert ReviewRequest.objects.of(alice).count() == 3


def test_only_its_learner_ends_a_request(alice, bob):
    ask(alice, concepts=[make_concept()])
    asked = ReviewRequest.objects.get()
    assert end_reviews(learner=bob, ids=[asked.pk], now=timezone.now()) == 0
    assert ReviewRequest.objects.of(alice).open().exists()
    assert end_reviews(learner=alice, ids=[asked.pk], now=timezone.now()) == 1
    assert end_reviews(learner=alice, ids=[asked.pk], now=timezone.now()) == 0
    assert not ReviewRequest.objects.of(alice).open().exists()
