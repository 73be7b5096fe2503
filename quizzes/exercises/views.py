"""The list of exercises, and one of them: read, write, run, ask for help."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from concepts.models import Topic
from mlprep.shared.htmx import render_page, wants_fragment
from mlprep.shared.limits.refusing import note
from mlprep.shared.limits.taking import LimitReached
from progress.accounts.requests import LearnerRequest
from progress.models import User
from quizzes.exercises.forms import CodeForm, HintForm, RunForm
from quizzes.exercises.models import Exercise, ExerciseRun, ExerciseWork
from quizzes.exercises.presenting import editor_context, listed, run_of_draft, verdict
from quizzes.exercises.running import unconfined_notice, why_not
from quizzes.exercises.services import (
    NewerText,
    RunTaken,
    keep_text,
    look_at_run,
    reset_code,
    see_solution,
    start_run,
    take_hint,
)
from quizzes.sandbox.client import SandboxUnavailable, TooManyRuns

_PAGE = "quizzes/exercises/exercise.html"
_MAX_DIGITS = 7


def act(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For what a learner does by POST: who is signed out comes back to the exercise, as its address is no page."""

    @wraps(view)
    def acting(request: HttpRequest, topic: str, name: str) -> HttpResponse:
        if not isinstance(request.user, User):
            return redirect_to_login(reverse("exercises:detail", args=[topic, name]))
        return require_POST(view)(request, topic, name)

    return acting


@require_safe
def exercise_list(request: HttpRequest) -> HttpResponse:
    """All exercises by topic."""
    exercises = Exercise.objects.listed().select_related("topic")
    rows = listed(exercises, request.user if isinstance(request.user, User) else None)
    topics = [(topic, [row for row in rows if row.exercise.topic_id == topic.pk]) for topic in Topic.objects.current()]
    solved = sum(row.state == "solved" for row in rows)
    context = {"topics": [pair for pair in topics if pair[1]], "count": len(rows), "solved": solved}
    return render_page(request, "quizzes/exercises/list.html", context)


@never_cache
@require_safe
def detail(request: HttpRequest, topic: str, name: str) -> HttpResponse:
    """The exercise with the learner's draft and what its last run showed.

    `?run=` shows an earlier run, `?history=` a page of the list of them.
    """
    exercise = _exercise(topic, name)
    work = _work(request, exercise)
    asked = request.GET.get("history", "")
    page = int(asked) if asked.isdecimal() and len(asked) < _MAX_DIGITS else 1
    context = _context(exercise, work, page=page) | {"opens_history": bool(asked)}
    if work and (run_id := request.GET.get("run", "")):
        run = get_object_or_404(ExerciseRun.objects.of(work.learner).ended(), pk=_uuid_or_none(run_id), work=work)
        context |= {"run": run, "verdict": verdict(run), "code": run.code, "shows_earlier": run.code != work.code}
    elif work and (last := run_of_draft(work)):
        context |= {"run": last, "verdict": verdict(last), "waits": last.result is None, "shows_last": True}
    return render_page(request, _PAGE, context)


@act
def run(request: LearnerRequest, topic: str, name: str) -> HttpResponse:
    """Run what stands in the editor, and show test by test what came of it."""
    exercise = _exercise(topic, name)
    form = RunForm(request.POST)
    if not form.is_valid():
        return _show(request, exercise, fragment="result", problem=_first_error(form), status=422)
    now = timezone.now()
    if reason := why_not():
        with suppress(NewerText):
            keep_text(learner=request.user, exercise=exercise, text=form.text, now=now)
        return _show(request, exercise, fragment="result", problem=reason)
    try:
        id = form.cleaned_data["id"] or uuid4()
        found, place = start_run(learner=request.user, exercise=exercise, text=form.text, id=id, now=now)
    except RunTaken:
        problem = "This page has sent other code for the same run before. Press Run once more."
        return _show(request, exercise, fragment="result", problem=problem, status=409)
    except (LimitReached, TooManyRuns) as error:
        if isinstance(error, LimitReached):
            note(request, error)
        return _show(request, exercise, fragment="result", problem=str(error), status=429)
    except SandboxUnavailable as error:
        return _show(request, exercise, fragment="result", problem=str(error))
    return _show(request, exercise, fragment="result", run=found, place=place)


@login_required
@never_cache
@require_safe
def run_state(request: LearnerRequest, topic: str, name: str, run_id: str) -> HttpResponse:
    """How a run that waited goes on."""
    exercise = _exercise(topic, name)
    run = get_object_or_404(
        ExerciseRun.objects.of(request.user).select_related("work__exercise"), pk=run_id, work__exercise=exercise
    )
    try:
        found, place = look_at_run(run=run, now=timezone.now())
    except SandboxUnavailable as error:
        return _show(request, exercise, fragment="result", problem=str(error))
    return _show(request, exercise, fragment="result", run=found, place=place)


@act
def draft(request: LearnerRequest, topic: str, name: str) -> HttpResponse:
    """Save what stands in the editor; 409 where another page has saved newer text."""
    exercise = _exercise(topic, name)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _show(request, exercise, fragment="saved", save_problem=_first_error(form), status=422)
    try:
        keep_text(learner=request.user, exercise=exercise, text=form.text, now=timezone.now())
    except NewerText:
        return _show(request, exercise, fragment="saved", is_stale=True, status=409)
    return _show(request, exercise, fragment="saved", saved=True)


@act
def hint(request: LearnerRequest, topic: str, name: str) -> HttpResponse:
    """Show the hint that was asked for."""
    exercise = _exercise(topic, name)
    form = HintForm(request.POST)
    number = form.cleaned_data["number"] if form.is_valid() else None
    take_hint(learner=request.user, exercise=exercise, now=timezone.now(), number=number)
    return _show(request, exercise, fragment="help")


@act
def solution(request: LearnerRequest, topic: str, name: str) -> HttpResponse:
    """Show the solution after a try; before the first one only where the learner has confirmed to give up."""
    exercise = _exercise(topic, name)
    give_up = request.POST.get("give_up") == "on"
    work = see_solution(learner=request.user, exercise=exercise, now=timezone.now(), give_up=give_up)
    return _show(request, exercise, fragment="help", must_confirm=work is None)


@act
def reset(request: LearnerRequest, topic: str, name: str) -> HttpResponse:
    """Begin anew with the stub; what was run is in the history."""
    exercise = _exercise(topic, name)
    reset_code(learner=request.user, exercise=exercise, now=timezone.now())
    messages.info(request, "The editor holds the stub again. What you ran is in the history.")
    return redirect(exercise)


def _exercise(topic: str, name: str) -> Exercise:
    return get_object_or_404(Exercise.objects.current().select_related("topic"), topic__slug=topic, slug=name)


def _work(request: HttpRequest, exercise: Exercise) -> ExerciseWork | None:
    if not isinstance(request.user, User):
        return None
    return ExerciseWork.objects.of(request.user).filter(exercise=exercise).first()


def _context(exercise: Exercise, work: ExerciseWork | None, *, page: int = 1) -> dict[str, object]:
    siblings = list(Exercise.objects.listed().filter(topic=exercise.topic).select_related("topic"))
    here = next(place for place, other in enumerate(siblings) if other.pk == exercise.pk)
    return {
        **editor_context(exercise, work, page=page),
        "before": siblings[here - 1] if here else None,
        "after": siblings[here + 1] if here + 1 < len(siblings) else None,
        "new_id": uuid4(),
        "page_id": uuid4().hex,
        "look_id": uuid4().hex,
        "why_not": why_not(),
        "unconfined_notice": unconfined_notice(),
    }


def _show(  # noqa: PLR0913 (what a page shows, all by keyword)
    request: LearnerRequest,
    exercise: Exercise,
    *,
    fragment: str,
    run: ExerciseRun | None = None,
    place: int = 0,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    work = _work(request, exercise)
    context = {**_context(exercise, work), "place": place, **more}
    if run:
        # The first run opens the solution and adds to the history, which stand elsewhere on the page.
        is_part = wants_fragment(request) and run.result is not None
        context |= {"run": run, "verdict": verdict(run), "waits": run.result is None, "swaps_help": is_part}
        context["keeps_newer"] = work is not None and work.code != run.code and request.method == "POST"
    if not wants_fragment(request) and status == 200 and not run and not more.get("problem"):
        return redirect(exercise)
    return render_page(request, _PAGE, context, fragment=fragment, status=status)


def _first_error(form: CodeForm) -> str:
    return str(next(iter(form.errors.values()))[0])


def _uuid_or_none(text: str) -> str | None:
    return text if len(text) in {32, 36} and all(sign in "0123456789abcdefABCDEF-" for sign in text) else None
