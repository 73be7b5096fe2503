"""Users, invitations, and what signs people in, in the admin; keys are never shown."""

from typing import Any

from allauth.account.admin import EmailAddressAdmin
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from rest_framework.authtoken.models import TokenProxy

from mlprep.shared.addresses import address
from progress.accounts.models import ApiToken, Invitation, User
from progress.accounts.services import end_sessions

_NO_ADMINISTRATOR = {"is_staff": False, "is_superuser": False}
RIGHTS = ["is_staff", "is_superuser", "groups", "user_permissions"]

# Keys in clear. A provider is set in the environment, and its tokens are not kept.
for model in (TokenProxy, SocialApp, SocialToken, SocialAccount, EmailAddress, UserSession, Authenticator):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


@admin.register(User)
class LearnerAdmin(UserAdmin):
    """Django's, with the role of a moderator. Only superusers give rights, or touch an administrator's account."""

    list_display = ["username", "email", "is_moderator", "is_staff", "is_active"]
    list_filter = ["is_moderator", "is_staff", "is_superuser", "is_active", "groups"]
    fieldsets = (*(UserAdmin.fieldsets or ()), ("Comments", {"fields": ["is_moderator"]}))
    actions = ["sign_out"]

    @admin.action(description="Sign out everywhere and take back API tokens", permissions=["change"])
    def sign_out(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        ended = end_sessions(users=chosen if _is_superuser(request) else chosen.filter(**_NO_ADMINISTRATOR))
        self.message_user(request, f"{ended} sessions have ended, and API tokens are taken back.")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        given = list(super().get_readonly_fields(request, obj))
        return given if _is_superuser(request) else [*given, *RIGHTS]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)


def _is_superuser(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_superuser


def _may_touch(request: HttpRequest, user: User | None) -> bool:
    return _is_superuser(request) or not (user and (user.is_superuser or user.is_staff))


class EndedOnly(admin.ModelAdmin):
    """What an administrator may see, without its key, and end."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        owner = getattr(obj, "user", None) or getattr(obj, "learner", None)
        return super().has_delete_permission(request, obj) and _may_touch(request, owner)


@admin.register(ApiToken)
class ApiTokenAdmin(EndedOnly):
    list_display = ["learner", "name", "scope", "created_at", "expires_at", "last_used_at"]
    list_filter = ["scope"]
    list_select_related = ["learner"]
    search_fields = ["learner__username", "name"]
    fields = ["learner", "name", "scope", "created_at", "expires_at", "last_used_at"]


@admin.register(UserSession)
class SessionAdmin(EndedOnly):
    list_display = ["user", "created_at", "last_seen_at", "ip", "user_agent"]
    list_select_related = ["user"]
    search_fields = ["user__username", "ip"]
    fields = ["user", "created_at", "last_seen_at", "ip", "user_agent"]

    def delete_model(self, request: HttpRequest, obj: UserSession) -> None:
        obj.end()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[UserSession]) -> None:
        for session in queryset:
            session.end()


@admin.register(Authenticator)
class SecondStepAdmin(EndedOnly):
    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    list_select_related = ["user"]
    fields = ["user", "type", "created_at", "last_used_at"]


@admin.register(SocialAccount)
class ElsewhereAdmin(EndedOnly):
    list_display = ["user", "provider", "uid"]
    list_filter = ["provider"]
    list_select_related = ["user"]
    search_fields = ["user__username", "uid"]
    fields = ["user", "provider", "uid", "last_login", "date_joined"]


@admin.register(EmailAddress)
class AddressAdmin(EmailAddressAdmin):
    """allauth's; a letter to an administrator's address would give a new password."""

    @admin.action(description="Mark as proved", permissions=["change"])
    def make_verified(self, request: HttpRequest, queryset: QuerySet[EmailAddress]) -> None:
        if not _is_superuser(request):
            queryset = queryset.filter(**{f"user__{field}": value for field, value in _NO_ADMINISTRATOR.items()})
        super().make_verified(request, queryset)

    def has_change_permission(self, request: HttpRequest, obj: EmailAddress | None = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj and obj.user)

    def has_delete_permission(self, request: HttpRequest, obj: EmailAddress | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj and obj.user)

    def save_model(self, request: HttpRequest, obj: EmailAddress, form: Any, change: bool) -> None:
        if not _may_touch(request, obj.user):
            raise PermissionDenied
        super().save_model(request, obj, form, change)


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    list_display = ["__str__", "created_at", "accepted_by", "link"]
    list_select_related = ["accepted_by"]
    readonly_fields = ["link", "created_at", "accepted_by"]

    @admin.display(description="Link to hand on")
    def link(self, invitation: Invitation) -> str:
        return address(invitation.path) if invitation.pk else "shown once it is saved"
