"""Addresses of the progress pages."""

app_name = "progress"
urlpatterns: list = []
