"""Comments under a concept: write, preview, edit, delete."""

from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from concepts.models import Concept
from mlprep.shared.htmx import render_page, wants_fragment
from mlprep.shared.limits.refusing import limited, note
from mlprep.shared.limits.taking import LimitReached
from mlprep.shared.maths import MAX_HTML_AMONG_MANY
from mlprep.shared.rendering import render_learner_text
from progress.accounts.requests import LearnerRequest
from progress.comments.drafts import draft_for, drop_draft, keep_draft
from progress.comments.forms import CommentForm, with_plain_newlines
from progress.comments.models import MAX_COMMENT_LENGTH, Comment
from progress.comments.services import CommentChanged, CommentGone, delete_comment, edit_comment, post_comment
from progress.moderation.models import CommentReport

PER_PAGE = 50
"""Comments that stand under a concept at once: the newest ones, or those before the `?skip=` newest."""
_FURTHEST = 1_000_000


def comment_context(request: HttpRequest, concept: Concept, form: CommentForm | None = None) -> dict[str, Any]:
    """What the comments' part of a concept's page needs."""
    comments = Comment.objects.on(concept).visible_to(request.user)
    if request.user.is_authenticated:
        own_reports = CommentReport.objects.of(request.user).standing().filter(comment=OuterRef("pk"))
        comments = comments.annotate(reported=Exists(own_reports))
    skip = request.GET.get("skip", "")
    skipped = min(int(skip), _FURTHEST) if skip.isdecimal() and len(skip) < 10 else 0
    found = list(comments.reverse()[skipped : skipped + PER_PAGE + 1])
    return {
        "concept": concept,
        "comments": found[PER_PAGE - 1 :: -1],
        "skip_for_earlier": skipped + PER_PAGE if len(found) > PER_PAGE else None,
        "skip_for_later": max(0, skipped - PER_PAGE) if skipped else None,
        "comment_count": comments.count() if skipped or len(found) > PER_PAGE else len(found),
        "comment_form": form or CommentForm(initial={"body": draft_for(request, concept), "key": uuid4().hex}),
    }


@require_POST
def create(request: HttpRequest, code: str) -> HttpResponse:
    """Publish a comment; a visitor signs in first and finds the text again."""
    concept = get_object_or_404(Concept, code=code)
    if not request.user.is_authenticated:
        return _sign_in_first(request, concept)
    form = CommentForm(request.POST)
    if not form.is_valid():
        if not request.POST.get("body", "").strip():
            drop_draft(request, concept)
        return _section(request, concept, form, status=422)
    sent = form.cleaned_data
    try:
        comment = post_comment(
            author=request.user, concept=concept, body=sent["body"], key=sent["key"], now=timezone.now()
        )
    except LimitReached as reached:
        note(request, reached)
        form.add_error("body", f"{reached} Your text is kept.")
        return _section(request, concept, form, status=reached.status)
    drop_draft(request, concept)
    return _section(request, concept) if wants_fragment(request) else redirect(place_of(comment))


@login_required
@require_POST
@limited("previews")
def preview(request: HttpRequest) -> HttpResponse:
    """Show a text as it would look."""
    body = with_plain_newlines(request.POST.get("body", ""))[:MAX_COMMENT_LENGTH]
    context = {"body": body, "body_html": render_learner_text(body, longest=MAX_HTML_AMONG_MANY)}
    return render_page(request, "progress/comments/preview.html", context, fragment="preview")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: LearnerRequest, comment_id: int) -> HttpResponse:
    """Change one's own comment; where another page has changed it since, that stays and the text is offered again."""
    comment = _own(request, comment_id)
    initial = {"version": comment.version}
    form = CommentForm(request.POST if request.method == "POST" else None, initial=initial, instance=comment)
    context: dict[str, Any] = {"comment": comment, "comment_form": form}
    status = 422 if request.method == "POST" else 200
    if form.is_valid():
        sent = form.cleaned_data
        try:
            if "body" in form.changed_data:
                edit_comment(comment=comment, body=sent["body"], version=sent["version"], now=timezone.now())
            return redirect(place_of(comment))
        except CommentGone as error:
            raise Http404 from error
        except CommentChanged:
            context["stored"] = stored = _own(request, comment_id)
            context["comment_form"] = CommentForm(initial={"body": sent["body"], "version": stored.version})
            status = 409
        except LimitReached as reached:
            note(request, reached)
            form.add_error("body", f"{reached} Your text is kept.")
            status = reached.status
    return render_page(request, "progress/comments/edit.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: LearnerRequest, comment_id: int) -> HttpResponse:
    """Delete one's own comment, once one is sure."""
    comment = _own(request, comment_id)
    if request.method != "POST":
        return render_page(request, "progress/comments/delete.html", {"comment": comment})
    try:
        delete_comment(comment=comment, now=timezone.now())
    except CommentGone as error:
        raise Http404 from error
    if wants_fragment(request):
        return _section(request, comment.concept)
    return redirect(f"{comment.concept.get_absolute_url()}#comments")


def _own(request: LearnerRequest, comment_id: int) -> Comment:
    comments = Comment.objects.editable_by(request.user).select_related("concept")
    return get_object_or_404(comments, pk=comment_id)


def comments_of(request: HttpRequest, concept: Concept) -> HttpResponse:
    """The comments' part of a concept's page, as htmx asks for it."""
    return _section(request, concept)


def _section(
    request: HttpRequest, concept: Concept, form: CommentForm | None = None, *, status: int = 200
) -> HttpResponse:
    context = {**comment_context(request, concept, form), "beside": wants_fragment(request)}
    return render_page(request, "progress/comments/page.html", context, fragment="comments", status=status)


def _sign_in_first(request: HttpRequest, concept: Concept) -> HttpResponse:
    keep_draft(request, concept, request.POST.get("body", ""))
    response = redirect_to_login(f"{concept.get_absolute_url()}#comments")
    return HttpResponseClientRedirect(response.url) if wants_fragment(request) else response


def place_of(comment: Comment) -> str:
    """The address of the comment on its concept's page."""
    newer = Comment.objects.on(comment.concept).filter(created_at__gt=comment.created_at).count()
    skip = f"?skip={newer // PER_PAGE * PER_PAGE}" if newer >= PER_PAGE else ""
    return f"{comment.concept.get_absolute_url()}{skip}#comment-{comment.pk}"
