"""What the quiz API takes and gives."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from concepts.models import Concept, Priority, Section
from quizzes.attempts.models import Attempt, AttemptQuestion, Confidence, Mode
from quizzes.attempts.presenting import as_asked, as_reviewed
from quizzes.attempts.selection import MAX_MINUTES, MAX_QUESTIONS, Selection
from quizzes.domain.questions import KINDS

_MAX_SEED = 2**62


class StartSerializer(serializers.Serializer[Any]):
    """What the quiz is about; an empty list leaves a side open."""

    questions = serializers.IntegerField(min_value=1, max_value=MAX_QUESTIONS, default=10)
    minutes = serializers.IntegerField(
        min_value=1, max_value=MAX_MINUTES, default=10, allow_null=True, help_text="null for a quiz without a clock"
    )
    weeks = serializers.ListField(child=serializers.IntegerField(min_value=0, max_value=10_000), default=list)
    sections = serializers.ListField(child=serializers.CharField(), default=list)
    concepts = serializers.ListField(child=serializers.CharField(), default=list)
    priorities = serializers.ListField(child=serializers.ChoiceField(Priority.choices), default=list)
    kinds = serializers.ListField(child=serializers.ChoiceField(list(KINDS)), default=list)
    difficulties = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=3), default=list)
    focus = serializers.ChoiceField(["all", "weak", "new"], default="all")
    mode = serializers.ChoiceField(
        Mode.choices, default=Mode.EXAM, help_text="exam: explanations at the end; practice: after each answer"
    )
    seed = serializers.IntegerField(min_value=0, max_value=_MAX_SEED, required=False)

    def validate_weeks(self, weeks: list[int]) -> list[int]:
        if unknown := sorted(set(weeks) - set(Concept.objects.weeks())):
            raise ValidationError(f"The tracker has no week {', '.join(map(str, unknown))}.")
        return weeks

    def validate_sections(self, slugs: list[str]) -> list[str]:
        if unknown := sorted(set(slugs) - set(Section.objects.filter(slug__in=slugs).values_list("slug", flat=True))):
            raise ValidationError(f"There is no section {', '.join(unknown)}.")
        return slugs

    def validate_concepts(self, codes: list[str]) -> list[str]:
        if unknown := sorted(set(codes) - set(Concept.objects.filter(code__in=codes).values_list("code", flat=True))):
            raise ValidationError(f"There is no concept {', '.join(unknown)}.")
        return codes

    def selection(self) -> Selection:
        chosen = self.validated_data
        return Selection(
            questions=chosen["questions"],
            minutes=chosen["minutes"],
            weeks=tuple(chosen["weeks"]),
            sections=tuple(chosen["sections"]),
            concepts=tuple(chosen["concepts"]),
            priorities=tuple(chosen["priorities"]),
            kinds=tuple(chosen["kinds"]),
            difficulties=tuple(chosen["difficulties"]),
            mode=chosen["mode"],
            focus=chosen["focus"],
        )


class OptionSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    html = serializers.CharField()


_NO_DETAILS = {"options", "exactness", "prompt_html", "value"}


class AskedQuestionSerializer(serializers.Serializer[Any]):
    """A question as asked, with the answer saved last."""

    number = serializers.IntegerField()
    kind = serializers.CharField()
    prompt_html = serializers.CharField()
    options = OptionSerializer(many=True)
    tolerance = serializers.JSONField(
        allow_null=True, help_text="How exact a number must be, such as {absolute: 0.01}; null where none is asked"
    )
    details = serializers.DictField(help_text="What else a kind shows: steps, pairs, segments, code, variables, unit")
    answer = serializers.JSONField(allow_null=True)
    flagged = serializers.BooleanField()

    def to_representation(self, question: AttemptQuestion) -> dict[str, Any]:
        asked = as_asked(question)
        return {
            "number": asked.number,
            "kind": asked.kind,
            "prompt_html": asked.prompt_html,
            "options": [{"key": option["key"], "html": option["html"]} for option in asked.shown.get("options", [])],
            "tolerance": asked.shown.get("exactness"),
            "details": {name: value for name, value in asked.shown.items() if name not in _NO_DETAILS},
            "answer": question.answer,
            "flagged": question.flagged,
        }


class AttemptSerializer(serializers.ModelSerializer[Attempt]):
    """A quiz and its questions."""

    questions = AskedQuestionSerializer(many=True, source="asked", read_only=True)

    class Meta:
        model = Attempt
        fields = ["id", "mode", "started_at", "deadline", "finished_at", "questions"]
        read_only_fields = fields


class AttemptSummarySerializer(serializers.ModelSerializer[Attempt]):
    class Meta:
        model = Attempt
        fields = ["id", "started_at", "deadline", "finished_at", "score", "max_score"]
        read_only_fields = fields


class ReviewedQuestionSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    credit = serializers.FloatField()
    given = serializers.JSONField(allow_null=True)
    expected = serializers.JSONField()
    explanation_html = serializers.CharField()

    def to_representation(self, question: AttemptQuestion) -> dict[str, Any]:
        reviewed = as_reviewed(question)
        return {
            "number": reviewed.number,
            "credit": reviewed.credit,
            "given": reviewed.given,
            "expected": reviewed.expected,
            "explanation_html": reviewed.explanation_html,
        }


class ResultSerializer(serializers.ModelSerializer[Attempt]):
    """A closed quiz: the score, and each question with what is right and why."""

    questions = ReviewedQuestionSerializer(many=True, source="asked", read_only=True)

    class Meta:
        model = Attempt
        fields = ["id", "score", "max_score", "started_at", "deadline", "finished_at", "questions"]
        read_only_fields = fields


class AnswerSerializer(serializers.Serializer[Any]):
    answer = serializers.JSONField(
        allow_null=True,
        help_text="A key, a list of keys (several choices, order, pairs), a list of texts (blanks), a number or a text",
    )
    confidence = serializers.ChoiceField(Confidence.choices, required=False)


class FinishSerializer(serializers.Serializer[Any]):
    idempotency_key = serializers.RegexField(
        r"^[\w-]{8,64}$", required=False, help_text="Whoever sends one is told whether it was this call that closed"
    )


class FlagSerializer(serializers.Serializer[Any]):
    flagged = serializers.BooleanField()


class RatingSerializer(serializers.Serializer[Any]):
    points = serializers.ListField(
        child=serializers.IntegerField(min_value=1), help_text="The points of the rubric that the answer covers"
    )


class SavedAnswerSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    saved_at = serializers.DateTimeField()
