"""All addresses of the site."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from concepts.views import formulas
from mlprep.curriculum.map_page import concept_map
from mlprep.health import healthz, readyz
from mlprep.today import today
from progress.accounts.views import settings_page

urlpatterns = [
    path("", today, name="today"),
    path("concepts/map/", concept_map, name="concept-map"),
    path("concepts/", include("mlprep.tracker.urls")),
    path("formulas/", formulas, name="formulas"),
    path("topics/", include("mlprep.curriculum.urls")),
    path("guides/", include("mlprep.curriculum.guide_urls")),
    path("exercises/", include("quizzes.exercises.urls")),
    path("quizzes/", include("quizzes.attempts.urls")),
    path("flashcards/", include("quizzes.flashcards.urls")),
    path("mocks/", include("quizzes.mocks.urls")),
    path("progress/", include("progress.urls")),
    path("comments/", include("progress.comments.urls")),
    path("settings/", settings_page, name="settings"),
    path("accounts/", include("progress.accounts.urls")),
    path("api/v1/", include("mlprep.api")),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
