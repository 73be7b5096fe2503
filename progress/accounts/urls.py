"""Addresses of accounts: our pages, then allauth's."""

from django.urls import include, path

from progress.accounts import single_sign_on, views

urlpatterns = [
    path("", views.account, name="account"),
    path("first-run/", views.first_run, name="first_run"),
    path("token/", views.token, name="account_token"),
    path("delete/", views.delete, name="account_delete"),
    path("sessions/", views.sessions, name="usersessions_list"),
    # Before allauth's own, of the same names.
    path("email/", views.EmailAddresses.as_view(), name="account_email"),
    path("oidc/<str:provider_id>/login/", single_sign_on.login, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", single_sign_on.callback, name="openid_connect_callback"),
    path("", include("allauth.urls")),
]
