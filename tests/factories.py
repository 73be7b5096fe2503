"""Small makers of records; every argument has a plain default."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from concepts.models import Concept, Section, Subsection, SyllabusSource, Topic
from mlprep.shared.rendering import RENDERER_VERSION
from progress.accounts import tokens
from progress.accounts.models import Scope
from progress.focus.services import start_timer, stop_timer
from progress.models import Comment, Evidence, FocusSession, Note, PlanTask, StudyPlan, User
from progress.notes.services import Marks, save_note
from progress.services import record_evidence
from quizzes.attempts.selection import Selection
from quizzes.attempts.services import start_attempt
from quizzes.bank.rendering import render_question
from quizzes.domain.mocks.script import Script
from quizzes.domain.questions import parse_question
from quizzes.flashcards.enrolment import add_to_collection, enrol_everybody
from quizzes.mocks.rendering import render_script
from quizzes.mocks.services import start_interview
from quizzes.models import (
    Attempt,
    Card,
    Exercise,
    LearnerCard,
    MockInterview,
    MockScript,
    MockScriptVersion,
    Question,
    QuestionVersion,
)
from tests.quizzes.examples import content_of

_number = count(1)


def make_subsection(name: str = "Calculus", section: str = "Math", position: int = 1) -> Subsection:
    slug = section.lower().replace(" ", "-")
    parent, _ = Section.objects.get_or_create(slug=slug, defaults={"name": section, "position": position})
    subsection, _ = Subsection.objects.get_or_create(
        section=parent, slug=name.lower().replace(" ", "-"), defaults={"name": name, "position": position}
    )
    return subsection


def make_concept(code: str = "", *, subsection: Subsection | None = None, **fields: Any) -> Concept:
    number = next(_number)
    return Concept.objects.create(
        code=code or f"TEST-{number:03}",
        subsection=subsection or make_subsection(),
        **{
            "name": f"Concept {number}",
            "position": number,
            "priority": "high",
            "week": 1,
            "formula": "y = x",
            "formula_latex": "y = x",
            "interview_question": "What is it?",
            **fields,
        },
    )


def make_question(concept: Concept, *, slug: str = "", kind: str = "single_choice", right: int = 1) -> Question:
    """A question with four options of which the first `right` are right; option texts say which."""
    slug = slug or f"{concept.code.lower()}-q{next(_number)}"
    content = {
        "id": slug,
        "kind": kind,
        "difficulty": 1,
        "prompt": f"Prompt of {slug}?",
        "options": [
            {
                "text": f"{'good' if index < right else 'bad'} option {index}",
                "correct": index < right,
                "explanation": f"secret explanation {index}",
            }
            for index in range(4)
        ],
    }
    question = Question.objects.create(slug=slug, concept=concept, kind=kind, difficulty=1)
    question.current = QuestionVersion.objects.create(
        question=question, digest=slug, content=content, rendered=render_question(content)
    )
    question.save()
    return question


def make_question_of(kind: str, concept: Concept | None = None, **changes: Any) -> Question:
    """A question of any kind, as in tests/quizzes/examples.py, on a concept of its own unless one is given."""
    concept = concept or make_concept()
    slug = f"{concept.code.lower()}-q{next(_number)}"
    content = parse_question({**content_of(kind, **changes), "id": slug}).model_dump()
    question = Question.objects.create(slug=slug, concept=concept, kind=kind, difficulty=content["difficulty"])
    question.current = QuestionVersion.objects.create(
        question=question, digest=slug, content=content, rendered=render_question(content)
    )
    question.save()
    return question


def make_attempt_at(learner: User, *questions: Question, **wishes: Any) -> Attempt:
    """A running attempt at exactly these questions."""
    codes = tuple({question.concept.code for question in questions})
    selection = Selection(questions=len(questions), concepts=codes, **wishes)
    return start_attempt(learner=learner, selection=selection, now=timezone.now(), seed=1)


def make_attempt(
    learner: User, *, questions: int = 3, minutes: int = 10, now: datetime | None = None, kind: str = "single_choice"
) -> Attempt:
    """A running attempt over new questions, each on a concept of its own."""
    concepts = [make_concept() for _ in range(questions)]
    for concept in concepts:
        make_question(concept, kind=kind, right=2 if kind == "multiple_choice" else 1)
    selection = Selection(questions=questions, minutes=minutes, concepts=tuple(concept.code for concept in concepts))
    return start_attempt(learner=learner, selection=selection, now=now or timezone.now(), seed=1)


def keys_of(attempt: Attempt, number: int) -> tuple[list[str], list[str]]:
    """The keys of the right and of the wrong options of a question, as shown in this attempt."""
    question = attempt.questions.select_related("version").get(number=number)
    pairs = list(zip("abcdefgh", question.presentation["order"], strict=False))
    options = question.version.content["options"]
    right = [key for key, index in pairs if options[index]["correct"]]
    return right, [key for key, _ in pairs if key not in right]


def make_card(concept: Concept | None = None, *, learner: User | None = None, **fields: Any) -> Card:
    """A library card that every learner has in their collection; with a learner, their own."""
    number = next(_number)
    content = fields.get("content", {"front": f"Front {number}", "back": f"Back {number}"})
    card = Card.objects.create(
        **{
            "slug": None if learner else f"card-{number}",
            "owner": learner,
            "concept": concept,
            "kind": "own" if learner else "fact",
            "siblings": f"siblings-{number}",
            "content": content,
            "front_html": f"<p>{content.get('front', '')}</p>",
            "back_html": f"<p>{content.get('back', '')}</p>",
            "position": number,
            **fields,
        }
    )
    if learner:
        add_to_collection(learner, [card])
    else:
        enrol_everybody()
    return card


def learned(learner: User, card: Card) -> LearnerCard:
    """The card in the learner's collection."""
    return LearnerCard.objects.select_related("card__concept").get(learner=learner, card=card)


def make_comment(concept: Concept, author: User, body: str = "A remark", **fields: Any) -> Comment:
    return Comment.objects.create(
        concept=concept,
        author=author,
        body=body,
        body_html=f"<p>{body}</p>",
        renderer_version=RENDERER_VERSION,
        **fields,
    )


def make_evidence(learner: User, concept: Concept, credit: float = 1.0, *, days_ago: float = 0) -> Evidence:
    source = f"test:{next(_number)}"
    record_evidence(
        learner=learner,
        concept_id=concept.pk,
        source=source,
        credit=credit,
        guess_chance=0.25,
        happened_at=timezone.now() - timedelta(days=days_ago),
    )
    return Evidence.objects.get(learner=learner, source=source)


def make_topic(number: int = 0, **fields: Any) -> Topic:
    """A topic with two short parts."""
    number = number or next(_number)
    topic = Topic.objects.create(
        **{
            "slug": f"topic-{number}",
            "number": number,
            "phase": 1,
            "title": f"Topic {number}",
            "summary": "What one can do afterwards.",
            "minutes": 30,
            "source": "# Topic",
            **fields,
        }
    )
    for position, title in enumerate(("Overview", "Worked examples")):
        topic.parts.create(
            slug=title.lower().replace(" ", "-"), title=title, position=position, minutes=3, html=f"<p>{title} text</p>"
        )
    return topic


EXERCISE_TESTS = """from checks import ExerciseTestCase
from exercise import double


class TestDouble(ExerciseTestCase):
    def test_two(self):
        '''Twice two.'''
        self.assert_close(double(2), 4, what="double(2)")

    def test_minus_one(self):
        '''Twice minus one.'''
        self.assert_close(double(-1), -2, what="double(-1)")
"""


def make_exercise(topic: Topic | None = None, *, slug: str = "double", **fields: Any) -> Exercise:
    """An exercise that asks for a function `double`."""
    return Exercise.objects.create(
        **{
            "topic": topic or make_topic(),
            "slug": slug,
            "title": "Doubling",
            "position": 1,
            "difficulty": "easy",
            "minutes": 5,
            "statement_html": "<p>Return twice x.</p>",
            "stub": "def double(x):\n    pass\n",
            "hints": ["Multiply.", "By two.", "return 2 * x"],
            "solution": "def double(x):\n    # the solution\n    return 2 * x\n",
            "tests": EXERCISE_TESTS,
            "digest": "d",
            **fields,
        }
    )


def make_syllabus(*bullets: dict[str, Any], slug: str = "list") -> SyllabusSource:
    """A source with one section, `Basics`, of these bullets; id and text have plain defaults."""
    items = [{"id": f"{slug}-{number}", "text": f"Bullet {number}", **fields} for number, fields in enumerate(bullets)]
    section = {"id": f"{slug}-basics", "text": "Basics", "items": items}
    return SyllabusSource.objects.create(slug=slug, position=next(_number), title=f"The {slug}", entries=[section])


def make_plan_task(learner: User, *, days: int = 0, **fields: Any) -> PlanTask:
    """A task so many days from the learner's today, in a plan of theirs."""
    number, today = next(_number), learner.day_of(timezone.now())
    plan, _ = StudyPlan.objects.get_or_create(
        learner=learner,
        defaults={"minutes": [60] * 7, "starts_on": today, "made_at": timezone.now() - timedelta(days=5)},
    )
    return PlanTask.objects.create(
        **{
            "plan": plan,
            "day": today + timedelta(days=days),
            "position": number,
            "key": f"free:{number}",
            "kind": "free",
            "title": f"Task {number}",
            "minutes": 10,
            **fields,
        }
    )


def make_note(learner: User, subject: Concept | Topic, body: str = "A thought", **marks: Any) -> Note:
    """A note that is saved as its page saves it."""
    return save_note(learner=learner, subject=subject, body=body, marks=Marks(**marks), now=timezone.now()).note


def make_focus(learner: User, subject: Concept | Topic, minutes: float = 25, *, days_ago: float = 0) -> FocusSession:
    """Minutes of the focus timer that are logged."""
    started = timezone.now() - timedelta(days=days_ago, minutes=minutes)
    session = start_timer(learner=learner, subject=subject, minutes=max(1, round(minutes)), now=started)
    return stop_timer(session=session, now=started + timedelta(minutes=minutes))


MOCK_CODE = {
    "function": "double",
    "given": "def double(x):\n    return x\n",
    "tests": EXERCISE_TESTS,
    "solution": "def double(x):\n    return 2 * x\n",
}


def mock_content(**changes: Any) -> dict[str, Any]:
    """A script's file as data, of kind theory unless changed."""
    return {
        "kind": "theory",
        "title": "Why steps shrink",
        "minutes": 25,
        "difficulty": "medium",
        "topics": [],
        "concepts": [],
        "roles": ["ml_engineer", "research_scientist"],
        "opening": "Why would one let the learning rate $\\eta$ shrink over time?",
        "hints": ["Think of the noise near the minimum.", "How far does one noisy step carry you?"],
        "model_answer": "Because the noise of a mini-batch gradient does not vanish at the minimum, so that a step of "
        "constant length $\\eta$ keeps the weights at a distance from it. " * 2,
        "follow_ups": [
            {
                "ask": f"Follow-up question {number}, asked aloud?",
                "hint": hint,
                "answer": f"Secret answer {number}: yes.",
            }
            for number, hint in ((1, "Secret nudge."), (2, ""), (3, ""))
        ],
        "rubric": {
            name: f"Earns marks for {name} here."
            for name in ("intuition", "derivation", "implementation", "practice", "clarity")
        },
        "self_questions_note": "",
        "code": None,
        **changes,
    }


def make_mock_script(
    slug: str = "", *, concepts: Sequence[Concept] = (), topics: Sequence[Topic] = (), **changes: Any
) -> MockScript:
    """A script of the library; kinds that need code get some."""
    if changes.get("kind") in {"implementation", "debugging"}:
        changes = {"code": MOCK_CODE, **changes}
    names = {"concepts": [concept.code for concept in concepts], "topics": [topic.slug for topic in topics]}
    content = Script.model_validate(mock_content(**{**names, **changes}))
    script = MockScript.objects.create(
        slug=slug or f"mock-{next(_number)}",
        kind=content.kind,
        title=content.title,
        minutes=content.minutes,
        difficulty=content.difficulty,
        roles=" ".join(content.roles),
    )
    script.current = MockScriptVersion.objects.create(
        script=script, digest=script.slug, content=content.model_dump(), rendered=render_script(content)
    )
    script.save()
    script.concepts.set(concepts)
    script.topics.set(topics)
    return script


def make_interview(
    learner: User, script: MockScript | None = None, *, minutes_ago: float = 0, **changes: Any
) -> MockInterview:
    """A running interview; changes go into a script of its own."""
    script = script or make_mock_script(**changes)
    now = timezone.now() - timedelta(minutes=minutes_ago)
    return start_interview(learner=learner, script=script, role="ml_engineer", now=now)


def make_token(learner: User, scope: str = "write", *, days: float | None = 90) -> str:
    """An API token, as a program sends it; a negative number of days makes one that has expired."""
    lifetime = None if days is None else timedelta(days=days)
    made = {"learner": learner, "name": f"May {scope}", "scope": Scope(scope), "lifetime": lifetime}
    return tokens.make_token(now=timezone.now(), **made)[1]
