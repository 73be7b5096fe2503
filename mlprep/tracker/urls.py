"""Addresses of the tracker's pages."""

from django.urls import path

from mlprep.tracker import views

app_name = "concepts"
urlpatterns = [
    path("", views.concept_list, name="list"),
    path("<str:code>/", views.concept_page, name="detail"),
    path("<str:code>/status/", views.concept_status, name="status"),
]
