"""Users and invitations in the admin."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from mlprep.shared.addresses import address
from progress.accounts.models import Invitation, User
from progress.accounts.services import end_sessions

# The admin's own sign-in page would not count failed attempts.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


@admin.register(User)
class LearnerAdmin(UserAdmin):
    """Django's, with the role of a moderator."""

    list_display = ["username", "email", "is_moderator", "is_staff", "is_active"]
    list_filter = ["is_moderator", "is_staff", "is_superuser", "is_active", "groups"]
    fieldsets = (*(UserAdmin.fieldsets or ()), ("Comments", {"fields": ["is_moderator"]}))
    actions = ["sign_out"]

    @admin.action(description="Sign out everywhere and take back the API token", permissions=["change"])
    def sign_out(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        ended = end_sessions(users=chosen)
        self.message_user(request, f"{ended} sessions have ended, and API tokens are taken back.")


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    list_display = ["__str__", "created_at", "accepted_by", "link"]
    list_select_related = ["accepted_by"]
    readonly_fields = ["link", "created_at", "accepted_by"]

    @admin.display(description="Link to hand on")
    def link(self, invitation: Invitation) -> str:
        return address(invitation.path) if invitation.pk else "shown once it is saved"
