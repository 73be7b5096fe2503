"""Addresses of the weekly review."""

from django.urls import path

from mlprep.reviews import views

app_name = "reviews"
urlpatterns = [
    path("", views.review_list, name="list"),
    path("weekday/", views.weekday, name="weekday"),
    path("<slug:monday>/", views.review_page, name="detail"),
    path("<slug:monday>/kept/<int:kept_id>/", views.kept, name="kept"),
]
