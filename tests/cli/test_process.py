"""`steelyard process`: one JSON line with the keys that it promises, from files as they come."""

import gzip
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from steelyard.cli import app
from tests.shared import SHARED

LOGS = SHARED / "process"
CAUSES = ("contention_s", "batching_s", "prioritisation_s", "unavailability_s", "extraneous_s")
CALENDAR = """
timezone: UTC
hours: {mon-fri: ["10:00-20:00"]}
performers: {Marcus: {hours: {mon-fri: ["10:00-12:00", "12:30-20:00"]}}}
"""


def run(*words: str) -> dict:
    done = CliRunner().invoke(app, ["process", *words, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv.gz"
    rows = ["ticket,step,done,begun,who", "1,ask,2024-05-06 10:00,2024-05-06 09:00,Li"]
    rows += ["1,sign,2024-05-06 13:00,2024-05-06 12:00,Wang", "1,sign,2024-05-06 15:00,2024-05-06 14:00,Wang"]
    path.write_bytes(gzip.compress("\n".join(rows).encode()))
    return path


NAMED = (
    "--case",
    "ticket",
    "--activity",
    "step",
    "--finished",
    "done",
    "--started",
    "begun",
    "--performer",
    "who",
)


def test_the_answer_has_the_keys_that_it_promises(log: Path) -> None:
    answer = run(str(log), *NAMED)
    assert list(answer) == [
        "cases",
        "events",
        "edges",
        "starts",
        "ends",
        "variants",
        "rework",
        "waiting",
        "approvals",
        "cpu_seconds",
    ]
    assert list(answer["edges"][0]) == [
        "from",
        "to",
        "count",
        "median_wait_s",
        "mean_wait_s",
        "p90_wait_s",
        "total_wait_s",
    ]
    assert [(edge["from"], edge["to"], edge["total_wait_s"]) for edge in answer["edges"]] == [
        ("ask", "sign", 7200.0),
        ("sign", "sign", 3600.0),
    ]
    assert answer["variants"] == [{"path": ["ask", "sign", "sign"], "count": 1}]
    assert answer["rework"]["lines"][0]["kind"] == "self-loop"
    parts = [answer["waiting"][name] for name in (*CAUSES, "unknown_s")]
    assert sum(parts) == pytest.approx(answer["waiting"]["total_s"])


def test_people_get_tables(log: Path) -> None:
    done = CliRunner().invoke(app, ["process", str(log), *NAMED])
    assert done.exit_code == 0
    assert "1 cases, 3 events" in done.stdout
    assert "2.0 h" in done.stdout


def test_a_calendar_that_is_not_there_is_refused(log: Path) -> None:
    done = CliRunner().invoke(app, ["process", str(log), *NAMED, "--calendar", "absent.yaml"])
    assert getattr(done.exception, "code", None) == "cli.unreadable-file"


def test_a_log_without_a_finish_is_refused(log: Path) -> None:
    done = CliRunner().invoke(app, ["process", str(log), "--case", "ticket", "--activity", "step"])
    assert getattr(done.exception, "code", "").startswith("log.")


def test_a_calendar_turns_nights_into_unavailability(tmp_path: Path) -> None:
    if not LOGS.exists():
        pytest.skip("the shared data are not here")
    calendar = tmp_path / "calendar.yaml"
    calendar.write_text(CALENDAR, encoding="utf-8")
    waiting = run(str(LOGS / "wta_manual_log_1.csv.gz"), "--calendar", str(calendar))["waiting"]
    assert [waiting[name] for name in ("total_s", *CAUSES)] == [18900, 8100, 0, 5400, 1800, 3600]
    assert waiting["calendar"] == "given"


@pytest.mark.parametrize(
    ("name", "cases", "events"),
    [("running-example.xes.gz", 6, 42), ("receipt.csv.gz", 1434, 8577), ("wta_Production.csv.gz", 225, 4953)],
)
def test_files_in_the_names_of_xes_and_pm4py_need_no_options(name: str, cases: int, events: int) -> None:
    if not LOGS.exists():
        pytest.skip("the shared data are not here")
    answer = run(str(LOGS / name))
    assert (answer["cases"], answer["events"]) == (cases, events)
    assert sum(way["count"] for way in answer["variants"]) == sum(answer["ends"].values()) == cases


def test_the_tables_show_an_approval_that_tells_no_outcome(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        "case_id,activity,finished_at\nA,Ask,2024-05-06T09:00Z\nA,Approve,2024-05-06T11:00Z\n", "utf-8"
    )
    done = CliRunner().invoke(app, ["process", str(path)])
    assert done.exit_code == 0, done.output
    assert "cannot-tell" in done.stdout
