"""Addresses of accounts: our pages, then allauth's."""

from allauth.account.decorators import reauthentication_required
from allauth.usersessions.views import list_usersessions
from django.urls import include, path

from progress.accounts import views

# Ending sessions asks for the password again; allauth itself would not.
sessions = reauthentication_required(allow_get=True)(list_usersessions)

urlpatterns = [
    path("", views.account, name="account"),
    path("first-run/", views.first_run, name="first_run"),
    path("token/", views.token, name="account_token"),
    path("delete/", views.delete, name="account_delete"),
    path("sessions/", sessions, name="usersessions_list"),
    path("", include("allauth.urls")),
]
