"""Comments under a concept: write, preview, edit, delete, hide."""

import secrets
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from concepts.models import Concept
from mlprep.shared.htmx import render_page, wants_fragment
from mlprep.shared.rendering import render_learner_text
from progress.accounts.requests import LearnerRequest
from progress.comments.drafts import draft_for, drop_draft, keep_draft
from progress.comments.forms import CommentForm, with_plain_newlines
from progress.comments.models import MAX_COMMENT_LENGTH, Comment
from progress.comments.services import CommentChanged, edit_comment, post_comment, set_hidden


def comment_context(request: HttpRequest, concept: Concept, form: CommentForm | None = None) -> dict[str, Any]:
    """What the comments' part of a concept's page needs."""
    return {
        "concept": concept,
        "comments": list(Comment.objects.on(concept).visible_to(request.user)),
        "comment_form": form
        or CommentForm(initial={"body": draft_for(request, concept), "key": secrets.token_urlsafe(12)}),
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
    comment = post_comment(author=request.user, concept=concept, body=sent["body"], key=sent["key"], now=timezone.now())
    drop_draft(request, concept)
    return _section(request, concept) if wants_fragment(request) else redirect(_place_of(comment))


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Show a text as it would look."""
    body = with_plain_newlines(request.POST.get("body", ""))[:MAX_COMMENT_LENGTH]
    context = {"body": body, "body_html": render_learner_text(body)}
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
            return redirect(_place_of(comment))
        except CommentChanged:
            context["stored"] = stored = _own(request, comment_id)
            context["comment_form"] = CommentForm(initial={"body": sent["body"], "version": stored.version})
            status = 409
    return render_page(request, "progress/comments/edit.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: LearnerRequest, comment_id: int) -> HttpResponse:
    """Delete one's own comment, once one is sure."""
    comment = _own(request, comment_id)
    if request.method != "POST":
        return render_page(request, "progress/comments/delete.html", {"comment": comment})
    comment.delete()
    if wants_fragment(request):
        return _section(request, comment.concept)
    return redirect(f"{comment.concept.get_absolute_url()}#comments")


@require_POST
def hide(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Hide a comment or show it again; for administrators, and not found by anybody else."""
    if not request.user.is_staff:
        raise Http404
    comment = get_object_or_404(Comment.objects.select_related("concept"), pk=comment_id)
    set_hidden(comment=comment, hidden=request.POST.get("hidden") == "true")
    return _section(request, comment.concept) if wants_fragment(request) else redirect(_place_of(comment))


def _own(request: LearnerRequest, comment_id: int) -> Comment:
    comments = Comment.objects.editable_by(request.user).select_related("concept")
    return get_object_or_404(comments, pk=comment_id)


def _section(
    request: HttpRequest, concept: Concept, form: CommentForm | None = None, *, status: int = 200
) -> HttpResponse:
    context = comment_context(request, concept, form)
    return render_page(request, "progress/comments/page.html", context, fragment="comments", status=status)


def _sign_in_first(request: HttpRequest, concept: Concept) -> HttpResponse:
    keep_draft(request, concept, request.POST.get("body", ""))
    response = redirect_to_login(f"{concept.get_absolute_url()}#comments")
    return HttpResponseClientRedirect(response.url) if wants_fragment(request) else response


def _place_of(comment: Comment) -> str:
    return f"{comment.concept.get_absolute_url()}#comment-{comment.pk}"
