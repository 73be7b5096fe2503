"""The syllabus page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from concepts.models import SyllabusSource
from mlprep.shared.htmx import render_page
from mlprep.syllabus.places import places_of
from mlprep.syllabus.tree import Bullet, tree_of
from progress.models import User

INTERVIEW_GUIDES = ("interview-day", "stand-out", "how-to-prepare")
"""What happens in an interview, how to stand out and how to prepare: the first three headings, in our own words."""
FILTERS: dict[str, tuple[str, Callable[[Bullet], bool]]] = {
    "all": ("All", lambda bullet: True),
    "open": ("Not covered yet", lambda bullet: bullet.is_open),
    "weak": ("Weak for me", lambda bullet: bullet.is_weak),
}


@require_safe
def syllabus(request: HttpRequest) -> HttpResponse:
    """Every heading and bullet; `?show=open` only what is not covered, `?show=weak` what the learner should learn."""
    learner = request.user if isinstance(request.user, User) else None
    choices = {key: label for key, (label, _) in FILTERS.items() if learner or key != "weak"}
    show = request.GET.get("show", "")
    show = show if show in choices else "all"
    places = places_of(learner)
    sources = [tree_of(source, places, FILTERS[show][1]) for source in SyllabusSource.objects.all()]
    context = {
        "sources": sources,
        "shown": sum(source.shown for source in sources),
        "choices": choices.items(),
        "show": show,
        "opened": show != "all" or "open" in request.GET,
        "guides": [places["guides", slug] for slug in INTERVIEW_GUIDES if ("guides", slug) in places],
    }
    return render_page(request, "syllabus/syllabus.html", context, fragment="tree")
