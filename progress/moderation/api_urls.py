"""API addresses of reports and moderation."""

from django.urls import path

from progress.moderation import api

urlpatterns = [
    path("comments/moderation/", api.QueueView.as_view(), name="api-moderation"),
    path("comments/<int:pk>/reports/", api.ReportView.as_view(), name="api-comment-reports"),
    path("comments/<int:pk>/hidden/", api.HiddenView.as_view(), name="api-comment-hidden"),
    path("comments/<int:pk>/approve/", api.ApproveView.as_view(), name="api-comment-approve"),
    path("comments/<int:pk>/settle/", api.SettleView.as_view(), name="api-comment-settle"),
    path("comments/<int:pk>/history/", api.HistoryView.as_view(), name="api-comment-history"),
]
