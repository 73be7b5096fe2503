"""The product's addresses, and beside them a bare signed-in view to which pages are compared."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from concepts.models import Concept
from mlprep.urls import urlpatterns as product_urls


@login_required
def bare(request: HttpRequest) -> HttpResponse:
    """What any signed-in Django view costs: session, user, one query."""
    return HttpResponse(str(Concept.objects.count()))


urlpatterns = [path("bare/", bare), *product_urls]
