"""What the flashcard API takes and gives."""

from typing import Any

from rest_framework import serializers

from quizzes.domain.fsrs import Rating
from quizzes.flashcards.models import LearnerCard
from quizzes.flashcards.services import Answer


class DueCardSerializer(serializers.Serializer[Any]):
    """A card to review, both sides; `waits` says for each rating when it would come again."""

    id = serializers.IntegerField()
    concept = serializers.CharField(allow_null=True)
    kind = serializers.CharField()
    state = serializers.CharField()
    due = serializers.CharField(allow_null=True, help_text="A moment for learning steps, a day for reviews")
    front_html = serializers.CharField()
    back_html = serializers.CharField()
    waits = serializers.DictField(child=serializers.CharField())
    version = serializers.IntegerField()
    promise = serializers.CharField(help_text="Send it back with the rating, so that the days shown are kept")


class ReviewSerializer(serializers.Serializer[Any]):
    """A rating. The same idempotency key a second time changes nothing and gives the same answer."""

    rating = serializers.ChoiceField([rating.name.lower() for rating in Rating])
    idempotency_key = serializers.RegexField(r"^[\w-]{8,64}$")
    version = serializers.IntegerField(min_value=0, max_value=2**31, required=False)
    promise = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    milliseconds = serializers.IntegerField(min_value=0, max_value=2**40, required=False)
    answer = serializers.CharField(max_length=100, required=False, help_text="To a card that asks for a number")

    def read(self) -> Answer:
        """What was sent; of valid data."""
        sent = self.validated_data
        return Answer(
            rating=Rating[sent["rating"].upper()],
            key=sent["idempotency_key"],
            version=sent.get("version"),
            promise=sent.get("promise", ""),
            milliseconds=sent.get("milliseconds"),
            typed=sent.get("answer"),
        )


class ScheduledSerializer(serializers.Serializer[Any]):
    """Where a card stands after a rating."""

    id = serializers.IntegerField()
    due = serializers.CharField(allow_null=True)
    state = serializers.CharField()
    stability = serializers.FloatField(allow_null=True)
    difficulty = serializers.FloatField(allow_null=True)
    version = serializers.IntegerField()

    def to_representation(self, card: LearnerCard) -> dict[str, Any]:
        return {
            "id": card.pk,
            "due": due_of(card),
            "state": card.state,
            "stability": card.stability,
            "difficulty": card.difficulty,
            "version": card.version,
        }


def due_of(card: LearnerCard) -> str | None:
    """When the card is due: a moment within learning steps, else a day; None while it is new."""
    due = card.due_at or card.due_on
    return due.isoformat() if due else None
