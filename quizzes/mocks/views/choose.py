"""Choosing an interview: by wishes, or a script from the list; and the history."""

from random import Random
from secrets import randbits

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mlprep.shared.htmx import render_page
from progress.accounts.requests import LearnerRequest
from quizzes.domain.mocks.script import KINDS
from quizzes.mocks.choice import NoScript, choose_script, last_sat
from quizzes.mocks.forms import ChooseForm, ListForm
from quizzes.mocks.history import concept_names, confidence, sittings_of, trend
from quizzes.mocks.models import MockInterview, MockScript
from quizzes.mocks.services import InterviewRuns, close_overdue_interviews, start_interview

PER_PAGE = 20


@login_required
@never_cache
@require_safe
def home(request: LearnerRequest) -> HttpResponse:
    """The form that starts an interview, the one that runs, the last ones."""
    return _home(request, ChooseForm(initial=_initial(request)))


@login_required
@require_POST
def start(request: LearnerRequest) -> HttpResponse:
    """Start the clock: on the script that is named, or on the one that fits the wishes best."""
    if slug := request.POST.get("script", "").replace("\x00", "?"):
        script = get_object_or_404(MockScript.objects.current().select_related("current"), slug=slug)
        return _start(request, script, role="")
    form = ChooseForm(request.POST)
    if not form.is_valid():
        return _home(request, form, status=422)
    wishes = form.wishes()
    try:
        rng = Random(randbits(62))  # noqa: S311 (a draw, not a secret)
        script = choose_script(learner=request.user, wishes=wishes, now=timezone.now(), rng=rng)
    except NoScript:
        form.add_error(None, "No script fits this choice. Take another kind or role, or more minutes.")
        return _home(request, form, status=422)
    return _start(request, script, wishes.role)


@login_required
@require_safe
def scripts(request: LearnerRequest) -> HttpResponse:
    """All scripts by title, kind and difficulty, and when one sat them; nothing of what they ask."""
    form = ListForm(request.GET)
    kind = form.cleaned_data["kind"] if form.is_valid() else ""
    sat = last_sat(request.user)
    found = list(MockScript.objects.current().of_kind(kind).order_by("title"))
    groups = [
        (name, [(script, sat.get(script.pk)) for script in found if script.kind == value])
        for value, name in KINDS.items()
    ]
    context = {
        "groups": [group for group in groups if group[1]],
        "count": len(found),
        "kind": kind,
        "kinds": [("", "All"), *KINDS.items()],
        "running": MockInterview.objects.of(request.user).running().listed().first(),
    }
    return render_page(request, "quizzes/mocks/scripts.html", context)


@login_required
@require_safe
def history(request: LearnerRequest) -> HttpResponse:
    """Every interview, how the scores went, and how own ratings compare with what was measured."""
    close_overdue_interviews(now=timezone.now(), learner=request.user)
    closed = MockInterview.objects.of(request.user).closed().listed()
    rated = list(closed.rated().order_by("started_at", "pk"))
    context = {
        "page": Paginator(closed, PER_PAGE).get_page(request.GET.get("page")),
        "sittings": list(reversed(sittings := sittings_of(rated)))[:PER_PAGE],
        "trend": trend(sittings) if sittings else None,
        "confidence": confidence(rated, concept_names(rated)) if rated else None,
    }
    return render_page(request, "quizzes/mocks/history.html", context)


def _start(request: LearnerRequest, script: MockScript, role: str) -> HttpResponse:
    try:
        interview = start_interview(learner=request.user, script=script, role=role, now=timezone.now())
    except InterviewRuns as runs:
        if runs.interview.script.pk != script.pk:
            messages.info(request, "This interview was running already. Finish it before you start another.")
        interview = runs.interview
    return redirect(interview)


def _home(request: LearnerRequest, form: ChooseForm, *, status: int = 200) -> HttpResponse:
    close_overdue_interviews(now=timezone.now(), learner=request.user)
    mine = MockInterview.objects.of(request.user).listed()
    context = {
        "form": form,
        "running": mine.running().first(),
        "past": list(mine.closed()[:5]),
        "count": MockScript.objects.current().count(),
    }
    return render_page(request, "quizzes/mocks/home.html", context, status=status)


def _initial(request: LearnerRequest) -> dict[str, object]:
    """The role of the last interview, and the kind that the address names."""
    last = MockInterview.objects.of(request.user).only("role").first()
    kind = request.GET.get("kind", "")
    return {"role": last.role if last else "", "kind": kind if kind in KINDS else ""}
