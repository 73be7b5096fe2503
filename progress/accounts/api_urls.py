"""API addresses of accounts."""

from django.urls import path

from progress.accounts.api import TokenView

urlpatterns = [path("auth/token/", TokenView.as_view(), name="api-token")]
