"""Addresses of reports and moderation; they stand below those of comments."""

from django.urls import path

from progress.moderation import views

app_name = "moderation"
urlpatterns = [
    path("moderation/", views.queue, name="queue"),
    path("<int:comment_id>/report/", views.report, name="report"),
    path("<int:comment_id>/hide/", views.hide, name="hide"),
    path("<int:comment_id>/show/", views.show, name="show"),
    path("<int:comment_id>/approve/", views.approve, name="approve"),
    path("<int:comment_id>/settle/", views.settle, name="settle"),
    path("<int:comment_id>/history/", views.history, name="history"),
]
