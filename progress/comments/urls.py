"""Addresses of comments that exist; new ones are posted to their concept's page."""

app_name = "comments"
urlpatterns: list = []
