"""What can be commented on: each room declares its records, so that this app needs to know none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import autodiscover_modules

from steelyard.errors import Refused


@dataclass(frozen=True)
class Record:
    """A record as a conversation names it: what it is called and where it is read."""

    kind: str
    key: str
    label: str
    url: str


Look = Callable[[Any, str], Record]
_looks: dict[str, Look] = {}


def declare(kind: str) -> Callable[[Look], Look]:
    """Make a kind of record open to comments; its look refuses what the viewer may not see."""

    def keep(look: Look) -> Look:
        _looks[kind] = look
        return look

    return keep


def record_seen_by(viewer: Any, kind: str, key: str) -> Record:
    """The record, for who may see it; of a kind that no room declares there is none."""
    if kind not in _looks:
        autodiscover_modules("records")  # when first asked: the rooms are heavy to load
    if kind not in _looks:
        raise Refused("access.denied", 404)
    return _looks[kind](viewer, key)
