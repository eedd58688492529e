"""Routes of progress, under /aim/."""

from typing import Any

from django.urls import path

from steelyard.apps.goals.views import progress

urlpatterns: list[Any] = [
    path("goals/<str:public_id>/progress/", progress.goal_progress, name="goal_progress"),
    path("goals/<str:public_id>/check-in/", progress.check_in, name="check_in"),
    path("check-ins/<str:public_id>/withdraw/", progress.withdraw_check_in, name="withdraw_check_in"),
]
