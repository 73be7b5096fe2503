"""How allauth signs people up here: open, by invitation, or not at all."""

from types import SimpleNamespace
from typing import Any, ClassVar
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from mlprep.shared.addresses import address
from progress.accounts.letters import LetterNotSent, note_failure
from progress.accounts.models import Invitation, User

_SESSION_KEY = "invitation"


_NOT_SENT = "mlprep.letter_not_sent"
_TOLD = (
    "The letter that confirms your address could not be sent just now. The address is kept; "
    "ask for the letter again in a few minutes."
)
_MISMATCH = "That name or address and that password do not belong together."


class AccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _MISMATCH,
        "username_password_mismatch": _MISMATCH,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """By the setting REGISTRATION; an invitation's code is remembered from the link that was opened."""
        if settings.REGISTRATION != "invite":
            return bool(settings.REGISTRATION == "open")
        if code := request.GET.get("invitation", "")[:50].replace("\x00", ""):
            request.session[_SESSION_KEY] = code
        return Invitation.objects.usable(timezone.now()).filter(code=invitation_of(request)).exists()

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """A name that may be taken; none that is an address, as another's would sign in by it."""
        if "@" in username:
            raise ValidationError("Choose a name without @; your e-mail address has a field of its own.")
        return str(super().clean_username(username, shallow=shallow))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, str]]:
        """How the user may prove who they are; where they sign in elsewhere alone, there."""
        methods: list[dict[str, str]] = super().get_reauthentication_methods(user)
        if methods or not user.is_authenticated:
            return methods
        url = reverse("account_prove_elsewhere")
        return [{"id": "elsewhere", "description": "Sign in there once more", "url": url}]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a letter. Raises LetterNotSent where the mail server does not take it."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:
            note_failure(error)
            raise LetterNotSent from error

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        """Send the letter that proves an address; where that fails the address stays, and the letter may be asked for
        again at once."""
        try:
            super().send_confirmation_mail(request, emailconfirmation, signup)
        except LetterNotSent:
            address = emailconfirmation.email_address.email
            ratelimit.clear(request, app="allauth.account", action="confirm_email", key=address.lower())
            request.META[_NOT_SENT] = True

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Tell something above the next page; not that a letter is on its way which is not."""
        if message_template == "account/messages/email_confirmation_sent.txt" and request.META.pop(_NOT_SENT, False):
            messages.error(request, _TOLD)
            return
        super().add_message(request, level, message_template, *args, **kwargs)

    @transaction.atomic
    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> Any:
        """Save the new user; by invitation only if nobody has used it in the meantime."""
        saved = super().save_user(request, user, form, commit=commit)
        use_invitation(request, saved)
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

    def get_reset_password_from_key_url(self, key: str) -> str:
        """As allauth makes it, below SITE_URL: several stand in one letter."""
        return _of_the_site(super().get_reset_password_from_key_url(key))

    def is_safe_url(self, url: str) -> bool:
        """Whether one may go there after signing in: a page of the host that was asked, and of no other allowed one."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts={context.request.get_host()})


def _of_the_site(url: str) -> str:
    return address(urlsplit(url)._replace(scheme="", netloc="").geturl())


def invitation_of(request: HttpRequest) -> str:
    """The code of the link by which somebody came."""
    return str(request.session.get(_SESSION_KEY, ""))


def use_invitation(request: HttpRequest, user: User) -> None:
    """Note who came by the invitation, where one is needed; who finds it used is led back, and no account stays."""
    if settings.REGISTRATION != "invite":
        return
    usable = Invitation.objects.usable(timezone.now()).filter(code=invitation_of(request))
    if not usable.update(accepted_by=user):
        raise ImmediateHttpResponse(redirect("account_signup"))
