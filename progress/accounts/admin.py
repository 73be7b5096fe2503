"""Users and invitations in the admin."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from progress.accounts.models import Invitation, User

# The admin's own sign-in page would not count failed attempts.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


@admin.register(User)
class LearnerAdmin(UserAdmin):
    """Django's, with the role of a moderator."""

    list_display = ["username", "email", "is_moderator", "is_staff", "is_active"]
    list_filter = ["is_moderator", "is_staff", "is_superuser", "is_active", "groups"]
    fieldsets = (*(UserAdmin.fieldsets or ()), ("Comments", {"fields": ["is_moderator"]}))


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    list_display = ["__str__", "created_at", "accepted_by", "link"]
    list_select_related = ["accepted_by"]
    readonly_fields = ["link", "created_at", "accepted_by"]

    @admin.display(description="Link to hand on")
    def link(self, invitation: Invitation) -> str:
        return settings.SITE_URL + invitation.path if invitation.pk else "shown once it is saved"
