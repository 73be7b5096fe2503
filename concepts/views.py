"""Pages that need concepts alone."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from concepts.models import Concept
from mlprep.shared.htmx import render_page


@require_safe
def formulas(request: HttpRequest) -> HttpResponse:
    """Every formula of the tracker on one page that prints well."""
    concepts = Concept.objects.by_section().exclude(formula="").select_related("model_answer")
    return render_page(request, "concepts/formulas.html", {"concepts": concepts})
