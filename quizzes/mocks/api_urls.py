"""API addresses of mock interviews."""

from django.urls import path

from quizzes.mocks.api import (
    MockFinishView,
    MockRatingView,
    MockRevealView,
    MockRunsView,
    MockRunView,
    MockScriptsView,
    MocksView,
    MockTakeView,
    MockView,
    MockWorkView,
)

urlpatterns = [
    path("mocks/", MocksView.as_view(), name="api-mocks"),
    path("mocks/scripts/", MockScriptsView.as_view(), name="api-mock-scripts"),
    path("mocks/<int:pk>/", MockView.as_view(), name="api-mock"),
    path("mocks/<int:pk>/reveals/", MockRevealView.as_view(), name="api-mock-reveals"),
    path("mocks/<int:pk>/work/", MockWorkView.as_view(), name="api-mock-work"),
    path("mocks/<int:pk>/runs/", MockRunsView.as_view(), name="api-mock-runs"),
    path("mocks/<int:pk>/runs/<uuid:run>/", MockRunView.as_view(), name="api-mock-run"),
    path("mocks/<int:pk>/finish/", MockFinishView.as_view(), name="api-mock-finish"),
    path("mocks/<int:pk>/rating/", MockRatingView.as_view(), name="api-mock-rating"),
    path("mocks/<int:pk>/take/", MockTakeView.as_view(), name="api-mock-take"),
]
