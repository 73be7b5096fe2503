"""Addresses of the progress pages."""

from django.urls import path

from progress import views

app_name = "progress"
urlpatterns = [path("", views.overview, name="overview")]
