"""API addresses of the plan."""

from django.urls import path

from mlprep.plan.api import PlanTodayView, PlanView, TaskDoneView

urlpatterns = [
    path("plan/", PlanView.as_view(), name="api-plan"),
    path("plan/today/", PlanTodayView.as_view(), name="api-plan-today"),
    path("plan/tasks/<int:pk>/done/", TaskDoneView.as_view(), name="api-plan-task-done"),
]
