"""How allauth signs people up here: open, by invitation, or not at all."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from mlprep.shared.addresses import address
from progress.accounts.models import Invitation, User

_SESSION_KEY = "invitation"


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """By the setting REGISTRATION; an invitation's code is remembered from the link that was opened."""
        if settings.REGISTRATION != "invite":
            return bool(settings.REGISTRATION == "open")
        if code := request.GET.get("invitation", "")[:50].replace("\x00", ""):
            request.session[_SESSION_KEY] = code
        return Invitation.objects.usable(timezone.now()).filter(code=self._invitation(request)).exists()

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """As allauth does it, but with one look at the password.

        Given an address as address and as name, allauth would hash twice where there is such an account and once
        where there is none, and the time would tell which.
        """
        if credentials.get("email") and credentials.get("email") == credentials.get("username"):
            del credentials["email"]
        return super().authenticate(request, **credentials)

    @transaction.atomic
    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> Any:
        """Save the new user; by invitation only if nobody has used it in the meantime."""
        saved = super().save_user(request, user, form, commit=commit)
        if settings.REGISTRATION == "invite":
            usable = Invitation.objects.usable(timezone.now()).filter(code=self._invitation(request))
            if not usable.update(accepted_by=saved):
                raise ImmediateHttpResponse(redirect("account_signup"))
        return saved

    def get_client_ip(self, request: HttpRequest) -> str:
        """As allauth finds it; that of the connection where fewer proxies spoke than TRUSTED_PROXY_COUNT says."""
        try:
            return str(super().get_client_ip(request))
        except ImproperlyConfigured:
            return str(request.META.get("REMOTE_ADDR", ""))

    def format_email_subject(self, subject: str) -> str:
        """With the site's name before it."""
        return f"[{urlsplit(settings.SITE_URL).netloc}] {subject}"

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """As allauth does it, with SITE_URL for the site's name and before all links: a request may ask by another."""
        site = SimpleNamespace(name=urlsplit(settings.SITE_URL).netloc, domain=settings.SITE_URL)
        links = {name: _of_the_site(value) for name, value in context.items() if name.endswith("_url")}
        letter: EmailMessage = super().render_mail(
            template_prefix, email, {**context, **links, "current_site": site}, headers
        )
        return letter

    def is_safe_url(self, url: str) -> bool:
        """Whether one may go there after signing in: a page of the host that was asked, and of no other allowed one."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts={context.request.get_host()})

    def _invitation(self, request: HttpRequest) -> str:
        return str(request.session.get(_SESSION_KEY, ""))


def _of_the_site(url: str) -> str:
    return address(urlsplit(url)._replace(scheme="", netloc="").geturl())
