"""Routes of progress, under /aim/."""

from typing import Any

urlpatterns: list[Any] = []
