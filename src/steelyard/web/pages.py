"""One page of a long list."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

SIZE = 50


def page_of(request: HttpRequest, rows: Any, *, size: int = SIZE) -> Page[Any]:
    """The page that `?page=` names; one out of range is the nearest there is."""
    return Paginator(rows, size).get_page(request.GET.get("page"))
