"""The library that everybody shares, and one of everything that is Alice's, with a word in it that is hers alone."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from concepts.models import Diagram, Guide
from mlprep.digest.messages import off_path
from progress.models import (
    ApiToken,
    CommentReport,
    ConceptStatus,
    ItemDone,
    KeptText,
    PartRead,
    ReviewRequest,
    User,
    WeeklyReview,
)
from quizzes.attempts.services import close_attempt
from quizzes.attempts.to_cards import question_to_card
from quizzes.domain.mocks.script import CRITERIA
from quizzes.flashcards.own_cards import write_card
from quizzes.flashcards.snapshots import snapshot
from quizzes.mocks.rating import Ratings, rate_interview
from quizzes.mocks.services import close_interview
from quizzes.models import CardEvent, CardText, ExerciseRun, ExerciseWork, LearnerCard, MockRun, WeightsFit
from tests.factories import (
    learned,
    make_attempt_at,
    make_card,
    make_comment,
    make_concept,
    make_evidence,
    make_exercise,
    make_focus,
    make_interview,
    make_mock_script,
    make_note,
    make_plan_task,
    make_question,
    make_topic,
)

WORD = "alicesownword"
MONDAY = "2026-11-23"
RESULT = {"passed": False, "tests": [], "problem": WORD, "stdout": WORD, "duration_ms": 1}


class Library:
    """What everybody may read."""

    def __init__(self, author: User) -> None:
        self.author = author
        self.concept = make_concept("SAFE-001")
        self.topic = make_topic(1, slug="safe-topic")
        self.topic.concepts.add(self.concept)
        self.guide = Guide.objects.create(
            slug="safe-guide",
            title="Safe guide",
            summary="A guide for tests.",
            position=1,
            minutes=5,
            checklist=[["item-one", "First item"]],
        )
        Diagram.objects.create(topic=self.topic, name="drawing", theme="light", svg="<svg/>")
        self.exercise = make_exercise(self.topic)
        self.exercise.concepts.add(self.concept)
        self.question = make_question(self.concept)
        self.card = make_card(self.concept)
        self.script = make_mock_script("safe-script", concepts=[self.concept])
        self.code_script = make_mock_script("safe-code", kind="implementation", concepts=[self.concept])
        self.comment = make_comment(self.concept, author, body="Everybody reads comments")


class Hers:
    """What Alice did and wrote."""

    def __init__(self, alice: User, library: Library, *, with_cards: bool = True) -> None:
        self.learner = alice
        now, concept, topic = timezone.now(), library.concept, library.topic
        self.attempt = make_attempt_at(alice, library.question)
        self.closed = make_attempt_at(alice, library.question)
        close_attempt(attempt=self.closed, now=now)
        if with_cards:
            question_to_card(learner=alice, question=self.closed.questions.in_full().get(number=1))
        self.own_card = learned(alice, write_card(learner=alice, front=WORD, back=WORD, concept=concept)[0])
        self.known = known = learned(alice, library.card)
        today = alice.day_of(now)
        LearnerCard.objects.filter(pk=known.pk).update(
            state="review",
            stability=3.0,
            difficulty=5.0,
            last_on=today - timedelta(days=4),
            due_on=today,
            reps=4,
            lapses=9,
        )
        facts = {
            "happened_at": now,
            "day": today,
            "before": snapshot(known),
            "after": snapshot(known),
            "milliseconds": 900,
        }
        CardEvent.objects.create(
            learner=alice, card=known, kind="answer", key=uuid4().hex, state_before="review", rating=1, **facts
        )
        work = ExerciseWork.objects.create(
            learner=alice, exercise=library.exercise, code=f"# {WORD}", started_at=now, active_at=now
        )
        self.run = ExerciseRun.objects.create(
            id=uuid4(), work=work, code=f"# {WORD}", exercise_digest="d", created_at=now, result=RESULT
        )
        CardText.objects.create(
            learner=alice, card=library.card, front=WORD, back=WORD, front_html=WORD, back_html=WORD
        )
        self.fit = WeightsFit.objects.create(learner=alice, state="applied")
        self.sat = close_interview(interview=make_interview(alice, library.script), now=timezone.now())
        marks = Ratings(marks=dict.fromkeys(CRITERIA, 2), follow_ups={}, self_answers={}, note=WORD)
        rate_interview(interview=self.sat, ratings=marks, now=timezone.now())
        self.interview = make_interview(alice, library.code_script)
        self.interview.board_svg = f"<svg><title>{WORD}</title></svg>"
        self.interview.save()
        self.mock_run = MockRun.objects.create(id=uuid4(), interview=self.interview, code=f"# {WORD}", result=RESULT)
        self.task = make_plan_task(alice, title=WORD)
        self.note = make_note(alice, concept, f"A note: {WORD}")
        make_note(alice, topic, f"A note: {WORD}")
        self.kept_note = KeptText.objects.create(
            learner=alice, place=f"note:{self.note.pk}", page=uuid4().hex[:32], body=WORD
        )
        self.review = WeeklyReview.objects.create(
            learner=alice, monday=MONDAY, last_day="2026-11-29", explain=WORD, derive=WORD
        )
        self.kept_answer = KeptText.objects.create(
            learner=alice, place=f"review:{MONDAY}:explain", page=uuid4().hex[:32], body=WORD
        )
        make_focus(alice, concept, 25)
        self.focus = make_focus(alice, topic, 10)
        make_evidence(alice, concept)
        ConceptStatus.objects.create(learner=alice, concept=concept, status="learning")
        ReviewRequest.objects.create(learner=alice, concept=concept, source="mock:1", reason=WORD)
        PartRead.objects.create(learner=alice, topic=topic, part="overview")
        ItemDone.objects.create(learner=alice, guide=library.guide, item="item-one")
        self.token = ApiToken.objects.create(learner=alice, name=WORD, digest=uuid4().hex)
        self.waiting = make_comment(concept, alice, body=WORD, held=True)
        CommentReport.objects.create(
            comment=library.comment, reporter=alice, reason="spam", words=WORD, reported_at=now, settled_at=now
        )


def arguments(route: str, alice: User, library: Library, hers: Hers) -> dict[str, Any]:
    """What stands in the address of a route."""
    if route == "digest-off":
        return {"signed": off_path(alice).split("/")[-3]}
    return next((found for prefix, found in _arguments(library, hers).items() if route.startswith(prefix)), {})


def _arguments(library: Library, hers: Hers) -> dict[str, dict[str, Any]]:
    """By how a route's name begins; the first that fits counts."""
    exercise = {"topic": "safe-topic", "name": "double"}
    code, slug = {"code": library.concept.code}, {"slug": library.topic.slug}
    attempt, number = {"attempt_id": hers.attempt.pk}, {"number": 1}
    closed = {"attempt_id": hers.closed.pk}
    quiz, mock = {"pk": hers.attempt.pk}, {"pk": hers.interview.pk}
    return {
        "account_token_revoke": {"token_id": hers.token.pk},
        **{key: {} for key in ("concepts:list", "topics:list", "guides:list", "exercises:list")},
        **dict.fromkeys(("concepts:", "comments:create", "notes:concept", "notes:delete-concept"), code),
        "topics:diagram": {**slug, "name": "drawing", "theme": "light"},
        **dict.fromkeys(("topics:", "notes:topic", "notes:delete-topic", "api-topic-note"), slug),
        "guides:": {"slug": library.guide.slug},
        "exercises:run-state": {**exercise, "run_id": hers.run.pk},
        "exercises:": exercise,
        **{key: {} for key in ("quizzes:list", "quizzes:items", "quizzes:start")},
        "quizzes:make_card": {**closed, **number},
        **{key: {**attempt, **number} for key in ("quizzes:answer", "quizzes:preview", "quizzes:rate")},
        **dict.fromkeys(("quizzes:review", "quizzes:retry"), closed),
        "quizzes:": attempt,
        "flashcards:act": {"pk": hers.own_card.pk, "action": "flag"},
        **{key: {"pk": hers.own_card.pk} for key in ("flashcards:info", "flashcards:edit", "flashcards:delete")},
        "flashcards:undo_fit": {"pk": hers.fit.pk},
        "comments:preview": {},
        "moderation:queue": {},
        **{key: {"comment_id": library.comment.pk} for key in ("comments:", "moderation:")},
        "plan:task": {"task_id": hers.task.pk},
        "api-plan-task-done": {"pk": hers.task.pk},
        **{key: {} for key in ("mocks:home", "mocks:start", "mocks:scripts", "mocks:history")},
        "mocks:run-state": {**mock, "run_id": hers.mock_run.pk},
        **{key: {"pk": hers.sat.pk} for key in ("mocks:rate", "mocks:take", "api-mock-rating", "api-mock-take")},
        "mocks:": mock,
        "focus:change": {"session_id": hers.focus.pk},
        "api-focus-session": {"pk": hers.focus.pk},
        "api-reviews": {},
        "api-review": {"monday": MONDAY},
        "reviews:detail": {"monday": MONDAY},
        "reviews:kept": {"monday": MONDAY, "kept_id": hers.kept_answer.pk},
        "notes:kept": {"note_id": hers.note.pk, "kept_id": hers.kept_note.pk},
        "api-concepts": {},
        **dict.fromkeys(("api-concept-", "api-concept"), code),
        "api-comment": {"pk": library.comment.pk},
        "api-moderation": {},
        "api-quizzes": {},
        **{
            key: {**quiz, **number} for key in ("api-quiz-answer", "api-quiz-rating", "api-quiz-check", "api-quiz-flag")
        },
        "api-quiz-retry": {"pk": hers.closed.pk},
        "api-quiz": quiz,
        "api-card-review": {"pk": hers.own_card.pk},
        "api-exercise-runs": exercise,
        "api-exercise-run": {**exercise, "pk": hers.run.pk},
        **{key: {} for key in ("api-mocks", "api-mock-scripts")},
        "api-mock-runs": mock,
        "api-mock-run": {**mock, "run": hers.mock_run.pk},
        "api-mock": mock,
    }
