"""From the calendar document to rules; a mistake is refused with its place."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from steelyard.engine.calendars.rules import DAY, Rule, Span, Spans, is_country
from steelyard.errors import Refused

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
KEYS = frozenset({"timezone", "holidays", "hours", "closed", "open"})
TOP_KEYS = KEYS | {"teams", "performers"}
PERFORMER_KEYS = KEYS | {"team"}
_SPAN = re.compile(r"([0-2]?\d):([0-5]\d)\s*[-–]\s*([0-2]?\d):([0-5]\d)")
_LONGEST_RANGE = 366


@dataclass(frozen=True)
class Document:
    """The rule of everybody, of teams and of performers."""

    everybody: Rule
    teams: dict[str, Rule]
    performers: dict[str, Rule]


def read_document(document: str | Mapping[str, Any]) -> Document:
    """Read and check a whole document."""
    found = _parsed(document) if isinstance(document, str) else document
    if not isinstance(found, Mapping):
        raise Refused("calendar.unreadable", line=1)
    found = _mapping(found, "")
    _check_keys(found, TOP_KEYS, "")
    if "hours" not in found:
        raise Refused("calendar.no-hours")
    everybody = _rule(found, Rule(((),) * 7), "")
    teams = {name: _team_rule(part, everybody, place) for name, part, place in _parts(found, "teams")}
    performers = {
        name: _performer_rule(part, everybody, teams, place)
        for name, part, place in _parts(found, "performers")
    }
    return Document(everybody, teams, performers)


def _parsed(text: str) -> Any:
    # Every scalar is text: `NO` is a country, and `09:30` is no number to the base of sixty.
    try:
        return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        raise Refused("calendar.unreadable", line=mark.line + 1 if mark else 1) from fault


def _parts(found: Mapping[str, Any], key: str) -> list[tuple[str, Mapping[str, Any], str]]:
    parts = _mapping(found.get(key) or {}, key)
    return [(name, _mapping(part, f"{key}.{name}"), f"{key}.{name}") for name, part in parts.items()]


def _team_rule(found: Mapping[str, Any], everybody: Rule, place: str) -> Rule:
    _check_keys(found, KEYS, place)
    return _rule(found, everybody, place)


def _performer_rule(found: Mapping[str, Any], everybody: Rule, teams: Mapping[str, Rule], place: str) -> Rule:
    _check_keys(found, PERFORMER_KEYS, place)
    team = found.get("team")
    if team is not None and str(team) not in teams:
        raise Refused("calendar.team", place=_under(place, "team"), value=str(team))
    return _rule(found, everybody if team is None else teams[str(team)], place)


def _rule(found: Mapping[str, Any], base: Rule, place: str) -> Rule:
    """`base` with what this part of the document says otherwise."""
    closed = _closed(found.get("closed") or (), _under(place, "closed"))
    opened = _opened(found.get("open") or (), _under(place, "open"))
    both = sorted(closed & opened.keys())
    if both:
        raise Refused("calendar.day-twice", place=_under(place, "open"), value=both[0].isoformat())
    rule = replace(
        base,
        closed=(base.closed | closed) - frozenset(opened),
        opened=tuple(sorted({**{d: s for d, s in base.opened if d not in closed}, **opened}.items())),
    )
    if "hours" in found:
        rule = replace(rule, week=_week(found["hours"], _under(place, "hours")))
    if "timezone" in found:
        rule = replace(rule, zone=_zone(found["timezone"], _under(place, "timezone")))
    if "holidays" in found:
        rule = replace(rule, holidays=_countries(found["holidays"], _under(place, "holidays")))
    return rule


def _week(found: Any, place: str) -> tuple[Spans, ...]:
    week: dict[int, Spans] = {}
    for words, hours in _mapping(found, place).items():
        here = _under(place, words)
        spans = _spans(hours, here)
        for day in _days(words, here):
            if day in week:
                raise Refused("calendar.day-twice", place=here, value=WEEK[day])
            week[day] = spans
    return tuple(week.get(day, ()) for day in range(7))


def _days(words: str, place: str) -> list[int]:
    days: list[int] = []
    for word in words.lower().split(","):
        first, _, last = (part.strip() for part in word.partition("-"))
        if first not in WEEK or (last or first) not in WEEK:
            raise Refused("calendar.day", place=place, value=word.strip())
        begin, end = WEEK.index(first), WEEK.index(last or first)
        days += [day % 7 for day in range(begin, end + 1 if end >= begin else end + 8)]
    return days


def _spans(found: Any, place: str) -> Spans:
    texts = _texts(found)
    spans = [(_span(text, f"{place}[{index}]"), f"{place}[{index}]") for index, text in enumerate(texts)]
    spans.sort()
    for (one, _), (following, where) in pairwise(spans):
        if following[0] < one[1]:
            raise Refused("calendar.overlap", place=where)
    return tuple(span for span, _ in spans)


def _span(text: str, place: str) -> Span:
    match = _SPAN.fullmatch(text.strip())
    if not match:
        raise Refused("calendar.time", place=place, value=text)
    hours = [int(part) for part in match.groups()]
    begin, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
    if begin >= DAY or end > DAY or begin == end:
        raise Refused("calendar.time", place=place, value=text)
    return begin, end if end > begin else end + DAY


def _closed(found: Any, place: str) -> frozenset[date]:
    return frozenset(
        day for index, text in enumerate(_texts(found)) for day in _dates(text, f"{place}[{index}]")
    )


def _opened(found: Any, place: str) -> dict[date, Spans]:
    if isinstance(found, Mapping):
        return {
            day: _spans(hours, _under(place, str(text)))
            for text, hours in found.items()
            for day in _dates(str(text), _under(place, str(text)))
        }
    return dict.fromkeys(_closed(found, place), ())


def _dates(text: str, place: str) -> list[date]:
    first, _, last = text.partition("..")
    try:
        begin = date.fromisoformat(first.strip())
        end = date.fromisoformat(last.strip()) if last else begin
    except ValueError as fault:
        raise Refused("calendar.date", place=place, value=text) from fault
    days = (end - begin).days
    if not 0 <= days <= _LONGEST_RANGE:
        raise Refused("calendar.date", place=place, value=text)
    return [begin + timedelta(days=day) for day in range(days + 1)]


def _zone(found: Any, place: str) -> str:
    # A missing zone, a folder of zones and a path out of them fail in three different ways.
    try:
        return ZoneInfo(str(found)).key
    except (KeyError, ValueError, OSError) as fault:
        raise Refused("calendar.zone", place=place, value=str(found)) from fault


def _countries(found: Any, place: str) -> tuple[str, ...]:
    codes = [text.upper() for text in _texts(found) if text and text.lower() != "none"]
    for code in codes:
        if not is_country(code):
            raise Refused("calendar.country", place=place, value=code)
    return tuple(codes)


def _texts(found: Any) -> list[str]:
    if found is None or found == "":
        return []
    return [str(found)] if isinstance(found, str | date) else [str(one) for one in found]


def _mapping(found: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(found, Mapping):
        raise Refused("calendar.not-a-mapping", place=place)
    return {str(key): value for key, value in found.items()}


def _check_keys(found: Mapping[str, Any], known: frozenset[str], place: str) -> None:
    for key in found:
        if key not in known:
            raise Refused("calendar.unknown-key", place=_under(place, key), value=key)


def _under(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key
