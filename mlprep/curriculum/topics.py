"""The course: its topics by phase, and a topic to read."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from concepts.curriculum.models import Phase
from concepts.models import Concept, Diagram, Topic, TopicPart
from mlprep.shared.htmx import render_page, wants_fragment
from progress.accounts.requests import LearnerRequest
from progress.models import PartRead, User
from progress.notes.views import note_context
from progress.reading.services import mark_read, parts_read
from quizzes.exercises.folder import zip_of
from quizzes.exercises.models import Exercise
from quizzes.exercises.presenting import listed

_YEAR = 365 * 24 * 3600
_DIAGRAM_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic in the list, with how far the learner is."""

    topic: Topic
    parts: int
    read: int
    exercises: int
    solved: int

    @property
    def percent(self) -> int:
        """Of the parts to read and the exercises to solve, how many are done."""
        return round(100 * (self.read + self.solved) / max(1, self.parts + self.exercises))


@require_safe
def topic_list(request: HttpRequest) -> HttpResponse:
    """All topics by phase."""
    rows = topic_rows(request.user if isinstance(request.user, User) else None)
    phases = [(phase, [row for row in rows if row.topic.phase == phase]) for phase in Phase]
    return render_page(request, "curriculum/topics.html", {"phases": phases, "rows": rows})


def topic_rows(learner: User | None) -> list[TopicRow]:
    """Every topic with the learner's progress."""
    parts: dict[int, int] = {}
    for key in TopicPart.objects.values_list("topic_id", flat=True):
        parts[key] = parts.get(key, 0) + 1
    read = parts_read(learner) if learner else {}
    exercises = listed(Exercise.objects.listed().select_related("topic"), learner)
    rows = []
    for topic in Topic.objects.current():
        own = [row for row in exercises if row.exercise.topic_id == topic.pk]
        solved = sum(row.state == "solved" for row in own)
        rows.append(TopicRow(topic, parts.get(topic.pk, 0), read.get(topic.pk, 0), len(own), solved))
    return rows


@require_safe
def topic_page(request: HttpRequest, slug: str) -> HttpResponse:
    """A topic: its eight parts, its exercises, what it builds on and what it leads to."""
    topic = _topic(slug)
    learner = request.user if isinstance(request.user, User) else None
    before, after = Topic.objects.neighbours(topic)
    parts = list(topic.parts.order_by("position"))
    context = {
        "topic": topic,
        "parts": parts,
        "read_parts": _read_parts(learner, topic),
        "minutes": topic.minutes,
        "exercises": listed(Exercise.objects.listed().filter(topic=topic).select_related("topic"), learner),
        "prerequisites": topic.prerequisites.filter(retired=False),
        "unlocks": topic.unlocks.filter(retired=False),
        "concepts": Concept.objects.as_list().filter(topics=topic),
        "before": before,
        "after": after,
        **note_context(request.user, topic),
    }
    return render_page(request, "curriculum/topic.html", context)


@login_required
@require_POST
def read(request: LearnerRequest, slug: str) -> HttpResponse:
    """Mark a part as read, or as not read."""
    topic = _topic(slug)
    parts = list(topic.parts.titles())
    # Found here and not by the database: PostgreSQL takes no NUL, not even to look for it.
    part = next((part for part in parts if part.slug == request.POST.get("part")), None)
    if part is None:
        raise Http404
    is_read = request.POST.get("read") == "on"
    mark_read(learner=request.user, topic=topic, part=part.slug, read=is_read, now=timezone.now())
    if not wants_fragment(request):
        return redirect(f"{topic.get_absolute_url()}#{part.slug}")
    context = {"topic": topic, "part": part, "parts": parts, "read_parts": _read_parts(request.user, topic)}
    return render_page(request, "curriculum/topic.html", context | {"swapped": True}, fragment="mark")


@require_safe
def folder(request: HttpRequest, slug: str) -> HttpResponse:
    """The topic's folder: text, exercises that run with `python exercises.py`, solutions, notes."""
    topic = get_object_or_404(Topic, slug=slug, retired=False)
    name = f"{topic.number:02}-{topic.slug}.zip"
    return HttpResponse(
        zip_of(topic, topic.source),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_safe
def diagram(request: HttpRequest, slug: str, name: str, theme: str) -> HttpResponse:
    """A drawing; its address has its digest, so browsers may keep it."""
    drawing = Diagram.objects.filter(topic__slug=slug, name=name, theme=theme).first()
    if drawing is None:
        raise Http404
    response = HttpResponse(drawing.svg, content_type="image/svg+xml")
    response.headers["Content-Security-Policy"] = _DIAGRAM_POLICY
    response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
    return response


def _topic(slug: str) -> Topic:
    return get_object_or_404(Topic.objects.current(), slug=slug)


def _read_parts(learner: User | None, topic: Topic) -> set[str]:
    if learner is None:
        return set()
    return set(PartRead.objects.of(learner).filter(topic=topic).values_list("part", flat=True))
