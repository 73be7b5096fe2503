"""All addresses of the site."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from concepts.views import formulas
from mlprep.curriculum.map_page import concept_map
from mlprep.digest.views import digest_off
from mlprep.health import healthz, readyz
from mlprep.plan.ics import plan_calendar
from mlprep.readiness.views import readiness
from mlprep.syllabus.views import syllabus
from mlprep.today import today
from mlprep.watching.metrics import metrics
from progress.accounts.views import settings_page

# allauth asks for it by this name.
handler429 = "mlprep.shared.limits.refusing.too_many"
handler500 = "mlprep.unavailable.server_error"

urlpatterns = [
    path("", today, name="today"),
    path("concepts/map/", concept_map, name="concept-map"),
    path("concepts/", include("mlprep.tracker.urls")),
    path("formulas/", formulas, name="formulas"),
    path("topics/", include("mlprep.curriculum.urls")),
    path("guides/", include("mlprep.curriculum.guide_urls")),
    path("syllabus/", syllabus, name="syllabus"),
    path("exercises/", include("quizzes.exercises.urls")),
    path("quizzes/", include("quizzes.attempts.urls")),
    path("flashcards/", include("quizzes.flashcards.urls")),
    path("plan/", include("mlprep.plan.urls")),
    path("plan.ics", plan_calendar, name="plan-calendar"),
    path("mocks/", include("quizzes.mocks.urls")),
    path("progress/readiness/", readiness, name="readiness"),
    path("progress/", include("progress.urls")),
    path("notes/focus/", include("progress.focus.urls")),
    path("notes/reviews/", include("mlprep.reviews.urls")),
    path("notes/", include("progress.notes.urls")),
    path("comments/", include("progress.comments.urls")),
    path("comments/", include("progress.moderation.urls")),
    path("settings/", settings_page, name="settings"),
    path("settings/letters/<str:signed>/off/", digest_off, name="digest-off"),
    path("accounts/", include("progress.accounts.urls")),
    path("api/v1/", include("mlprep.api")),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path(
        "api/docs/",
        SpectacularSwaggerSplitView.as_view(url_name="api-schema", http_method_names=["get", "head"]),
        name="api-docs",
    ),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]
