"""The administration: entered by everybody's door, and asking who one is before it changes anything."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator

from progress.accounts.models import User
from progress.accounts.proving import has_proved, prove_path

_SAFE = {"GET", "HEAD", "OPTIONS"}
View = Callable[..., Any]


class AdministrationSite(AdminSite):
    """Django's, without its own forms for names and passwords, which count no attempts and know no second step."""

    # Without a slash at its end it would leave the path that a proxy hands on.
    site_url = reverse_lazy("today")  # type: ignore[assignment]

    @method_decorator(secure_admin_login)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead administrators in and everybody else to sign in; a name and a password sent here are not looked at."""
        return redirect(get_next_redirect_url(request) or "admin:index")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        return redirect("account_change_password")

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # type: ignore[override]
        """Django's check, then for whatever changes something a proof of the last five minutes."""
        guarded = super().admin_view(view, cacheable)
        has_password = _has_password(view)

        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not self.has_permission(request) or has_proved(request):
                return guarded(request, *args, **kwargs)
            if has_password:
                # What is sent would be kept until it is proved, and there is a password in it.
                return redirect(prove_path(request.get_full_path()))
            if request.method not in _SAFE:
                raise ReauthenticationRequired
            return guarded(request, *args, **kwargs)

        return update_wrapper(asked, guarded)


def _has_password(view: View) -> bool:
    """Whether the view's form takes a password."""
    name, owner = getattr(view, "__name__", ""), getattr(view, "__self__", None)
    return name == "user_change_password" or (name == "add_view" and getattr(owner, "model", None) is User)
