"""The list of concepts, a concept, and its status: concepts, progress and comments put together."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from concepts.models import Concept, Priority, Status, Subsection, Topic
from mlprep.shared.htmx import render_page, wants_fragment
from mlprep.tracker.facets import facet
from mlprep.tracker.forms import StatusForm, TrackerFilter
from mlprep.tracker.row_html import with_html
from mlprep.tracker.rows import Row, group_by_subsection
from progress.accounts.requests import LearnerRequest
from progress.comments.views import comment_context
from progress.notes.views import note_context
from progress.services import set_status
from progress.standing import standing_of
from quizzes.exercises.models import Exercise

PAGE_SIZE = 50
VISIBLE_COMMENTS = Count("comments", filter=Q(comments__hidden=False, comments__held=False, comments__deleted_at=None))


@require_safe
def concept_list(request: HttpRequest) -> HttpResponse:
    """All concepts by section and sub-section, or those that the filters and the search leave."""
    weeks = Concept.objects.weeks()
    subsections = list(Subsection.objects.with_section())
    filters = TrackerFilter(request.GET, weeks=weeks, subsections=subsections)
    concepts = filters.apply_for(Concept.objects.as_list(), request.user)
    page = Paginator(concepts, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    counts = dict(
        Concept.objects.filter(pk__in=[concept.pk for concept in shown])
        .annotate(comment_count=VISIBLE_COMMENTS)
        .values_list("pk", "comment_count")
    )
    standings = standing_of(request.user, shown)
    rows = with_html(
        [Row(concept, standings[concept.pk], counts[concept.pk]) for concept in shown],
        signed_in=request.user.is_authenticated,
    )
    searched = bool(filters.cleaned_data["search"])
    context = {
        "filters": filters,
        "page": page,
        "searched": searched,
        "groups": group_by_subsection(rows, subsections, first=page.number == 1, last=not page.has_next())
        if not filters.narrows
        else group_by_subsection(rows, [s for s in subsections if s.pk in {c.subsection_id for c in shown}]),
        "rows": rows,
        "facets": [
            facet("section", "Section", filters.fields["section"].choices, request.GET),  # type: ignore[attr-defined]
            facet("priority", "Priority", Priority.choices, request.GET),
            facet("week", "Week", [(week, str(week)) for week in weeks], request.GET),
            facet("status", "Status", Status.choices, request.GET),
        ],
    }
    return render_page(request, "concepts/list.html", context, fragment="concepts")


@require_safe
def concept_page(request: HttpRequest, code: str) -> HttpResponse:
    """A concept with its model answer, its place in the tracker, the learner's standing and the comments."""
    concept = _concept(code)
    before, after = Concept.objects.as_list().neighbours(concept)
    context = {
        "concept": concept,
        "answer": getattr(concept, "model_answer", None),
        "prerequisites": concept.prerequisites.as_list(),
        "unlocks": concept.unlocks.as_list(),
        "topics": Topic.objects.current().filter(concepts=concept),
        "exercises": Exercise.objects.listed().filter(concepts=concept).select_related("topic"),
        "before": before,
        "after": after,
        "row": Row(concept, standing_of(request.user, [concept])[concept.pk]),
        **comment_context(request, concept),
        **note_context(request.user, concept),
    }
    return render_page(request, "concepts/detail.html", context)


@login_required
@require_POST
def concept_status(request: LearnerRequest, code: str) -> HttpResponse:
    """Set the learner's status of a concept, from the list or from the concept's page."""
    concept = _concept(code)
    form = StatusForm(request.POST)
    if form.is_valid():
        set_status(
            learner=request.user, concept=concept, status=Status(form.cleaned_data["status"]), now=timezone.now()
        )
    if not wants_fragment(request):
        return redirect(_back(request, concept))
    row = Row(concept, standing_of(request.user, [concept])[concept.pk], concept.comments.visible().count())
    if in_list := request.htmx.target == f"tr#row-{concept.code}":
        (row,) = with_html([row], signed_in=True)
    template, fragment = ("concepts/list.html", "row") if in_list else ("concepts/detail.html", "standing")
    return render_page(
        request, template, {"row": row, "concept": concept}, fragment=fragment, status=200 if form.is_valid() else 422
    )


def _concept(code: str) -> Concept:
    return get_object_or_404(Concept.objects.select_related("subsection__section", "model_answer"), code=code.upper())


def _back(request: HttpRequest, concept: Concept) -> str:
    """Where a plain form's post goes back to: the page it stands on."""
    came_from = request.POST.get("next", "")
    if came_from.startswith("/") and url_has_allowed_host_and_scheme(came_from, allowed_hosts=None):
        return f"{came_from}#row-{concept.code}"
    return concept.get_absolute_url()
