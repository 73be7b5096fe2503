"""Notes: written on a page of their own, found again in one list, taken away as files."""

import secrets
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concepts.models import Concept, Topic
from mlprep.shared.htmx import render_page, wants_fragment
from mlprep.shared.limits.refusing import note
from mlprep.shared.limits.taking import LimitReached
from progress.accounts.models import User
from progress.accounts.requests import LearnerRequest
from progress.domain.merging import digest
from progress.focus.services import minutes_on
from progress.kept.models import KeptText
from progress.kept.services import TooManyKept
from progress.notes.exporting import zip_of_notes
from progress.notes.forms import NoteFilter, NoteForm, bases_of, first_values
from progress.notes.models import Confidence, Difficulty, Note, note_address
from progress.notes.services import NoteTooLong, delete_note, link_to, save_note, take_kept
from progress.subjects import Subject, Subjects, key_of, title_of

PAGE_SIZE = 30


def note_context(user: User | AnonymousUser, subject: Subject) -> dict[str, Any]:
    """What "Your note" on a concept's or topic's page needs, in two queries."""
    if not isinstance(user, User):
        return {}
    return {
        "note": Note.objects.of(user).on(subject).first(),
        "note_url": note_address(subject),
        "note_key": key_of(subject),
        "focus_minutes": minutes_on(user, subject, now=timezone.now()),
    }


@login_required
@require_safe
def note_list(request: LearnerRequest) -> HttpResponse:
    """All notes, or those that the search and the filters leave; the last changed first."""
    filters = NoteFilter(request.GET or None)
    if not filters.is_bound:
        filters = NoteFilter({})
    own = Note.objects.of(request.user)
    page = Paginator(filters.apply(own.with_subject()), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"filters": filters, "page": page, "notes": list(page.object_list)}
    return render_page(request, "progress/notes/list.html", context, fragment="notes")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def note_page(request: LearnerRequest, *, code: str = "", slug: str = "") -> HttpResponse:
    """The note on a concept or topic: read it, and write it; saved as it is typed where scripts run."""
    subject = subject_of(code, slug)
    if request.method != "POST":
        note = _note(request, subject)
        return _page(request, subject, note, NoteForm(initial=first_values(note)))
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, subject, _note(request, subject), form, status=422)
    connects = request.POST.get("go") == "connect"
    body = _connected(request, form) if connects else form.cleaned_data["body"]
    try:
        saved = save_note(
            learner=request.user,
            subject=subject,
            body=body,
            marks=form.marks,
            now=timezone.now(),
            origin=form.origin,
        )
    except (TooManyKept, LimitReached) as refused:
        return _refused(request, subject, form, refused)
    if not wants_fragment(request):
        if saved.kept_aside:
            messages.warning(request, "Another page has changed this note. What you typed is kept aside, below.")
            return _page(request, subject, saved.note, NoteForm(initial=first_values(saved.note)), status=409)
        if not connects:
            messages.success(request, "Saved.")
        return redirect(note_address(subject))
    status = 409 if saved.kept_aside else 200
    return _page(request, subject, saved.note, form, status=status, is_saved=True, in_conflict=saved.kept_aside)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: LearnerRequest, *, code: str = "", slug: str = "") -> HttpResponse:
    """Delete one's note, once one is sure."""
    subject = subject_of(code, slug)
    note = get_object_or_404(Note.objects.of(request.user).on(subject))
    if request.method != "POST":
        return render_page(request, "progress/notes/delete.html", {"note": note, "title": title_of(subject)})
    delete_note(note=note)
    messages.success(request, f"Your note on {title_of(subject)} is deleted.")
    return redirect("notes:list")


@login_required
@require_POST
def kept(request: LearnerRequest, note_id: int, kept_id: int) -> HttpResponse:
    """Put a text that was kept aside below the note, or throw it away."""
    note = get_object_or_404(Note.objects.of(request.user).with_subject(), pk=note_id)
    text = get_object_or_404(KeptText.objects.of(request.user).at(note.place), pk=kept_id)
    if request.POST.get("action") == "discard":
        text.delete()
        return redirect(note)
    try:
        take_kept(note=note, kept=text, now=timezone.now())
    except NoteTooLong:
        messages.warning(request, "Both together are too long for one note; shorten it first.")
    return redirect(note)


@login_required
@require_safe
def export(request: LearnerRequest) -> HttpResponse:
    """All one's notes as a folder of Markdown files."""
    day = request.user.day_of(timezone.now())
    return HttpResponse(
        zip_of_notes(request.user, now=timezone.now()),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="mlprep-notes-{day}.zip"'},
    )


def subject_of(code: str, slug: str) -> Subject:
    """The concept or topic of an address; topics that the library has no more keep their notes."""
    if code:
        return get_object_or_404(Concept, code=code.upper())
    return get_object_or_404(Topic.objects.defer("source"), slug=slug)


def _refused(
    request: LearnerRequest, subject: Subject, form: NoteForm, refused: TooManyKept | LimitReached
) -> HttpResponse:
    """The page with what was typed, and why it is not stored."""
    status, words = 422, str(refused)
    if isinstance(refused, LimitReached):
        note(request, refused)
        status, words = refused.status, f"{refused} Your text is kept here."
    form.add_error("body", words)
    return _page(request, subject, _note(request, subject), form, status=status)


def _connected(request: LearnerRequest, form: NoteForm) -> str:
    """The text with a link to what was chosen."""
    body: str = form.cleaned_data["body"]
    if target := Subjects.load().find(form.cleaned_data["connect"]):
        return link_to(body, target)
    messages.warning(request, "No concept or topic is called that; choose one from the list.")
    return body


def _note(request: LearnerRequest, subject: Subject) -> Note | None:
    return Note.objects.of(request.user).on(subject).first()


def _page(  # noqa: PLR0913 (the page and how it came about)
    request: LearnerRequest,
    subject: Subject,
    note: Note | None,
    form: NoteForm,
    *,
    status: int = 200,
    is_saved: bool = False,
    in_conflict: bool = False,
) -> HttpResponse:
    context: dict[str, Any] = {
        "subject": subject,
        "title": title_of(subject),
        "key": key_of(subject),
        "note": note,
        "form": form,
        "is_saved": is_saved,
        "in_conflict": in_conflict,
        # A page that is in conflict goes on saying what it was made with.
        **(
            {"base": form["base"].value(), "base_marks": form["base_marks"].value()}
            if form.is_bound and status >= 400
            else bases_of(note)
        ),
        "page_name": form.data.get("page") or secrets.token_urlsafe(12),
    }
    if note and (not is_saved or not in_conflict):
        context["named"] = note.named
    if not is_saved:
        context |= _around(request.user, subject, note)
    return render_page(request, "progress/notes/note.html", context, fragment="saved", status=status)


def _around(learner: User, subject: Subject, note: Note | None) -> dict[str, Any]:
    """What stands beside the form, and is not made anew as the note is saved."""
    subjects = Subjects.load()
    return {
        "subjects": [(key_of(other), title_of(other)) for other in subjects.all],
        "backlinks": list(Note.objects.of(learner).naming(subject).with_subject()),
        "kept_texts": list(KeptText.objects.of(learner).at(note.place)) if note else [],
        "focus_minutes": minutes_on(learner, subject, now=timezone.now()),
        "difficulties": Difficulty.choices,
        "confidences": Confidence.choices,
        "digest_of_nothing": digest(""),
    }
