"""Addresses of guides."""

from django.urls import path

from mlprep.curriculum import guides

app_name = "guides"
urlpatterns = [
    path("", guides.guide_list, name="list"),
    path("<slug:slug>/", guides.guide_page, name="detail"),
    path("<slug:slug>/checklist/", guides.checklist, name="checklist"),
]
