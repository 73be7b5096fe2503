"""API addresses of the weekly reviews."""

from django.urls import path

from mlprep.reviews.api import ReviewsView, ReviewView

urlpatterns = [
    path("reviews/", ReviewsView.as_view(), name="api-reviews"),
    path("reviews/<str:monday>/", ReviewView.as_view(), name="api-review"),
]
