"""What the API says of mock interviews and takes for them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from quizzes.domain.mocks.board import BoardError, read_board
from quizzes.domain.mocks.scoring import TOP_MARK
from quizzes.domain.mocks.script import CRITERIA, KINDS, ROLE_CHOICES, SELF_QUESTIONS
from quizzes.exercises.forms import MAX_CODE
from quizzes.mocks.models import MAX_PAD, Answered, MockInterview, MockScript, Shown
from quizzes.mocks.presenting import answers_context, talk_context
from quizzes.mocks.rating import Ratings


class MockScriptSerializer(serializers.ModelSerializer[MockScript]):
    """A script as a list shows it: nothing of what it asks. sat_at: when the learner last sat it."""

    id = serializers.SlugField(source="slug")
    roles = serializers.SerializerMethodField()
    sat_at = serializers.SerializerMethodField()

    class Meta:
        model = MockScript
        fields = ["id", "title", "kind", "difficulty", "minutes", "roles", "sat_at"]

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=ROLE_CHOICES)))
    def get_roles(self, script: MockScript) -> list[str]:
        return script.roles.split()

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_sat_at(self, script: MockScript) -> Any:
        return self.context.get("sat", {}).get(script.pk)


class MockStartSerializer(serializers.Serializer[Any]):
    """A script by its id, or wishes by which one is chosen."""

    script = serializers.SlugField(required=False, max_length=80)
    kind = serializers.ChoiceField(choices=list(KINDS.items()), required=False, default="")
    role = serializers.ChoiceField(choices=ROLE_CHOICES, required=False, default="")
    minutes = serializers.IntegerField(min_value=20, max_value=30, required=False, default=30)


class MockSummarySerializer(serializers.ModelSerializer[MockInterview]):
    """An interview in the list; score from 0 to 1, null until it is rated."""

    script = serializers.SlugField(source="version.script.slug")
    title = serializers.CharField(source="version.script.title")
    kind = serializers.CharField(source="version.script.kind")
    score = serializers.FloatField(source="rating.score", default=None, allow_null=True)

    class Meta:
        model = MockInterview
        fields = ["id", "script", "title", "kind", "started_at", "deadline", "finished_at", "score"]


class MockFollowUpSerializer(serializers.Serializer[Any]):
    """A follow-up that was asked; the answer is there once the interview is closed."""

    number = serializers.IntegerField()
    ask_html = serializers.CharField(source="ask")
    hint_html = serializers.CharField(source="hint")


class MockAnsweredFollowUpSerializer(MockFollowUpSerializer):
    answer_html = serializers.CharField(source="answer")


class MockRatingSerializer(serializers.Serializer[Any]):
    """The rubric from 0 to 4 each, the self-questions, and how each follow-up that was asked went."""

    intuition = serializers.IntegerField(min_value=0, max_value=TOP_MARK)
    derivation = serializers.IntegerField(min_value=0, max_value=TOP_MARK)
    implementation = serializers.IntegerField(min_value=0, max_value=TOP_MARK)
    practice = serializers.IntegerField(min_value=0, max_value=TOP_MARK)
    clarity = serializers.IntegerField(min_value=0, max_value=TOP_MARK)
    explained = serializers.ChoiceField(choices=Answered.choices, required=False, allow_blank=True, default="")
    remembered = serializers.ChoiceField(choices=Answered.choices, required=False, allow_blank=True, default="")
    derived = serializers.ChoiceField(choices=Answered.choices, required=False, allow_blank=True, default="")
    connected = serializers.ChoiceField(choices=Answered.choices, required=False, allow_blank=True, default="")
    follow_ups = serializers.DictField(
        child=serializers.ChoiceField(choices=Answered.choices), required=False, default=dict
    )
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    own_score = serializers.FloatField(read_only=True)
    score = serializers.FloatField(read_only=True)

    def validate_follow_ups(self, sent: dict[str, str]) -> dict[str, str]:
        if any(number not in set("123456") for number in sent):
            raise serializers.ValidationError("Name follow-ups by their numbers, from 1 to 6.")
        return sent

    def ratings(self) -> Ratings:
        """What was said; of valid data."""
        sent = self.validated_data
        return Ratings(
            marks={name: sent[name] for name in CRITERIA},
            follow_ups={int(number): answer for number, answer in sent["follow_ups"].items()},
            self_answers={name: sent[name] for name in SELF_QUESTIONS},
            note=sent["note"],
        )


class MockInterviewSerializer(MockSummarySerializer):
    """A running interview: what was said so far and what the learner wrote, and never an answer."""

    opening_html = serializers.SerializerMethodField()
    hints_html = serializers.SerializerMethodField()
    follow_ups = serializers.SerializerMethodField()
    hints_left = serializers.SerializerMethodField()
    follow_ups_left = serializers.SerializerMethodField()

    class Meta:
        model = MockInterview
        fields = [
            *MockSummarySerializer.Meta.fields,
            *("opening_html", "hints_html", "hints_left", "follow_ups", "follow_ups_left", "pad", "code", "board"),
        ]

    def _talk(self, interview: MockInterview) -> dict[str, Any]:
        if not hasattr(self, "_said"):
            self._said = talk_context(interview)
        return self._said

    def get_opening_html(self, interview: MockInterview) -> str:
        return str(self._talk(interview)["opening"])

    def get_hints_html(self, interview: MockInterview) -> list[str]:
        return list(self._talk(interview)["hints"])

    def get_hints_left(self, interview: MockInterview) -> int:
        return int(self._talk(interview)["hints_left"])

    def get_follow_ups_left(self, interview: MockInterview) -> int:
        return int(self._talk(interview)["follow_ups_left"])

    @extend_schema_field(MockFollowUpSerializer(many=True))
    def get_follow_ups(self, interview: MockInterview) -> Any:
        return MockFollowUpSerializer(self._talk(interview)["follow_ups"], many=True).data


class MockResultSerializer(MockInterviewSerializer):
    """A closed interview: the model answers, the rubric, and the rating where there is one."""

    model_answer_html = serializers.SerializerMethodField()
    rubric_html = serializers.SerializerMethodField()
    solution = serializers.SerializerMethodField()
    rating = serializers.SerializerMethodField()

    class Meta:
        model = MockInterview
        fields = [
            *MockInterviewSerializer.Meta.fields,
            *("model_answer_html", "rubric_html", "solution", "rating"),
        ]

    def _answers(self, interview: MockInterview) -> dict[str, Any]:
        if not hasattr(self, "_beside"):
            self._beside = answers_context(interview)
        return self._beside

    def get_model_answer_html(self, interview: MockInterview) -> str:
        return str(self._answers(interview)["model_answer"])

    def get_rubric_html(self, interview: MockInterview) -> dict[str, str]:
        return {name: html for name, _, html in self._answers(interview)["rubric"]}

    def get_solution(self, interview: MockInterview) -> str:
        return str(self._answers(interview)["solution"])

    @extend_schema_field(MockAnsweredFollowUpSerializer(many=True))
    def get_follow_ups(self, interview: MockInterview) -> Any:
        return MockAnsweredFollowUpSerializer(self._answers(interview)["follow_ups"], many=True).data

    @extend_schema_field(MockRatingSerializer(allow_null=True))
    def get_rating(self, interview: MockInterview) -> Any:
        rating = interview.own_rating
        return MockRatingSerializer(rating).data if rating else None


class MockRevealSerializer(serializers.Serializer[Any]):
    """What the interviewer is to say next."""

    what = serializers.ChoiceField(choices=Shown.choices)
    number = serializers.IntegerField(min_value=1, max_value=6)


class MockWorkSerializer(serializers.Serializer[Any]):
    """What is to be kept; what is left out stays as it is."""

    pad = serializers.CharField(max_length=MAX_PAD, allow_blank=True, trim_whitespace=False, required=False)
    code = serializers.CharField(max_length=MAX_CODE, allow_blank=True, trim_whitespace=False, required=False)
    board = serializers.JSONField(required=False)

    def validate_board(self, sent: object) -> Any:
        try:
            return read_board(sent)
        except BoardError as error:
            raise serializers.ValidationError(f"{error}.") from error


class MockSavedSerializer(serializers.Serializer[Any]):
    saved_at = serializers.DateTimeField()


class MockTakeSerializer(serializers.Serializer[Any]):
    """What becomes reviews and cards: codes of concepts, slugs of topics, codes whose cards come, follow-ups."""

    concepts = serializers.ListField(child=serializers.CharField(max_length=20), required=False, default=list)
    topics = serializers.ListField(child=serializers.SlugField(max_length=80), required=False, default=list)
    cards = serializers.ListField(child=serializers.CharField(max_length=20), required=False, default=list)
    follow_ups = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=6), required=False, default=list
    )


class MockTakenSerializer(serializers.Serializer[Any]):
    """How many reviews were asked for, library cards brought forward, and own cards written."""

    reviews = serializers.IntegerField()
    cards = serializers.IntegerField()
    written = serializers.IntegerField()
