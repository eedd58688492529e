"""A full snapshot: a file that is all its source has, or all of a stretch of time, at one moment."""

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

STAGE_CHANGES, OWNER_CHANGES = "stage_changes", "owner_changes"
DERIVED = (STAGE_CHANGES, OWNER_CHANGES)

_YEAR = r"(?<!\d)(?P<year>(?:19|20)\d\d)"
_TIME = r"(?:[T_\- ]?(?P<hour>[01]\d|2[0-3])[-:.时点h]?(?P<minute>[0-5]\d)(?:[-:.分m]?(?P<second>[0-5]\d))?)?"
_DAY_FORMS = (
    rf"{_YEAR}(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01]){_TIME}(?!\d)",
    rf"{_YEAR}[-_.](?P<month>0?[1-9]|1[0-2])[-_.](?P<day>0?[1-9]|[12]\d|3[01])(?!\d){_TIME}(?!\d)",
    rf"{_YEAR}年(?P<month>\d\d?)月(?P<day>\d\d?)[日号]",
)
_MONTH_FORMS = (
    rf"{_YEAR}[-_.](?P<month>0[1-9]|1[0-2])(?!\d)",
    rf"{_YEAR}(?P<month>0[1-9]|1[0-2])(?!\d)",
    rf"{_YEAR}年(?P<month>\d\d?)月",
)


@dataclass(frozen=True)
class FullSnapshot:
    """How a snapshot is held against what its source brought before.

    `imports` are the ids of the source's imports: their rows, and no other's, can be gone. `as_of` is when
    the snapshot was taken, `before` when the last one of each table was. `covers` is the date column whose
    stretch the snapshot covers ("" for the whole source), from `first` to `last` where they are given.
    `derives` are the tables of changes that no file of the source feeds.
    """

    imports: frozenset[str]
    as_of: datetime.datetime
    before: Mapping[str, datetime.datetime] = field(default_factory=dict)
    covers: str = ""
    first: datetime.date | None = None
    last: datetime.date | None = None
    derives: tuple[str, ...] = DERIVED


def time_in_names(names: Iterable[str], *, now: datetime.datetime) -> datetime.datetime | None:
    """When files were exported, as their names say it: the latest of them; None where no name does.

    A name with a month and no day means the month's last day, or `now` in a month that still runs.
    """
    found = [told for name in names if (told := _time_in(name, now))]
    return max(found, default=None)


def _time_in(name: str, now: datetime.datetime) -> datetime.datetime | None:
    for form in _DAY_FORMS:
        for match in re.finditer(form, name):
            if told := _as_time(match.groupdict(default="0")):
                return told
    for form in _MONTH_FORMS:
        for match in re.finditer(form, name):
            if told := _as_time(match.groupdict() | {"day": "1"}):
                following = (told + datetime.timedelta(days=31)).replace(day=1)
                return min(following - datetime.timedelta(days=1), now)
    return None


def _as_time(parts: Mapping[str, str]) -> datetime.datetime | None:
    named = ("year", "month", "day", "hour", "minute", "second")
    try:
        return datetime.datetime(*(int(parts.get(name, "0")) for name in named))  # type: ignore[arg-type] # noqa: DTZ001
    except ValueError:
        return None
