"""Routes of goals, under /aim/."""

from typing import Any

from steelyard.apps.goals import urls_cascades, urls_progress

urlpatterns: list[Any] = [*urls_cascades.urlpatterns, *urls_progress.urlpatterns]
