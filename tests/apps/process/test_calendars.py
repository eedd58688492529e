"""Working calendars: who reads and who changes them, what is refused, undo, and what they change."""

import datetime

import pytest

from steelyard.apps.access.models import AuditEntry
from steelyard.apps.process.actions.calendars import restore_calendar, save_calendar
from steelyard.apps.process.models import WorkCalendar
from steelyard.apps.process.queries.approvals import approvals_of
from steelyard.apps.process.queries.calendars import rules_of, year_of
from steelyard.apps.process.queries.hours import calendar_in_force, waiting_of
from steelyard.apps.process.queries.seen import Asked, log_seen_by
from steelyard.errors import Refused

PAGE = "/improve/process/calendars/"
WEEK = 'hours:\n  mon-fri: ["09:00-18:00"]\n'
FIELDS = ("name", "team", "timezone", "holidays", "closed", "opened")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def sent(*parts: dict[str, str], **more: str) -> dict[str, str]:
    """A form as a browser sends it."""
    data = {"as": "form", "do": "save", "based_on": "0", "parts": str(len(parts)), **more}
    for place, part in enumerate(parts):
        for name in (*FIELDS, *DAYS):
            data[f"part-{place}-{name}"] = part.get(name, "")
        data[f"part-{place}-kind"] = part.get("kind", "everybody")
    return data


OFFICE = dict.fromkeys(DAYS[:5], "09:00-18:00")


def code_of(act) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def test_each_change_is_a_version_and_is_recorded(analyst):
    first = save_calendar(analyst, WEEK, based_on=0)
    second = save_calendar(analyst, WEEK + "holidays: CN\n", based_on=1, reason="Holidays 节假日")
    assert (first.version, second.version) == (1, 2)
    assert calendar_in_force() == second
    assert AuditEntry.objects.filter(action="process.calendars").count() == 2


def test_what_is_refused_changes_nothing(analyst, leader):
    save_calendar(analyst, WEEK, based_on=0)
    assert code_of(lambda: save_calendar(analyst, WEEK, based_on=1)) == "process.calendar-unchanged"
    assert code_of(lambda: save_calendar(analyst, "hours: 9", based_on=1)) == "calendar.not-a-mapping"
    assert code_of(lambda: save_calendar(analyst, f"{WEEK}#", based_on=0)) == "process.calendar-edited"
    assert code_of(lambda: save_calendar(leader, WEEK, based_on=1)) == "access.denied"
    assert WorkCalendar.objects.count() == 1


def test_undo_is_a_version_of_its_own_and_none_can_be_declared_any_more(analyst):
    save_calendar(analyst, WEEK, based_on=0)
    save_calendar(analyst, WEEK + "holidays: CN\n", based_on=1)
    assert restore_calendar(analyst, 1, based_on=2).document == WEEK.strip()
    restore_calendar(analyst, 0, based_on=3)
    assert calendar_in_force() is None
    assert code_of(lambda: restore_calendar(analyst, 99, based_on=4)) == "access.denied"


def test_the_usual_one_is_one_click_away(analyst, leader, log_in):
    client = log_in(analyst)
    assert "No working calendar is declared yet" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}start/", {"based_on": "0"})
    page = client.get(PAGE).content.decode()
    assert "People work Mon–Fri 09:00–18:00." in page
    assert "holidays: CN" in page
    assert log_in(leader).get(PAGE).status_code == 200
    assert log_in(leader).post(f"{PAGE}start/", {"based_on": "1"}).status_code == 404


def test_a_form_makes_a_document_with_teams_and_performers(analyst, organisation, log_in):
    client = log_in(analyst)
    east = {"kind": "team", "name": "east", "sat": "9:00–12:00、13:00–15:00"}
    marcus = {"kind": "performer", "name": "Marcus", "team": "east", "opened": "2026-06-13 10:00-14:00"}
    everybody = {**OFFICE, "holidays": "CN", "closed": "2026-12-24..2026-12-26"}
    assert client.post(f"{PAGE}change/", sent(everybody, east, marcus, reason="Sat 周六")).url == PAGE
    kept = WorkCalendar.objects.get()
    assert "mon-fri" in kept.document
    assert kept.reason == "Sat 周六"
    rules = rules_of(kept.document)
    assert rules.teams["east"].week[5] == ((540, 720), (780, 900))
    assert dict(rules.performers["Marcus"].opened)[datetime.date(2026, 6, 13)] == ((600, 840),)
    assert datetime.date(2026, 12, 25) in rules.everybody.closed
    assert '<th scope="row">East</th>' in client.get(PAGE).content.decode()
    again = client.get(f"{PAGE}change/").content.decode()
    assert 'value="09:00-12:00, 13:00-15:00"' in again
    assert "2026-06-13 10:00-14:00" in again


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"mon": "9-18"}, "part-0-mon"),
        ({**OFFICE, "tue": "09:00-12:00, 11:00-18:00"}, "part-0-tue"),
        ({**OFFICE, "holidays": "XX"}, "part-0-holidays"),
        ({**OFFICE, "timezone": "Beijing"}, "part-0-timezone"),
        ({**OFFICE, "closed": "24.12.2026"}, "part-0-closed"),
        ({**OFFICE, "opened": "2026-13-01"}, "part-0-opened"),
        ({}, "part-0-mon"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_keeps_the_rest(given, field, analyst, log_in):
    response = log_in(analyst).post(f"{PAGE}change/", sent({"timezone": "Asia/Shanghai", **given}))
    page = response.content.decode()
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in page
    for value in given.values():
        assert value in page
    assert not WorkCalendar.objects.exists()


def test_a_mistake_of_a_team_stands_at_the_team(analyst, organisation, log_in):
    wrong = {"kind": "team", "name": "east", "fri": "noon"}
    page = log_in(analyst).post(f"{PAGE}change/", sent(OFFICE, wrong)).content.decode()
    assert 'id="id_part-1-fri_error"' in page
    assert "teams.east.hours.fri[0]" in page


def test_parts_are_added_and_left_out_with_what_was_typed(analyst, organisation, log_in):
    client = log_in(analyst)
    typed = {**OFFICE, "mon": "half past nine"}
    page = client.post(f"{PAGE}change/", sent(typed, do="add-team", new_team="west")).content.decode()
    assert 'name="part-1-kind" value="team"' in page
    assert "half past nine" in page
    page = client.post(
        f"{PAGE}change/", sent(typed, {"kind": "team", "name": "west"}, do="remove-1")
    ).content.decode()
    assert "part-1-kind" not in page
    assert "half past nine" in page


def test_form_and_yaml_say_the_same(analyst, log_in):
    client = log_in(analyst)
    page = client.post(f"{PAGE}change/", sent({**OFFICE, "holidays": "CN"}, do="to-yaml")).content.decode()
    assert "mon-fri:" in page
    wrong = {"as": "yaml", "do": "save", "based_on": "0", "text": "hours: {someday: []}"}
    response = client.post(f"{PAGE}change/", wrong)
    assert response.status_code == 422
    assert "hours: {someday: []}" in response.content.decode()
    right = {"as": "yaml", "do": "to-form", "based_on": "0", "text": WEEK}
    assert 'value="09:00-18:00"' in client.post(f"{PAGE}change/", right).content.decode()
    assert client.post(f"{PAGE}change/", {**right, "do": "save"}).url == PAGE


def test_who_saves_second_loses_nothing_and_is_asked(analyst, log_in):
    client = log_in(analyst)
    save_calendar(analyst, WEEK, based_on=0)
    response = client.post(f"{PAGE}change/", sent({**OFFICE, "sat": "10:00-11:00"}))
    page = response.content.decode()
    assert response.status_code == 422
    assert "Meanwhile somebody saved version 1." in page
    assert 'value="10:00-11:00"' in page
    assert 'name="based_on" value="1"' in page
    assert client.post(f"{PAGE}change/", sent({**OFFICE, "sat": "10:00-11:00"}, based_on="1")).url == PAGE


def test_waiting_and_approvals_are_counted_by_the_newest_version(snapshot, analyst):
    seen = log_seen_by(analyst, Asked())
    before = waiting_of(seen)
    assert before.calendar != "given"
    assert approvals_of(seen)[0].clock == "elapsed"
    save_calendar(analyst, WEEK, based_on=0)
    first = waiting_of(seen)
    assert first.calendar == "given"
    assert first.unavailability_s > 0
    assert approvals_of(seen)[0].clock == "working"
    save_calendar(analyst, 'hours: {mon-sun: ["00:00-24:00"]}', based_on=1)
    assert waiting_of(seen).unavailability_s == 0
    restore_calendar(analyst, 0, based_on=2)
    assert waiting_of(seen).calendar == before.calendar


def test_a_year_of_china_has_its_make_up_days():
    found = year_of(rules_of(WEEK + "holidays: CN\n").everybody, 2024)
    assert datetime.date(2024, 10, 1) in found.free
    assert datetime.date(2024, 10, 12) in found.worked  # a Saturday worked for the National Day week
    assert found.hours == found.days * 9


def test_who_may_do_what(analyst, leader, member, make_user, log_in):
    administrator = make_user("administrator", name="administrator")
    assert log_in(administrator).get(f"{PAGE}change/").status_code == 200
    assert "process_map" not in log_in(administrator).get(PAGE).content.decode()
    assert log_in(leader).get(f"{PAGE}change/").status_code == 404
    assert log_in(leader).get(f"{PAGE}calendar.yaml").status_code == 200
    assert log_in(member).get(PAGE).status_code == 404
