"""Where a task is done, and how it is called."""

from collections.abc import Collection, Mapping

from django.http import QueryDict
from django.urls import reverse

from mlprep.plan.seams import mocks_url, weekly_review_url
from progress.models import PlanTask
from progress.plans.shelf import plans

_VERBS = {"read": "Read", "exercise": "Exercise", "quiz": "Quiz", "review": "Review"}
_PARTS = {"derive": "mathematical-foundation", "aloud": "interview-questions"}
_PAGES = {"formulas": "formulas", "exercises": "exercises:list", "progress": "progress:overview"}

Codes = Mapping[str, Collection[str]]
"""Codes of a topic's concepts, by its slug."""


def verb_of(task: PlanTask) -> str:
    """What one does with the title; empty where the title says it."""
    return _VERBS.get(task.kind, "")


def url_of(task: PlanTask, codes: Codes) -> str:
    """The page on which the task is done; empty where it is done away from here."""
    name, _, rest = task.key.partition(":")
    if name in {"quiz", "review"}:
        return _practice(task.topic, codes)
    if name == "exercise":
        return reverse("exercises:detail", args=rest.split("/", 1))
    if task.topic:
        part = _PARTS.get(name) or next(iter(task.pieces), "")
        return reverse("topics:detail", args=[task.topic]) + (f"#{part}" if part else "")
    if name in {"concept", "request"}:
        return reverse("concepts:detail", args=[rest.rpartition(":")[2]])
    return _page(name)


def _practice(topic: str, codes: Codes) -> str:
    """The form of a quiz on the topic's concepts; the topic itself where it names none."""
    wanted = QueryDict(mutable=True)
    wanted.setlist("concept", sorted(codes.get(topic, ())))
    return f"{reverse('quizzes:list')}?{wanted.urlencode()}" if wanted else reverse("topics:detail", args=[topic])


def _page(name: str) -> str:
    if name == "cards":
        return reverse("flashcards:review")
    if name == "mock":
        return mocks_url()
    if name == "weekly":
        return weekly_review_url()
    link = next((habit.link for habit in plans().countdown if habit.key == name), "")
    if link in _PAGES:
        return reverse(_PAGES[link])
    return reverse("guides:detail", args=[link]) if link else ""
