"""Every log of the shared data against what PM4Py found in it.

The figures in pm4py_figures.json were written by `python benchmarks/process.py --write FILE` with PM4Py
2.7.23.11 in an environment of its own; it is no dependency and is not run here.
"""

import json
from pathlib import Path

import pytest

from benchmarks.process_figures import summary
from steelyard.engine.process import discover, log_of, variants
from steelyard.lake.event_logs import read_event_log
from tests.shared import SHARED

KNOWN = json.loads(Path(__file__).with_name("pm4py_figures.json").read_text("utf-8"))


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_a_log_has_the_figures_that_pm4py_found(name: str):
    path = SHARED / "process" / name
    if not path.exists():
        pytest.skip("the shared data are not here")
    columns, expected = KNOWN[name]
    log = log_of(read_event_log(path, **columns))
    found = discover(log).as_json()
    found["variants"] = [{"path": list(way.path), "count": way.count} for way in variants(log)]
    told = summary(found)
    waits, frequent = told.pop("waits"), told.pop("most_frequent")
    # PM4Py adds up floats, we integers: they agree to nine digits and a microsecond.
    assert waits == pytest.approx(expected.pop("waits"), rel=1e-9, abs=1e-4)
    for ours, theirs in zip(frequent, expected.pop("most_frequent"), strict=True):
        assert ours[:3] == theirs[:3]
        assert ours[3:] == pytest.approx(theirs[3:], rel=1e-9, abs=1e-6)
    assert told == expected
