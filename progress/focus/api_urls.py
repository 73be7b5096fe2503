"""API addresses of the focus timer."""

from django.urls import path

from progress.focus.api import FocusListView, FocusView

urlpatterns = [
    path("focus/", FocusListView.as_view(), name="api-focus"),
    path("focus/<int:pk>/", FocusView.as_view(), name="api-focus-session"),
]
