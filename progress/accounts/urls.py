"""Addresses of accounts: our pages, then allauth's."""

from django.urls import include, path

from progress.accounts import views

urlpatterns = [
    path("", views.account, name="account"),
    path("first-run/", views.first_run, name="first_run"),
    path("token/", views.token, name="account_token"),
    path("delete/", views.delete, name="account_delete"),
    path("sessions/", views.sessions, name="usersessions_list"),
    path("", include("allauth.urls")),
]
