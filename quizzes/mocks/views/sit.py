"""A running interview: what is said, the pad, the board, the code, the end."""

import json
from typing import Any
from uuid import uuid4

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_permissions_policy.decorators import permissions_policy_override

from mlprep.shared.htmx import render_page, wants_fragment
from mlprep.shared.limits.refusing import limited, note
from mlprep.shared.limits.taking import LimitReached
from mlprep.shared.rendering import render_learner_text
from progress.accounts.requests import LearnerRequest
from quizzes.domain.clock import seconds_left
from quizzes.domain.mocks.board import MAX_JSON, BoardError, read_board
from quizzes.exercises.running import unconfined_notice, why_not
from quizzes.mocks.forms import WorkForm, with_plain_newlines
from quizzes.mocks.models import MAX_PAD, MockInterview, MockRun
from quizzes.mocks.presenting import talk_context, verdict, work_context
from quizzes.mocks.runs import RunTaken, TooManyRuns, look_at_run, start_run
from quizzes.mocks.services import (
    DeadlinePassed,
    InterviewClosed,
    NothingToShow,
    close_interview,
    save_board,
    save_work,
    show_next,
)
from quizzes.mocks.views.own import go_to, own_interview
from quizzes.sandbox.client import SandboxUnavailable

_PAGE = "quizzes/mocks/interview.html"
# A recording of one's own voice, which does not leave the page.
MICROPHONE_HERE: dict[str, str | list[str] | tuple[str]] = {
    **settings.PERMISSIONS_POLICY,
    "microphone": ["self"],
}


@login_required
@never_cache
@permissions_policy_override(MICROPHONE_HERE)
@csp_update({"media-src": ["blob:"]})  # type: ignore[arg-type]  # a recording that has not left the page
@require_safe
def interview(request: LearnerRequest, pk: int) -> HttpResponse:
    """The interview while it runs; once it is closed, what comes after."""
    interview = own_interview(request, pk)
    if interview.finished_at:
        return redirect("mocks:review", pk)
    return render_page(request, _PAGE, _context(interview))


@login_required
@require_POST
def work(request: LearnerRequest, pk: int) -> HttpResponse:
    """Keep what was written; `go` says what else: `hint:2`, `follow_up:1`, `follow_up_hint:1`, `run` or `finish`."""
    interview = own_interview(request, pk)
    form = WorkForm(request.POST)
    if not form.is_valid():
        problem = str(next(iter(form.errors.values()))[0])
        return _show(request, interview, fragment="saved", status=422, problem=problem, **_as_sent(form))
    sent, now = form.cleaned_data, timezone.now()
    try:
        if sent["go"] == "run" and interview.has_code:
            return _run(request, interview, form)
        save_work(interview=interview, now=now, pad=sent["pad"], code=sent["code"])
        if form.to_show:
            what, number = form.to_show
            show_next(interview=interview, what=what, number=number, now=now)
    except NothingToShow:
        return _show(request, interview, fragment="talk", status=422, talk_problem="There is no such question to ask.")
    except InterviewClosed as error:
        return _closed(request, interview, error)
    return _kept(request, interview, form)


@login_required
@require_POST
@limited("previews")
def preview(request: LearnerRequest, pk: int) -> HttpResponse:
    """The pad as it will look."""
    own_interview(request, pk)
    pad = with_plain_newlines(request.POST.get("pad", "").replace("\x00", ""))[:MAX_PAD]
    context = {"pad_html": render_learner_text(pad) if pad.strip() else ""}
    return render_page(request, "quizzes/mocks/preview.html", context, fragment="preview")


@login_required
@require_POST
def board(request: LearnerRequest, pk: int) -> HttpResponse:
    """Keep the drawing, sent as JSON; the answer says how many strokes are kept, or what was wrong."""
    interview = own_interview(request, pk)
    if len(request.body) > MAX_JSON:
        return JsonResponse({"detail": "The board is full."}, status=413)
    try:
        drawing = read_board(json.loads(request.body))
        save_board(interview=interview, board=drawing, now=timezone.now())
    except BoardError as error:
        return JsonResponse({"detail": f"{error}."}, status=422)
    except (ValueError, RecursionError):
        return JsonResponse({"detail": "That is no JSON."}, status=400)
    except InterviewClosed:
        return JsonResponse({"detail": "The interview is over."}, status=409)
    return JsonResponse({"strokes": len(drawing.strokes)})


@login_required
@never_cache
@require_safe
def drawing(request: LearnerRequest, pk: int) -> HttpResponse:
    """The drawing as a file of its own."""
    interview = own_interview(request, pk)
    if not interview.board_svg:
        return HttpResponse(status=404)
    response = HttpResponse(interview.board_svg, content_type="image/svg+xml")
    response["Content-Disposition"] = f'attachment; filename="mock-{pk}-whiteboard.svg"'
    return response


@login_required
@never_cache
@require_safe
def run_state(request: LearnerRequest, pk: int, run_id: str) -> HttpResponse:
    """How a run that waited goes on."""
    interview = own_interview(request, pk)
    run = get_object_or_404(
        MockRun.objects.of(request.user).select_related("interview__version"), pk=run_id, interview=interview
    )
    try:
        found, place = look_at_run(run=run)
    except SandboxUnavailable as error:
        return _show(request, interview, fragment="result", run_problem=str(error))
    if interview.finished_at:
        return go_to(request, reverse("mocks:review", args=[pk]))
    return _show(request, interview, fragment="result", run=found, place=place)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: LearnerRequest, pk: int) -> HttpResponse:
    """Ask once more; then close the interview and show the model answers."""
    interview = own_interview(request, pk)
    if request.method == "POST":
        close_interview(interview=interview, now=timezone.now())
        return redirect("mocks:review", pk)
    if interview.finished_at:
        return redirect("mocks:review", pk)
    context = {"interview": interview, **talk_context(interview), **_clock(interview)}
    return render_page(request, "quizzes/mocks/finish.html", context)


def _kept(request: LearnerRequest, interview: MockInterview, form: WorkForm) -> HttpResponse:
    """Where a page goes on whose work was kept."""
    if form.cleaned_data["go"] == "finish":
        return go_to(request, reverse("mocks:finish", args=[interview.pk]))
    if wants_fragment(request):
        return _show(request, interview, fragment="talk" if form.to_show else "saved", saved=True)
    return redirect(f"{interview.get_absolute_url()}#next" if form.to_show else interview)


def _run(request: LearnerRequest, interview: MockInterview, form: WorkForm) -> HttpResponse:
    """Run the code and show what came of it. Raises InterviewClosed."""
    sent, now = form.cleaned_data, timezone.now()
    if reason := why_not():
        save_work(interview=interview, now=now, pad=sent["pad"], code=sent["code"])
        return _show(request, interview, fragment="result", run_problem=reason)
    code = interview.code if sent["code"] is None else sent["code"]
    try:
        run, place = start_run(interview=interview, code=code, id=sent["id"] or uuid4(), now=now, pad=sent["pad"])
    except RunTaken:
        problem = "This run is not yours; load the page anew."
        return _show(request, interview, fragment="result", status=422, run_problem=problem)
    except LimitReached as reached:
        note(request, reached)
        return _show(request, interview, fragment="result", status=429, run_problem=str(reached))
    except TooManyRuns:
        problem = "So many runs were made here that no more are taken; your code is kept."
        return _show(request, interview, fragment="result", status=422, run_problem=problem)
    except SandboxUnavailable as error:
        return _show(request, interview, fragment="result", run_problem=str(error))
    return _show(request, interview, fragment="result", run=run, place=place)


def _as_sent(form: WorkForm) -> dict[str, Any]:
    """What was typed and is not kept, so that the page does not lose it."""
    return {f"{name}_typed": form.data[name] for name in ("pad", "code") if name in form.data}


def _context(interview: MockInterview) -> dict[str, object]:
    return {
        "interview": interview,
        **talk_context(interview),
        **work_context(interview),
        **_clock(interview),
        "max_pad": MAX_PAD,
        "new_id": uuid4(),
        "why_not": why_not() if interview.has_code else "",
        "unconfined_notice": unconfined_notice() if interview.has_code else "",
    }


def _clock(interview: MockInterview) -> dict[str, object]:
    return {
        "seconds_left": seconds_left(interview.deadline, timezone.now()),
        "after": reverse("mocks:review", args=[interview.pk]),
    }


def _show(
    request: LearnerRequest,
    interview: MockInterview,
    *,
    fragment: str,
    run: MockRun | None = None,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    context = {**_context(interview), **more}
    if run:
        context |= {"run": run, "verdict": verdict(run), "waits": run.result is None}
    return render_page(request, _PAGE, context, fragment=fragment, status=status)


def _closed(request: LearnerRequest, interview: MockInterview, error: InterviewClosed) -> HttpResponse:
    messages.info(
        request,
        "Time was up before this arrived; what was saved until then stays."
        if isinstance(error, DeadlinePassed)
        else "This interview is finished already.",
    )
    return go_to(request, reverse("mocks:review", args=[interview.pk]))
