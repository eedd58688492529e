"""Process and goals: waits before a step, targets against history."""

from datetime import date, datetime, timedelta

import pytest

from steelyard.engine import lenses
from steelyard.engine.lenses.forecast import forecast_of

NOW, THEN = date(2024, 10, 1), date(2023, 10, 1)


def worked(rows_of, *, hours):
    """Cases of four steps by two approvers; `hours` before the approval by (quarter, region)."""
    rows = []
    for start in (date(2023, 4, 3), THEN, NOW):
        for region in ("east", "west", "north"):
            for number in range(24):
                # Tuesdays, so that no weekend lies between the steps.
                day = start + timedelta(days=(1 - start.weekday()) % 7 + 7 * (number % 11))
                clock = datetime.combine(day, datetime.min.time()) + timedelta(hours=8)
                case = f"{start}-{region}-{number}"
                waits = {"ask": 0, "approve": hours(start, region) + number % 5, "send": 1 + number % 3}
                for step, wait in waits.items():
                    begun = clock + timedelta(hours=wait)
                    clock = begun + timedelta(minutes=20)
                    who = f"boss{number % 2}" if step == "approve" else f"seller-{region}"
                    rows.append((case, step, begun, clock, who, region))
    names = ("case_id", "activity", "started_at", "finished_at", "performer", "region")
    return rows_of(rows, names)


def deals(firm):
    for start in (THEN, NOW):
        firm.close(start, owner="ann", won=30, lost=30, source="direct")
    return firm.tables()


def finding(tables, lens, kpi="win_rate", **asked):
    return lenses.test_lenses(tables, kpi, period="2024-Q4", **asked).lens(lens)


def test_a_wait_that_rose_in_one_region_whoever_does_it(firm, rows_of):
    log = worked(rows_of, hours=lambda start, region: 20 if (start, region) == (NOW, "west") else 4)
    found = finding({**deals(firm), "work_events": log}, "process")
    assert found.verdict == "supported"
    assert found.effect == pytest.approx(16.0)
    assert found.place.where == {"step": "approve", "region": "west"}
    assert {"region": "east"} in found.place.elsewhere
    assert {check.code: check.verdict for check in found.checks}["process.whoever-does-it"] == "holds"


def test_a_wait_that_rose_everywhere(firm, rows_of):
    log = worked(rows_of, hours=lambda start, _: 20 if start == NOW else 4)
    found = finding({**deals(firm), "work_events": log}, "process")
    assert (found.verdict, found.place.where) == ("supported", {"step": "approve"})


def test_a_wait_that_stayed(firm, rows_of):
    log = worked(rows_of, hours=lambda start, region: 20 if region == "west" else 4)
    assert finding({**deals(firm), "work_events": log}, "process").verdict == "not-supported"


def test_weekends_are_no_waiting(firm, rows_of):
    friday, monday = (datetime.fromisoformat(text) for text in ("2024-10-04T17:00", "2024-10-07T09:00"))
    log = rows_of(
        [("a", "ask", friday, friday), ("a", "approve", monday, monday)],
        ("case_id", "activity", "started_at", "finished_at"),
    )
    found = finding({**deals(firm), "work_events": log}, "process")
    assert found.verdict == "cannot-tell"
    from steelyard.engine.kpi import kpi_of
    from steelyard.engine.lenses.case import Case
    from steelyard.engine.lenses.waits import steps_of_work
    from steelyard.engine.periods import Period

    when = Period.parse("2024-Q4")
    case = Case(
        {"work_events": log},
        kpi_of("win_rate"),
        when,
        when.year_ago(),
        "year-ago",
        {},
        None,
        None,
        None,
        0.05,
    )
    assert steps_of_work(case)["_hours"].max().to_pyarrow().as_py() == pytest.approx(16.0)


def history(firm, *, ups=0):
    """Three years of quarters for two teams, about a hundred wins of a hundred yuan each."""
    firm.join("ann", "red").join("bo", "blue")
    for number, year in enumerate((2021, 2022, 2023, 2024)):
        for quarter, month in enumerate((1, 4, 7, 10)):
            for owner, shift in (("ann", 1), ("bo", -1)):
                wobble = shift * ((number + quarter) % 3 - 1)
                firm.close(date(year, month, 1), owner=owner, won=100 + ups * number + 2 * wobble, lost=20)
    return firm.tables()


def targets(rows_of, **values):
    rows = [("won_revenue", "2024-Q4", unit, float(value)) for unit, value in values.items()]
    return rows_of(rows, ("kpi", "period", "unit", "value"))


def test_a_target_far_above_all_history(firm, rows_of):
    tables = {**history(firm), "targets": targets(rows_of, red=15_000, blue=10_000)}
    found = finding(tables, "goals", "won_revenue", against="target")
    assert (found.verdict, found.place.where) == ("supported", {"team": "red"})
    assert found.effect == pytest.approx(0.5, abs=0.03)
    assert found.checks[0].effect < 0.01
    assert found.share == pytest.approx(1.0, abs=0.1)


def test_a_target_like_all_history(firm, rows_of):
    tables = {**history(firm), "targets": targets(rows_of, red=10_000, blue=10_000)}
    assert finding(tables, "goals", "won_revenue", against="target").verdict == "not-supported"


def test_a_fair_target_that_was_missed_is_no_matter_of_goals(firm, rows_of):
    tables = history(firm)
    firm.deals = [
        deal for deal in firm.deals if not (deal[1] == "ann" and deal[3] >= NOW and deal[2] == "won")
    ]
    firm.close(NOW, owner="ann", won=40, lost=0)
    tables = {**tables, **firm.tables(), "targets": targets(rows_of, red=10_000, blue=10_000)}
    assert finding(tables, "goals", "won_revenue", against="target").verdict == "not-supported"


def test_children_that_do_not_sum_to_the_parent(firm, rows_of):
    tables = {**history(firm), "targets": targets(rows_of, red=10_000, blue=10_000, company=25_000)}
    found = finding(tables, "goals", "won_revenue", against="target")
    split = next(fact for fact in found.facts if fact.code == "goals.split")
    assert (split.params["own"], split.params["sum"]) == (25_000.0, 20_000.0)
    assert found.verdict == "supported"


def test_two_quarters_of_history_cannot_tell(firm, rows_of):
    for start in (date(2024, 7, 1), NOW):
        firm.close(start, owner="ann", won=100, lost=20)
    found = finding(
        {**firm.tables(), "targets": targets(rows_of, company=10_000)},
        "goals",
        "won_revenue",
        against="target",
    )
    assert (found.verdict, found.missing[0].code) == ("cannot-tell", "lens.too-few")
    assert found.missing[0].params["found"] == 1


def test_a_seasonal_series_is_forecast_with_its_season():
    series = [10.0, 20.0, 30.0, 40.0] * 4
    found = forecast_of(series, season=4, is_positive=False)
    assert found.middle == pytest.approx(10.0)
    assert found.spread == pytest.approx(0.0, abs=1e-9)
