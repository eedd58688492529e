"""{% comments "diagnosis" diagnosis.public_id %}: the conversation on a record, loaded after the page."""

from typing import Any

from django import template
from django.urls import reverse

register = template.Library()


@register.inclusion_tag("comments/lazy.html")
def comments(kind: str, key: str) -> dict[str, Any]:
    return {"address": reverse("conversation", args=[kind, key])}
