"""Forms of the first run, of settings, of API tokens and of leaving."""

from datetime import timedelta
from typing import Any
from zoneinfo import available_timezones

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.signup import send_unknown_account_mail
from allauth.account.utils import user_pk_to_url_str
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from progress.accounts.first_run import is_first_run_code
from progress.accounts.letters import proved_address_of
from progress.accounts.models import ApiToken, Digest, User


class FirstRunForm(forms.ModelForm):
    """Name and password of the administrator; where others could be first, the code of whoever runs the installation.

    address: who sends it, as attempts at the code are counted.
    """

    code = forms.CharField(
        label="First-run code",
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        help_text="manage.py set_up printed it: look where you started the server, or in its log. It prints it again.",
    )
    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = User
        fields = ["username", "email"]
        help_texts = {"username": "", "email": "Optional."}

    field_order = ["code"]

    def __init__(self, *args: Any, address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = address
        length = settings.PASSWORD_MIN_LENGTH
        self.fields["password"].help_text = f"At least {length} characters; a few unusual words are best."
        if not settings.OPEN_TO_OTHERS:
            del self.fields["code"]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if not is_first_run_code(code, address=self.address):
            raise ValidationError("That is not the code. Run manage.py set_up where the server runs: it prints it.")
        return code

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        password = self.cleaned_data.get("password")
        if password:
            try:
                validate_password(password, self.instance)
            except ValidationError as error:
                self.add_error("password", error)


class SettingsForm(forms.ModelForm):
    """What a learner sets for themselves."""

    time_zone = forms.ChoiceField(required=False, help_text="Where your days begin and end.")

    class Meta:
        model = User
        fields = ["time_factor", "time_zone", "day_begins_at", "digest"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = [(name, name.replace("_", " ")) for name in sorted(available_timezones())]
        own = f"As the server ({settings.TIME_ZONE})"
        self.fields["time_zone"].choices = [("", own), *zones]  # type: ignore[attr-defined]
        self.fields["day_begins_at"].required = False
        self.fields["digest"].required = False

    def clean_digest(self) -> str:
        digest = str(self.cleaned_data["digest"] or self.instance.digest)
        if digest in {Digest.OFF, self.initial.get("digest")} or proved_address_of(self.instance):
            return digest
        if not self.instance.email:
            raise ValidationError("Your account has no e-mail address; add one first.")
        raise ValidationError("Confirm your e-mail address first, by the link in a letter that goes there.")

    def clean_day_begins_at(self) -> int:
        hour = self.cleaned_data["day_begins_at"]
        return self.instance.day_begins_at if hour is None else int(hour)


class ResetPasswordForm(allauth.ResetPasswordForm):
    """allauth's, with one letter for all accounts that have the address: as many as for an unknown one."""

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email = str(self.cleaned_data["email"])
        if not self.users:
            send_unknown_account_mail(request, email)
            return email
        adapter = get_adapter()
        accounts = []
        for user in sorted(self.users, key=lambda user: user.pk):
            key = f"{user_pk_to_url_str(user)}-{allauth.default_token_generator.make_token(user)}"
            accounts.append({"name": user.username, "url": adapter.get_reset_password_from_key_url(key)})
        adapter.send_mail("account/email/password_reset_key", email, {"accounts": accounts})
        return email


class DeleteAccountForm(forms.Form):
    """The user's name: a second look at what cannot be undone."""

    username = forms.CharField(
        label="Your user name, to be sure", widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_username(self) -> str:
        name = str(self.cleaned_data["username"])
        if name != self.user.username:
            raise ValidationError("That is not your user name.")
        return name


class TokenForm(forms.ModelForm):
    """What a new API token is for, and for how long."""

    days = forms.TypedChoiceField(
        label="Good for",
        choices=[("7", "A week"), ("30", "30 days"), ("90", "90 days"), ("365", "A year"), ("never", "No end")],
        initial="90",
        coerce=lambda days: None if days == "never" else timedelta(days=int(days)),
    )

    class Meta:
        model = ApiToken
        fields = ["name", "scope"]
        help_texts = {"name": "What it is for, such as: backup script on my laptop."}
