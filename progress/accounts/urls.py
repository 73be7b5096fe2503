"""Addresses of accounts: our pages, then allauth's."""

from django.urls import include, path

from progress.accounts import single_sign_on, token_views, views

urlpatterns = [
    path("", views.account, name="account"),
    path("first-run/", views.first_run, name="first_run"),
    path("tokens/", token_views.tokens, name="account_tokens"),
    path("tokens/<int:token_id>/revoke/", token_views.revoke, name="account_token_revoke"),
    path("delete/", views.delete, name="account_delete"),
    path("sessions/", views.sessions, name="usersessions_list"),
    path("reauthenticate/elsewhere/", views.prove_elsewhere, name="account_prove_elsewhere"),
    path("password/set/", views.set_password, name="account_set_password"),
    # Before allauth's own, of the same names.
    path("email/", views.EmailAddresses.as_view(), name="account_email"),
    path("oidc/<str:provider_id>/login/", single_sign_on.login, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", single_sign_on.callback, name="openid_connect_callback"),
    path("", include("allauth.urls")),
]
