"""Addresses of the tracker's pages."""

from django.urls import path

from mlprep.tracker import views

app_name = "concepts"
urlpatterns = [
    path("", views.concept_list, name="list"),
    path("<slug:code>/", views.concept_page, name="detail"),
    path("<slug:code>/status/", views.concept_status, name="status"),
]
