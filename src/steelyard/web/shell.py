"""What stands around every page: the rooms a viewer has, the data date, language and look."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.module_loading import import_string
from django.utils.translation import pgettext_lazy

from steelyard.web import doors, styles

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "steelyard_theme"
BOTTOM = 4


@dataclass(frozen=True)
class Room:
    path: str
    mark: str
    label: "str | Promise"
    is_loop: bool = True


ROOMS = [
    Room("/measure/", "衡", pgettext_lazy("room", "Measure")),
    Room("/diagnose/", "诊", pgettext_lazy("room", "Diagnose")),
    Room("/aim/", "标", pgettext_lazy("room", "Aim")),
    Room("/improve/", "进", pgettext_lazy("room", "Improve")),
    Room("/reward/", "酬", pgettext_lazy("room", "Reward")),
    Room("/review/", "复", pgettext_lazy("room", "Review")),
    Room("/listen/", "听", pgettext_lazy("room", "Listen"), is_loop=False),
    Room("/data/", "数", pgettext_lazy("room", "Data"), is_loop=False),
    Room("/comments/", "问", pgettext_lazy("room", "Questions"), is_loop=False),
    Room("/people/", "人", pgettext_lazy("room", "People"), is_loop=False),
    Room("/settings/", "设", pgettext_lazy("room", "Settings"), is_loop=False),
]


@lru_cache(maxsize=64)
def action_at(path: str) -> str | None:
    """The policy of what is mounted at a path; None when nothing is: the room is not built yet."""
    try:
        return doors.action_of(resolve(path))
    except Resolver404:
        return None


def rooms_of(viewer: Any) -> list[Room]:
    """The rooms that exist and open to the viewer."""
    return [room for room in ROOMS if (action := action_at(room.path)) and doors.can(viewer, action)]


@dataclass(frozen=True)
class Place:
    """A room as the navigation shows it on one page."""

    room: Room
    is_here: bool


class Shell:
    """Worked out when a template first asks; a fragment asks nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def viewer(self) -> Any:
        return getattr(self.request, "user", None)

    @cached_property
    def places(self) -> list[Place]:
        if self.viewer is None or not self.viewer.is_authenticated:
            return []
        here = self.request.path
        return [Place(room, here.startswith(room.path)) for room in rooms_of(self.viewer)]

    @property
    def loop(self) -> list[Place]:
        return [place for place in self.places if place.room.is_loop]

    @property
    def beside(self) -> list[Place]:
        return [place for place in self.places if not place.room.is_loop]

    @property
    def bottom(self) -> list[Place]:
        return self.places[:BOTTOM]

    @property
    def more(self) -> list[Place]:
        return self.places[BOTTOM:]

    @property
    def theme(self) -> str:
        chosen = getattr(self.viewer, "theme", "") or self.request.COOKIES.get(THEME_COOKIE, "auto")
        return chosen if chosen in THEMES else "auto"

    @property
    def other_theme(self) -> str:
        """The look that the switch changes to."""
        return THEMES[(THEMES.index(self.theme) + 1) % len(THEMES)]

    @cached_property
    def data_date(self) -> date | None:
        if not settings.STEELYARD_DATA_DATE or not getattr(self.viewer, "is_authenticated", False):
            return None
        ask: Callable[[Any], date | None] = import_string(settings.STEELYARD_DATA_DATE)
        return ask(self.viewer)

    @property
    def frame(self) -> str:
        """The template around a page that both a viewer and a stranger may meet."""
        return "web/page.html" if getattr(self.viewer, "is_authenticated", False) else "web/outside.html"

    @property
    def stylesheet(self) -> str:
        return styles.address()


def context(request: HttpRequest) -> dict[str, Any]:
    return {"shell": SimpleLazyObject(lambda: Shell(request))}
