"""Routes of cascades, under /aim/."""

from typing import Any

urlpatterns: list[Any] = []
