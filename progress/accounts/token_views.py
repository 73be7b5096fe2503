"""A learner's API tokens: listed, made, taken back."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from mlprep.shared.htmx import render_page
from progress.accounts.events import record
from progress.accounts.forms import TokenForm
from progress.accounts.models import ApiToken, Scope
from progress.accounts.requests import LearnerRequest
from progress.accounts.tokens import TooManyTokens, make_token


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
def tokens(request: LearnerRequest) -> HttpResponse:
    """The learner's tokens, and a new one, which is shown this once."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            made, key = make_token(
                learner=request.user,
                name=chosen["name"],
                scope=Scope(chosen["scope"]),
                lifetime=chosen["days"],
                now=timezone.now(),
            )
        except TooManyTokens as error:
            form.add_error(None, str(error))
        else:
            record("API token made", user_id=request.user.pk, scope=made.scope)
            return _page(request, TokenForm(), made=made, key=key)
    return _page(request, form, status=422 if form.errors else 200)


@login_required
@require_POST
def revoke(request: LearnerRequest, token_id: int) -> HttpResponse:
    """Take a token back; that needs no password, so that it is done at once."""
    token = get_object_or_404(ApiToken.objects.of(request.user), pk=token_id)
    token.delete()
    record("API token revoked", user_id=request.user.pk)
    messages.success(request, f"The token “{token.name}” is gone; what used it is signed out.")
    return redirect("account_tokens")


def _page(request: LearnerRequest, form: TokenForm, *, status: int = 200, **shown: object) -> HttpResponse:
    context = {"form": form, "tokens": ApiToken.objects.of(request.user), **shown}
    return render_page(request, "account/tokens.html", context, status=status)
