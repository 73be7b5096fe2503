"""Guides beside the course."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from concepts.models import Guide
from mlprep.shared.htmx import render_page, wants_fragment
from progress.accounts.requests import LearnerRequest
from progress.models import ItemDone, User
from progress.reading.services import set_items_done


@require_safe
def guide_list(request: HttpRequest) -> HttpResponse:
    """All guides."""
    return render_page(request, "curriculum/guides.html", {"guides": Guide.objects.current().defer("html")})


@require_safe
def guide_page(request: HttpRequest, slug: str) -> HttpResponse:
    """A guide with its checklist, where it has one."""
    return render_page(request, "curriculum/guide.html", _context(request, _guide(slug)))


@login_required
@require_POST
def checklist(request: LearnerRequest, slug: str) -> HttpResponse:
    """Keep which items are ticked."""
    guide = _guide(slug)
    set_items_done(learner=request.user, guide=guide, items=request.POST.getlist("item"), now=timezone.now())
    if not wants_fragment(request):
        return redirect(f"{guide.get_absolute_url()}#checklist")
    return render_page(request, "curriculum/guide.html", _context(request, guide), fragment="checklist")


def _guide(slug: str) -> Guide:
    return get_object_or_404(Guide.objects.current(), slug=slug)


def _context(request: HttpRequest, guide: Guide) -> dict[str, object]:
    done = set()
    if isinstance(request.user, User):
        done = set(ItemDone.objects.of(request.user).filter(guide=guide).values_list("item", flat=True))
    others = Guide.objects.current().defer("html")
    return {
        "guide": guide,
        "items": [(item, text, item in done) for item, text in guide.checklist],
        "done": sum(item in done for item, _ in guide.checklist),
        "before": others.filter(position__lt=guide.position).last(),
        "after": others.filter(position__gt=guide.position).first(),
    }
