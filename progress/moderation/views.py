"""Reporting a comment, and the moderators' page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mlprep.shared.htmx import render_page, wants_fragment
from mlprep.shared.limits.refusing import note
from mlprep.shared.limits.taking import LimitReached
from progress.accounts.requests import LearnerRequest
from progress.comments.models import Comment
from progress.comments.views import comments_of, place_of
from progress.moderation.forms import HideForm, ReportForm
from progress.moderation.models import ReportReason
from progress.moderation.queue import queue_of
from progress.moderation.requests import moderators_only
from progress.moderation.services import (
    AlreadyReported,
    CommentChangedSinceRead,
    NotTheirs,
    approve_comment,
    has_reported,
    hide_comment,
    report_comment,
    settle_reports,
    show_comment,
)

PER_PAGE = 20
SETTLED_BEFORE = "Another moderator, or its author, has been there before you; nothing was changed."


def told_if_not_theirs(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Say calmly that somebody else decides on this comment; nothing is changed."""

    @wraps(view)
    def told(request: LearnerRequest, comment_id: int) -> HttpResponse:
        try:
            return view(request, comment_id)
        except NotTheirs as error:
            return _after(request, _comment(comment_id), str(error))

    return told


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: LearnerRequest, comment_id: int) -> HttpResponse:
    """Ask moderators to look at somebody else's comment; once for each of its wordings."""
    comments = Comment.objects.reportable_by(request.user).select_related("concept", "author")
    comment = get_object_or_404(comments, pk=comment_id)
    form = ReportForm(request.POST if request.method == "POST" else None)
    reported = has_reported(request.user, comment)
    status = 422 if request.method == "POST" else 200
    if not reported and form.is_valid():
        reason, words = ReportReason(form.cleaned_data["reason"]), form.cleaned_data["words"]
        try:
            report_comment(reporter=request.user, comment=comment, reason=reason, words=words, now=timezone.now())
            reported = True
        except AlreadyReported:
            reported = True
        except LimitReached as reached:
            note(request, reached)
            form.add_error(None, f"{reached} Your words are kept.")
            status = reached.status
    context = {"comment": comment, "form": form, "reported": reported}
    status = 200 if reported else status
    return render_page(request, "progress/moderation/report.html", context, fragment="report", status=status)


@moderators_only
@require_safe
def queue(request: LearnerRequest) -> HttpResponse:
    """The comments that wait for a moderator, the longest waiting first, or those that are hidden or deleted."""
    return _queue(request)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
@told_if_not_theirs
def hide(request: LearnerRequest, comment_id: int) -> HttpResponse:
    """Hide a comment, with the reason that its author is told."""
    comment = _comment(comment_id)
    form = HideForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"comment": comment, "form": form, "back": _comes_from_queue(request)}
        status = 422 if request.method == "POST" else 200
        return render_page(request, "progress/moderation/hide.html", context, fragment="hide", status=status)
    done = hide_comment(comment=comment, moderator=request.user, reason=form.cleaned_data["reason"], now=timezone.now())
    return _after(request, comment, f"{comment} is hidden." if done else SETTLED_BEFORE)


@moderators_only
@require_POST
@told_if_not_theirs
def show(request: LearnerRequest, comment_id: int) -> HttpResponse:
    """Show a hidden comment again."""
    comment = _comment(comment_id)
    done = show_comment(comment=comment, moderator=request.user, now=timezone.now())
    return _after(request, comment, f"{comment} is shown again." if done else SETTLED_BEFORE)


@moderators_only
@require_POST
@told_if_not_theirs
def approve(request: LearnerRequest, comment_id: int) -> HttpResponse:
    """Publish a comment that waits, if it still says what the moderator has read."""
    comment = _comment(comment_id)
    version = request.POST.get("version", "")[:16]
    try:
        done = approve_comment(comment=comment, moderator=request.user, version=version, now=timezone.now())
    except CommentChangedSinceRead:
        return _after(request, comment, f"{comment} has been changed since you read it. Read it again first.")
    return _after(request, comment, f"{comment} is published." if done else SETTLED_BEFORE)


@moderators_only
@require_POST
@told_if_not_theirs
def settle(request: LearnerRequest, comment_id: int) -> HttpResponse:
    """Leave a reported comment as it is; its reports are settled."""
    comment = _comment(comment_id)
    done = settle_reports(comment=comment, moderator=request.user, now=timezone.now())
    return _after(request, comment, f"{comment} stays as it is." if done else SETTLED_BEFORE)


@moderators_only
@require_safe
def history(request: LearnerRequest, comment_id: int) -> HttpResponse:
    """What a comment said before, who reported it, and what moderators did."""
    comment = _comment(comment_id)
    context = {
        "comment": comment,
        "revisions": comment.revisions.order_by("-replaced_at", "-pk"),
        "reports": comment.reports.select_related("reporter"),
        "acts": comment.acts.select_related("moderator"),
    }
    return render_page(request, "progress/moderation/history.html", context)


def _comment(comment_id: int) -> Comment:
    return get_object_or_404(Comment.objects.select_related("concept", "author"), pk=comment_id)


def _comes_from_queue(request: HttpRequest) -> bool:
    return request.POST.get("from") == "queue" or request.GET.get("from") == "queue"


def _after(request: HttpRequest, comment: Comment, said: str) -> HttpResponse:
    """Back to where the moderator came from: the queue, or the comment."""
    if wants_fragment(request):
        return _queue(request, said) if _comes_from_queue(request) else comments_of(request, comment.concept)
    messages.info(request, said)
    return redirect("moderation:queue") if _comes_from_queue(request) else redirect(place_of(comment))


def _queue(request: HttpRequest, said: str = "") -> HttpResponse:
    show = request.GET.get("show", "")
    show = show if show in {"hidden", "deleted"} else "waiting"
    context: dict[str, Any] = {
        "page": Paginator(queue_of(show), PER_PAGE).get_page(request.GET.get("page")),
        "show": show,
        "said": said,
        "holds_first": settings.MODERATE_FIRST_COMMENT,
        "beside": wants_fragment(request),
    }
    return render_page(request, "progress/moderation/queue.html", context, fragment="queue")
