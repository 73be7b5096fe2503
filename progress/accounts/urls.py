"""Addresses of accounts: allauth's, the first run, invitations."""

from django.urls import include, path

urlpatterns = [path("", include("allauth.account.urls"))]
