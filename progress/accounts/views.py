"""The first run and a user's own account."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import EmailView, password_set
from allauth.core.internal.ratelimit import get_ip
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import list_usersessions
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from mlprep.shared.htmx import render_page
from progress.accounts.forms import DeleteAccountForm, FirstRunForm, SettingsForm
from progress.accounts.letters import proved_address_of
from progress.accounts.models import ApiToken, User
from progress.accounts.proving import AGAIN, has_proved, prove_path
from progress.accounts.requests import LearnerRequest
from progress.accounts.services import (
    AlreadySetUp,
    LastAdministrator,
    create_first_administrator,
    delete_account,
)

BACKEND = "progress.accounts.backend.OneHashBackend"


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def first_run(request: HttpRequest) -> HttpResponse:
    """Make the administrator of an empty installation; afterwards the page is gone."""
    if User.objects.exists():
        raise Http404
    form = FirstRunForm(request.POST if request.method == "POST" else None, address=get_ip(request))
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            user = create_first_administrator(
                username=chosen["username"], email=chosen["email"], password=chosen["password"]
            )
        except AlreadySetUp as error:
            raise Http404 from error
        login(request, user, backend=BACKEND)
        return redirect("today")
    status = 422 if request.method == "POST" else 200
    return render_page(request, "account/first_run.html", {"form": form}, status=status)


@login_required
@require_safe
def account(request: LearnerRequest) -> HttpResponse:
    """The user's account."""
    context = {
        "tokens": ApiToken.objects.of(request.user).count(),
        "has_second_step": is_mfa_enabled(request.user),
    }
    return render_page(request, "account/account.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
def sessions(request: LearnerRequest) -> HttpResponse:
    """The user's sessions; ending one or all others asks for the password again, as allauth's own page does not."""
    if request.method == "POST" and (number := request.POST.get("session", "")):
        session = get_object_or_404(UserSession, user=request.user, pk=number if number.isdecimal() else 0)
        end_sessions(request, [session])
        messages.success(request, "That session has ended.")
        return redirect("usersessions_list")
    shown: HttpResponse = list_usersessions(request)
    return shown


class EmailAddresses(EmailView):
    """allauth's page of one's addresses, which says so where it sends no second letter."""

    def _action_send(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | None:
        answer: HttpResponse | None = super()._action_send(request, *args, **kwargs)
        if not self._did_send_verification_email and self._get_email_address(request):
            messages.info(request, "A letter was sent a moment ago. Look for it, or ask again in three minutes.")
        return answer


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: LearnerRequest) -> HttpResponse:
    """What learners set for themselves."""
    form = SettingsForm(request.POST if request.method == "POST" else None, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, "Your settings are saved.")
        return redirect("settings")
    context = {"form": form, "proved_address": proved_address_of(request.user)}
    return render_page(request, "account/settings.html", context, status=422 if request.method == "POST" else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
def delete(request: LearnerRequest) -> HttpResponse:
    """Delete the account with all that belongs to it, once they have proved who they are and typed the name."""
    form = DeleteAccountForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        try:
            delete_account(user=request.user)
        except LastAdministrator:
            form.add_error(None, "You are the only administrator. Make someone else one first, in the administration.")
        else:
            logout(request)
            messages.success(request, "Your account and all that belonged to it are deleted.")
            return redirect("today")
    status = 422 if request.method == "POST" else 200
    return render_page(request, "account/delete.html", {"form": form}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def set_password(request: LearnerRequest) -> HttpResponse:
    """A first password for who signs in elsewhere; allauth's page, which would ask for no proof."""
    if not request.user.has_usable_password() and not has_proved(request):
        # Asked before the form is filled in, so that no password has to be kept until it is proved.
        return redirect(prove_path(request.path))
    shown: HttpResponse = password_set(request)
    return shown


@login_required
@require_safe
def prove_elsewhere(request: LearnerRequest) -> HttpResponse:
    """Ask who signs in elsewhere to do so once more; who has a password or a second step here is asked for that."""
    next_path = get_next_redirect_url(request) or reverse("account")
    if get_reauthentication_flows(request.user):
        return redirect(prove_path(next_path))
    question = {"process": AuthProcess.REDIRECT, "next": next_path, "auth_params": urlencode(AGAIN)}
    ways = [
        {"name": provider.name, "url": provider.get_login_url(request, **question)}
        for account in SocialAccount.objects.filter(user=request.user)
        if (provider := account.get_provider(request))
    ]
    return render_page(request, "account/prove_elsewhere.html", {"ways": ways})
