"""Stopping the letters, by the address in each of them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from mlprep.digest.messages import learner_of
from mlprep.shared.htmx import render_page
from progress.accounts.models import Digest
from progress.models import User


@never_cache
# Mail programs press the button by themselves (RFC 8058) and have no token; the signed address is the proof.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def digest_off(request: HttpRequest, signed: str) -> HttpResponse:
    """Ask whether to stop the letters; with POST, stop them."""
    learner = learner_of(signed)
    if learner is None:
        raise Http404
    stopped = request.method == "POST"
    if stopped:
        User.objects.filter(pk=learner.pk).update(digest=Digest.OFF)
    return render_page(request, "digest/off.html", {"stopped": stopped})
