"""Working time: hand-worked days, clock changes, holidays, and the properties that hold for all of them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steelyard.engine.calendars import ALWAYS_OPEN, Calendars, Rule, WorkingCalendar
from steelyard.errors import Refused

HOUR = 3600.0
OFFICE = {"hours": {"mon-fri": ["09:00-12:00", "13:00-18:00"]}}


def at(text: str, zone: str = "UTC", *, fold: int = 0) -> int:
    """A wall-clock time as microseconds UTC."""
    moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return (moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def hours(document: dict, start: str, end: str, zone: str = "UTC") -> float:
    calendar = Calendars.load(document).of()
    return float(calendar.working_seconds(at(start, zone), at(end, zone))) / HOUR


@pytest.mark.parametrize(
    ("start", "end", "worked"),
    [
        ("2024-05-06T09:00", "2024-05-06T18:00", 8),
        ("2024-05-06T00:00", "2024-05-07T00:00", 8),
        ("2024-05-06T11:30", "2024-05-06T13:30", 1),
        ("2024-05-06T12:10", "2024-05-06T12:50", 0),
        ("2024-05-06T08:59:59.999999", "2024-05-06T09:00:00.000001", 1e-6 / HOUR),
        ("2024-05-10T17:00", "2024-05-13T10:00", 2),
        ("2024-05-11T00:00", "2024-05-13T00:00", 0),
        ("2024-05-06T00:00", "2024-06-03T00:00", 160),
        ("2024-05-06T10:00", "2024-05-06T10:00", 0),
        ("2024-05-06T18:00", "2024-05-06T09:00", -8),
    ],
)
def test_hand_worked_stretches_of_an_office(start: str, end: str, worked: float):
    assert hours(OFFICE, start, end) == pytest.approx(worked, abs=1e-12)


@pytest.mark.parametrize(
    ("spans", "start", "end", "worked"),
    [
        (["18:00-24:00"], "2024-05-06T00:00", "2024-05-07T00:00", 6),
        (["00:00-24:00"], "2024-05-06T00:00", "2024-05-07T00:00", 24),
        (["00:00-06:00", "18:00-24:00"], "2024-05-06T17:00", "2024-05-07T07:00", 12),
        (["22:00-06:00"], "2024-05-06T00:00", "2024-05-06T24:00", 2),
        (["22:00-06:00"], "2024-05-06T12:00", "2024-05-07T12:00", 8),
        # Friday's night shift runs into Saturday, and none begins on Sunday.
        (["22:00-06:00"], "2024-05-10T23:00", "2024-05-13T01:00", 7),
        (["22:00-00:00"], "2024-05-06T12:00", "2024-05-07T12:00", 2),
    ],
)
def test_spans_that_meet_midnight(spans: list[str], start: str, end: str, worked: float):
    start, end = (text.replace("T24:00", "T23:59:59.999999") for text in (start, end))
    assert hours({"hours": {"mon-fri": spans}}, start, end) == pytest.approx(worked, abs=1e-8)


@pytest.mark.parametrize(
    ("day", "spans", "worked"),
    [
        # Berlin leaps from 02:00 to 03:00 on 31 March and shows 02:00 to 03:00 twice on 27 October 2024.
        ("2024-03-30", ["22:00-06:00"], 7),
        ("2024-10-26", ["22:00-06:00"], 9),
        ("2024-03-31", ["00:00-24:00"], 23),
        ("2024-10-27", ["00:00-24:00"], 25),
        ("2024-03-31", ["01:00-02:30"], 1),
        ("2024-03-31", ["02:00-02:30"], 0),
        ("2024-03-31", ["02:30-04:00"], 1),
        ("2024-10-27", ["01:00-02:30"], 1.5),
        ("2024-10-27", ["02:30-03:00"], 1.5),
        ("2024-10-27", ["01:00-02:30", "02:30-04:00"], 4),
        ("2024-06-01", ["22:00-06:00"], 8),
    ],
)
def test_days_on_which_the_clock_changes(day: str, spans: list[str], worked: float):
    document = {"timezone": "Europe/Berlin", "hours": {}, "open": {day: spans}}
    following = (date.fromisoformat(day) + timedelta(days=2)).isoformat()
    assert hours(document, f"{day}T00:00", f"{following}T00:00", "Europe/Berlin") == worked


def test_hours_are_those_of_the_clock_on_the_wall():
    shanghai = {"timezone": "Asia/Shanghai", **OFFICE}
    assert hours(shanghai, "2024-05-06T01:00", "2024-05-06T10:00") == 8
    # New Year's morning there is still the old year in UTC.
    assert hours({"timezone": "Pacific/Auckland", **OFFICE}, "2024-12-31T20:00", "2024-12-31T23:00") == 3


def test_chinese_holidays_and_their_make_up_days():
    china = {"timezone": "Asia/Shanghai", "holidays": "CN", **OFFICE}
    # Labour Day 2024: 1 to 5 May off, Sunday 28 April and Saturday 11 May worked in exchange.
    assert hours(china, "2024-05-01T00:00", "2024-05-06T00:00", "Asia/Shanghai") == 0
    assert hours(china, "2024-04-28T00:00", "2024-04-29T00:00", "Asia/Shanghai") == 8
    assert hours(china, "2024-05-11T00:00", "2024-05-13T00:00", "Asia/Shanghai") == 8
    # Spring Festival 2024: 10 to 17 February off, 4 and 18 February (Sundays) worked.
    assert hours(china, "2024-02-10T00:00", "2024-02-18T00:00", "Asia/Shanghai") == 0
    assert hours(china, "2024-02-04T00:00", "2024-02-05T00:00", "Asia/Shanghai") == 8
    # National Day 2024 takes one to seven October; February 2024 had 18 working days.
    assert hours(china, "2024-10-01T00:00", "2024-10-08T00:00", "Asia/Shanghai") == 0
    assert hours(china, "2024-02-01T00:00", "2024-03-01T00:00", "Asia/Shanghai") == 18 * 8


def test_a_holiday_cancels_the_shift_that_begins_on_it_only():
    nights = {"holidays": "DE", "hours": {"mon-sun": ["22:00-06:00"]}}
    # 3 October 2024 is a holiday: the shift of the 2nd is worked to its end, that of the 3rd is not.
    assert hours(nights, "2024-10-02T12:00", "2024-10-04T12:00") == 8
    assert hours(nights, "2024-10-03T12:00", "2024-10-04T12:00") == 0


def test_closed_and_open_days():
    document = {
        **OFFICE,
        "holidays": "CN",
        "closed": ["2024-05-06", "2024-12-24..2024-12-31"],
        "open": {"2024-05-18": [], "2024-05-19": ["10:00-11:30"], "2024-05-02": []},
    }
    assert hours(document, "2024-05-06T00:00", "2024-05-07T00:00") == 0
    assert hours(document, "2024-12-20T00:00", "2025-01-01T00:00") == 16
    assert hours(document, "2024-05-18T00:00", "2024-05-19T00:00") == 8
    assert hours(document, "2024-05-19T00:00", "2024-05-20T00:00") == 1.5
    assert hours(document, "2024-05-02T00:00", "2024-05-03T00:00") == 8


def test_a_team_takes_over_what_it_does_not_say_and_a_performer_from_his_team():
    calendars = Calendars.load(
        """
        timezone: Asia/Shanghai
        holidays: CN
        hours: {mon-fri: ["09:00-18:00"]}
        closed: [2024-05-06]
        teams:
          OSLO: {timezone: Europe/Oslo, holidays: [NO, SE]}
          WORKS: {hours: {mon-sat: "08:00-16:00"}, open: [2024-05-06]}
          BOTS: {hours: {mon-sun: "00:00-24:00"}, holidays: none, closed: 2024-01-01}
        performers:
          Marcus: {hours: {mon-fri: ["10:00-12:00", "12:30-20:00"]}}
          Ola: {team: OSLO, hours: {mon,wed,fri: "08:00-12:00"}}
        """
    )
    day = (at("2024-05-07T00:00", "Asia/Shanghai"), at("2024-05-08T00:00", "Asia/Shanghai"))
    closed = (at("2024-05-06T00:00", "Asia/Shanghai"), at("2024-05-07T00:00", "Asia/Shanghai"))

    def worked(stretch: tuple[int, int], **who: str) -> float:
        return float(calendars.of(**who).working_seconds(*stretch)) / HOUR

    assert (worked(day), worked(closed)) == (9, 0)
    assert (worked(day, team="WORKS"), worked(closed, team="WORKS")) == (8, 8)
    assert (worked(day, performer="Marcus"), worked(closed, performer="Marcus")) == (9.5, 0)
    assert worked(day, team="WORKS", performer="Marcus") == 9.5
    assert worked(day, team="WORKS", performer="Nobody") == 8
    assert worked(day, team="NOWHERE") == 9
    assert worked((at("2024-05-01T00:00"), at("2024-05-02T00:00")), team="BOTS") == 24
    # The 17th of May is free in Norway; Ola works Friday mornings otherwise, by Oslo's clock.
    friday = (at("2024-05-17T00:00", "Europe/Oslo"), at("2024-05-18T00:00", "Europe/Oslo"))
    week_before = (at("2024-05-10T06:00"), at("2024-05-10T09:00"))
    assert (worked(friday, performer="Ola"), worked(week_before, performer="Ola")) == (0, 3)


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("hours: [", "calendar.unreadable", {"line": 1}),
        ("- a", "calendar.unreadable", {"line": 1}),
        ("holidays: CN", "calendar.no-hours", {}),
        ("hours: 9-18", "calendar.not-a-mapping", {"place": "hours"}),
        ("hours: {}\nhour: {}", "calendar.unknown-key", {"place": "hour", "value": "hour"}),
        ("hours: {}\nteams: {A: {team: B}}", "calendar.unknown-key", {"place": "teams.A.team"}),
        ("hours: {}\nteams: {A: 9}", "calendar.not-a-mapping", {"place": "teams.A"}),
        ("hours: {monday: 09:00-18:00}", "calendar.day", {"place": "hours.monday", "value": "monday"}),
        ("hours: {mon-fri: 09:00-18:00, fri: 09:00-12:00}", "calendar.day-twice", {"place": "hours.fri"}),
        ("hours: {mon: [09:00-25:00]}", "calendar.time", {"place": "hours.mon[0]", "value": "09:00-25:00"}),
        ("hours: {mon: [09:00-24:30]}", "calendar.time", {"place": "hours.mon[0]"}),
        ("hours: {mon: [24:00-06:00]}", "calendar.time", {"place": "hours.mon[0]"}),
        ("hours: {mon: [9-18]}", "calendar.time", {"place": "hours.mon[0]", "value": "9-18"}),
        ("hours: {mon: [09:00-09:00]}", "calendar.time", {"place": "hours.mon[0]"}),
        ("hours: {mon: [13:00-18:00, 09:00-13:30]}", "calendar.overlap", {"place": "hours.mon[0]"}),
        ("hours: {}\nclosed: [2024-02-30]", "calendar.date", {"place": "closed[0]", "value": "2024-02-30"}),
        ("hours: {}\nclosed: [2024-05-02..2024-05-01]", "calendar.date", {"place": "closed[0]"}),
        ("hours: {}\nopen: {2024-05-02: 9}", "calendar.time", {"place": "open.2024-05-02[0]"}),
        ("hours: {}\nclosed: 2024-05-02\nopen: 2024-05-02", "calendar.day-twice", {"place": "open"}),
        ("hours: {}\ntimezone: Mars/Base", "calendar.zone", {"place": "timezone", "value": "Mars/Base"}),
        ("hours: {}\ntimezone: ../etc", "calendar.zone", {"place": "timezone"}),
        ("hours: {}\nholidays: XX", "calendar.country", {"place": "holidays", "value": "XX"}),
        ("hours: {}\nteams: {A: {holidays: DE-XX}}", "calendar.country", {"place": "teams.A.holidays"}),
        ("hours: {}\nperformers: {Ann: {team: B}}", "calendar.team", {"place": "performers.Ann.team"}),
    ],
)
def test_a_mistake_is_refused_with_its_place(text: str, code: str, told: dict):
    with pytest.raises(Refused) as refused:
        Calendars.load(text)
    assert refused.value.code == code
    assert told.items() <= refused.value.params.items()


def test_moments_too_far_apart_are_refused():
    with pytest.raises(Refused, match=r"calendar\.years"):
        Calendars.load(OFFICE).of().working_seconds(at("1500-01-01T00:00"), at("2024-01-01T00:00"))


def test_arrays_and_empty_arrays():
    calendar = Calendars.load(OFFICE).of()
    starts = np.array([at("2024-05-06T09:00"), at("2024-05-11T09:00")])
    assert calendar.working_seconds(starts, starts + 3_600_000_000).tolist() == [HOUR, 0.0]
    assert calendar.working_seconds([], []).tolist() == []
    assert ALWAYS_OPEN.working_seconds(0, 1_500_000) == 1.5


def test_intersection_of_two_zones():
    both = (
        Calendars.load({"timezone": "Asia/Shanghai", "hours": {"mon-fri": "09:00-18:00"}})
        .of()
        .intersect(Calendars.load({"timezone": "Europe/Berlin", "hours": {"mon-fri": "09:00-18:00"}}).of())
    )
    # Winter: Berlin's 09:00 is Shanghai's 16:00; summer: 15:00.
    assert both.working_seconds(at("2024-01-08T00:00"), at("2024-01-09T00:00")) == 2 * HOUR
    assert both.working_seconds(at("2024-07-08T00:00"), at("2024-07-09T00:00")) == 3 * HOUR
    begins, ends = both.stretches(at("2024-01-08T00:00"), at("2024-01-10T00:00"))
    assert (ends - begins).tolist() == [7_200_000_000] * 2


moments = st.integers(at("2023-12-20T00:00"), at("2025-01-10T00:00"))
zones = st.sampled_from(["UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
cuts = st.lists(st.integers(0, 1440), min_size=0, max_size=6, unique=True).map(sorted)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Any week of daytime spans with any closed days."""
    week = tuple(tuple(zip(day[::2], day[1::2], strict=False)) for day in (draw(cuts) for _ in range(7)))
    closed = draw(st.frozensets(st.dates(date(2024, 1, 1), date(2024, 12, 31)), max_size=3))
    return Rule(week, zone=draw(zones), holidays=draw(st.sampled_from([(), ("CN",)])), closed=closed)


@given(rules(), st.lists(moments, min_size=3, max_size=3).map(sorted))
def test_working_time_adds_up_and_is_at_most_the_time(rule: Rule, times: list[int]):
    calendar = WorkingCalendar((rule,))
    first, middle, last = times
    whole = calendar.working_micros(first, last)
    assert whole == calendar.working_micros(first, middle) + calendar.working_micros(middle, last)
    assert 0 <= whole <= last - first
    assert whole == -calendar.working_micros(last, first)
    begins, ends = calendar.stretches(first, last)
    assert whole == (ends - begins).sum()


@given(rules(), st.lists(moments, min_size=2, max_size=2).map(sorted))
def test_hours_and_the_other_hours_make_all_time(rule: Rule, times: list[int]):
    week = tuple(
        tuple(
            (a, b)
            for a, b in zip((0, *(e for _, e in day)), (*(b for b, _ in day), 1440), strict=True)
            if a < b
        )
        for day in rule.week
    )
    plain = WorkingCalendar((Rule(rule.week, zone=rule.zone),))
    rest = WorkingCalendar((Rule(week, zone=rule.zone),))
    assert plain.working_micros(*times) + rest.working_micros(*times) == times[1] - times[0]
    assert plain.intersect(rest).working_micros(*times) == 0


@given(rules(), rules(), st.lists(st.tuples(moments, moments), min_size=1, max_size=8), st.randoms())
def test_order_of_pairs_and_of_rules_does_not_matter(one: Rule, other: Rule, pairs: list, random):
    calendar = WorkingCalendar((one,)).intersect(WorkingCalendar((other,)))
    turned = WorkingCalendar((other,)).intersect(WorkingCalendar((one,)))
    shuffled = random.sample(range(len(pairs)), len(pairs))
    starts, ends = np.array(pairs).T
    worked = calendar.working_micros(starts, ends)
    assert turned.working_micros(starts[shuffled], ends[shuffled]).tolist() == worked[shuffled].tolist()
    alone = WorkingCalendar((one,)).working_micros(starts, ends)
    assert np.all(np.abs(worked) <= np.abs(alone))
