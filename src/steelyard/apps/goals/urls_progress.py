"""Routes of progress, under /aim/."""

from typing import Any

from django.urls import path

from steelyard.apps.goals.views import progress, quality

urlpatterns: list[Any] = [
    path("goal/<str:public_id>/progress/", progress.goal_progress, name="goal_progress"),
    path("goal/<str:public_id>/check-in/", progress.check_in, name="check_in"),
    path("check-ins/<str:public_id>/withdraw/", progress.withdraw_check_in, name="withdraw_check_in"),
    path("fairness/", quality.quota_quality, name="quota_quality"),
    path("fairness/xlsx/", quality.quota_quality_xlsx, name="quota_quality_xlsx"),
]
