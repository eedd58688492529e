"""Waiting causes against the published splits: per transition, to the second."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from steelyard.engine.calendars import Calendars
from steelyard.engine.process.log import EventLog
from steelyard.engine.process.waiting import (
    CAUSES,
    Waits,
    hours_given,
    hours_inferred,
    waiting_causes,
    waits_of,
)
from tests.engine.process.waiting.logs import (
    DISCO,
    MANUAL_HOURS,
    SIMULATED,
    STANDARD,
    moment,
    rows_of,
    shared_log,
)

MANUAL_TOTALS = {
    1: (18900, 0, 8100, 5400, 1800, 3600),
    2: (21600, 0, 4500, 6300, 3600, 7200),
    3: (75600, 13500, 29700, 16200, 16200, 0),
}
PUBLISHED_NAMES = ("batching", "contention", "prioritization", "unavailability", "extraneous")


def transitions(log: EventLog, waits: Waits) -> dict[tuple, np.ndarray]:
    """Seconds in all and by cause for each case, activities and taker."""
    cases = log.cases.to_pylist()
    sums: dict[tuple, np.ndarray] = defaultdict(lambda: np.zeros(6))
    for at in np.flatnonzero(waits.is_wait):
        source = waits.source[at]
        key = (
            cases[log.case[at]],
            log.activities[log.activity[source]],
            log.performers[log.performer[source]],
            log.activities[log.activity[at]],
            log.performers[log.performer[at]],
        )
        sums[key] += np.append(waits.wait[at], waits.by_cause[:, at]) / 1e6
    return dict(sums)


def published(name: str) -> dict[tuple, np.ndarray]:
    sums: dict[tuple, np.ndarray] = defaultdict(lambda: np.zeros(6))
    for row in rows_of(f"oracle/wta_head_{name}_transitions"):
        key = (
            row["case_id"],
            row["source_activity"],
            row["source_resource"],
            row["destination_activity"],
            row["destination_resource"],
        )
        sums[key] += [float(row[f"wt_{cause}"]) for cause in ("total", *PUBLISHED_NAMES)]
    return dict(sums)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_manual_logs_match_to_the_second_per_transition_and_cause(number: int):
    log = shared_log(f"wta_manual_log_{number}", STANDARD)
    calendars = Calendars.load(MANUAL_HOURS)
    found = waiting_causes(log, calendars=calendars)
    assert (found.verdict, found.calendar, found.reasons) == ("split", "given", ())
    told = (found.total_s, *(getattr(found, f"{cause}_s") for cause in CAUSES))
    assert told == MANUAL_TOTALS[number]
    mine, theirs = (
        transitions(log, waits_of(log, hours_given(log, calendars))),
        published(f"manual_log_{number}"),
    )
    assert mine.keys() == theirs.keys()
    assert all(np.array_equal(mine[key], theirs[key]) for key in theirs)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_manual_logs_match_the_tables_of_their_authors(number: int):
    log = shared_log(f"wta_manual_log_{number}", STANDARD)
    waits = waits_of(log, hours_given(log, Calendars.load(MANUAL_HOURS)))
    mine: dict[tuple, np.ndarray] = defaultdict(lambda: np.zeros(6))
    for key, seconds in transitions(log, waits).items():
        mine[key[1:]] += seconds
    expected = {
        (r["source_activity"], r["source_resource"], r["target_activity"], r["target_resource"]): [
            _seconds(r[f"wt_{cause}"]) for cause in ("total", *PUBLISHED_NAMES)
        ]
        for r in rows_of(f"wta_manual_log_{number}_expected")
    }
    assert {key: seconds.tolist() for key, seconds in mine.items()} == expected


def _seconds(text: str) -> float:
    days, _, clock = text.partition(" days")
    hours, minutes, seconds = (clock.strip() or "0:0:0").split(":")
    return timedelta(
        days=int(days), hours=int(hours), minutes=int(minutes), seconds=float(seconds)
    ).total_seconds()


def test_production_matches_the_published_split():
    log = shared_log("wta_Production", DISCO)
    found = waiting_causes(log)
    assert found.calendar == "inferred"
    assert found.total_s == 1_661_623_200
    shares = {cause: 100 * getattr(found, f"{cause}_s") / found.total_s for cause in CAUSES}
    assert shares["batching"] == pytest.approx(31.10, abs=0.01)
    assert shares["contention"] == pytest.approx(3.50, abs=0.01)
    assert shares["prioritisation"] == pytest.approx(8.29, abs=0.01)
    assert shares["unavailability"] + shares["extraneous"] == pytest.approx(57.12, abs=0.01)


def test_production_matches_to_the_second_per_transition_but_for_the_calendar():
    log = shared_log("wta_Production", DISCO)
    mine, theirs = transitions(log, waits_of(log, hours_inferred(log))), published("Production")
    assert mine.keys() == theirs.keys()
    for key, seconds in theirs.items():
        assert mine[key][:4].tolist() == seconds[:4].tolist()
        assert mine[key][4:].sum() == pytest.approx(seconds[4:].sum(), abs=1e-6)


def test_production_is_enabled_when_the_batch_analysis_says():
    """It counts what follows what by start, the waiting analysis by finish: 41 of 4,503 events differ."""
    log = shared_log("bpa_Production", STANDARD)
    waits = waits_of(log, hours_inferred(log))
    cases = log.cases.to_pylist()
    mine = Counter(
        (cases[log.case[at]], log.activities[log.activity[at]], _at(log.started[at]), _at(waits.enabled[at]))
        for at in range(len(log))
    )
    theirs = Counter(
        (row["case_id"], row["Activity"], moment(row["start_time"]), moment(row["enabled_time"]))
        for row in rows_of("bpa_Production_expected_WTs")
    )
    assert (sum(theirs.values()), sum((theirs - mine).values())) == (4503, 41)


def _at(microseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(microseconds))


@pytest.mark.parametrize("name", ["procure_to_pay_sim", "procure_to_pay_sim_3_timers"])
def test_planted_delays_are_recovered(name: str):
    planted: Counter[str] = Counter()
    for row in rows_of(name):
        planted[row["activity"]] += float(row["extraneous_delay"])
    found = waiting_causes(shared_log(name, SIMULATED))
    assert found.calendar == "inferred"
    assert found.delay_s == pytest.approx(sum(planted.values()), rel=0.01, abs=1)
    told = {line.activity: line.delay_s for line in found.activities}
    for activity, delay in planted.items():
        assert told.get(activity, 0) == pytest.approx(delay, rel=0.01, abs=1)


def test_the_hours_of_the_simulation_are_found():
    log = shared_log("procure_to_pay_sim_3_timers", SIMULATED)
    office = Calendars.load({"hours": {"mon-fri": "09:00-17:00"}})
    inferred, given = waits_of(log, hours_inferred(log)), waits_of(log, hours_given(log, office))
    assert np.array_equal(inferred.by_cause, given.by_cause)
