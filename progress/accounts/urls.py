"""Addresses of accounts: our pages, then allauth's."""

from django.urls import include, path

from progress.accounts import token_views, views

urlpatterns = [
    path("", views.account, name="account"),
    path("first-run/", views.first_run, name="first_run"),
    path("tokens/", token_views.tokens, name="account_tokens"),
    path("tokens/<int:token_id>/revoke/", token_views.revoke, name="account_token_revoke"),
    path("delete/", views.delete, name="account_delete"),
    path("sessions/", views.sessions, name="usersessions_list"),
    path("", include("allauth.urls")),
]
