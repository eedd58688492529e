"""Waits before each step of the work, added up by segment and performer: what the process lens judges."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from steelyard.engine.diagnosis.choice import distinct
from steelyard.engine.lenses.case import Case
from steelyard.engine.lenses.chance import Moments
from steelyard.engine.lenses.people import staff_of

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
NEEDED = ("case_id", "activity", "finished_at")
# Columns that say nothing of where a case belongs.
_NOT_SEARCHED = {*NEEDED, "performer", "outcome", "opportunity_id", "process", "role"}
MOST_VALUES, MOST_DIMENSIONS = 20, 4
HOUR, DAY = 3600.0, 86400.0
NOW, BASELINE, BEFORE = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Waits:
    """Cells of steps: the window (0 period, 1 baseline, 2 the rest of the usual year), and sums over them.

    `x` is the logarithm of the hours waited plus one; `again` counts steps that the case had taken before.
    """

    window: Codes
    coded: Mapping[str, tuple[Codes, tuple[str | None, ...]]]
    n: Floats
    x: Floats
    squares: Floats
    hours: Floats
    hours_squares: Floats
    waited: Floats
    again: Floats

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps of the work."""
        return tuple(str(value) for value in self.coded["step"][1])

    def of(self, name: str, value: str | None) -> Mask:
        """The cells of one value of a dimension."""
        codes, values = self.coded[name]
        return codes == values.index(value) if value in values else np.zeros(len(codes), dtype=bool)

    def moments(self, mask: Mask, *, in_hours: bool = False) -> Moments:
        """Count, mean and variance of the waits in these cells."""
        total, squares = (self.hours, self.hours_squares) if in_hours else (self.x, self.squares)
        return Moments.of(
            float(self.waited[mask].sum()), float(total[mask].sum()), float(squares[mask].sum())
        )

    def repeats(self, mask: Mask) -> tuple[float, float]:
        """How many steps were taken again, of how many."""
        return float(self.again[mask].sum()), float(self.n[mask].sum())


def read_waits(case: Case) -> Waits | None:
    """Read the steps of the period and of the usual year in one scan; None where there are none."""
    events = steps_of_work(case)
    names = _dimensions(events)
    found = _grouped(case, events, names).to_pyarrow()
    if not found.num_rows:
        return None
    table = found.sort_by([(name, "ascending") for name in ("window", "step", "performer", "opener", *names)])
    window = table["window"].to_numpy().astype(np.int64)
    coded = {name: _coded(table[name]) for name in ("step", "performer", *names)}
    coded["team"] = _teams(case, table["opener"])
    sums = {
        name: np.round(table[name].cast(pa.float64()).fill_null(0.0).to_numpy(), 6)
        for name in ("n", "x", "squares", "hours", "hours_squares", "waited", "again")
    }
    kept = distinct(
        {name: coded[name][0] for name in (*names, "team")},
        sums["n"],
        limit=MOST_DIMENSIONS,
        most=MOST_VALUES,
    )
    if "team" in case.where and "team" not in kept:
        kept.append("team")
    return Waits(window, {name: coded[name] for name in ("step", "performer", *kept)}, **sums)


def steps_of_work(case: Case) -> ir.Table:
    """Each event with the seconds it waited for (weekends left out), and whether the step was taken again."""
    facts = case.tables["work_events"]
    facts = facts.filter(facts.case_id.notnull() & facts.activity.notnull() & facts.finished_at.notnull())
    done = facts.finished_at.cast("timestamp")
    begun = facts.started_at.cast("timestamp").coalesce(done) if "started_at" in facts.columns else done
    facts = facts.mutate(_done=done, _begun=begun, step=_step_of(case, facts))
    by_case = ibis.window(group_by="case_id", order_by=["_done", "_begun", "step"])
    same = ibis.window(group_by=["case_id", "step"], order_by=["_done", "_begun"])
    facts = facts.mutate(
        _before=facts["_done"].lag().over(by_case),
        _nth=ibis.row_number().over(same),
        _opener=facts.performer.first().over(by_case)
        if "performer" in facts.columns
        else ibis.null("string"),
    )
    begun, before = facts["_begun"], facts["_before"]
    elapsed = begun.epoch_seconds() - before.epoch_seconds()
    weeks = (begun.truncate("W").epoch_seconds() - before.truncate("W").epoch_seconds()) / (7 * DAY)
    waited = ibis.greatest(elapsed - weeks * 2 * DAY, 0)
    return facts.mutate(_hours=waited / HOUR, _is_again=(facts["_nth"] > 0).cast("int64"))


def _step_of(case: Case, facts: ir.Table) -> ir.StringValue:
    """The activity, with its process before it where the log holds several."""
    activity = facts.activity.strip()
    if "process" not in facts.columns:
        return activity
    count = case.once("processes", lambda: int(facts.process.nunique().to_pyarrow().as_py()))
    return (facts.process.strip() + " · ").fill_null("") + activity if count > 1 else activity


def _dimensions(events: ir.Table) -> list[str]:
    names = [
        name
        for name, kind in events.schema().items()
        if kind.is_string() and name not in _NOT_SEARCHED and name != "step" and name[0] != "_"
    ]
    names = [name for name in sorted(names) if not name.endswith("_id")]
    if not names:
        return []
    counted = events.aggregate(**{name: events[name].nunique() for name in names}).to_pyarrow().to_pylist()[0]
    return [name for name in names if 2 <= counted[name] <= MOST_VALUES]


def _grouped(case: Case, events: ir.Table, names: list[str]) -> ir.Table:
    day = events["_done"].cast("date")
    window = ibis.cases(
        ((day >= case.period.start) & (day < case.period.end), NOW),
        ((day >= case.baseline.start) & (day < case.baseline.end), BASELINE),
        ((day >= case.usual.start) & (day < case.usual.end), BEFORE),
        else_=-1,
    )
    rows = events.mutate(
        window=window.cast("int64"),
        performer=events.performer if "performer" in events.columns else ibis.null("string"),
        opener=events["_opener"],
        _x=(events["_hours"] + 1).log(),
    )
    rows = rows.filter(rows.window >= 0)
    return rows.group_by("window", "step", "performer", "opener", *names).agg(
        n=rows.count(),
        waited=rows["_x"].count(),
        x=rows["_x"].sum(),
        squares=(rows["_x"] * rows["_x"]).sum(),
        hours=rows["_hours"].sum(),
        hours_squares=(rows["_hours"] * rows["_hours"]).sum(),
        again=rows["_is_again"].sum(),
    )


def _coded(column: Any) -> tuple[Codes, tuple[str | None, ...]]:
    values = sorted({value for value in column.to_pylist() if value is not None})
    place = {value: index for index, value in enumerate(values)}
    has_missing = column.null_count > 0
    codes = np.array([place.get(value, len(values)) for value in column.to_pylist()], dtype=np.int64)
    return codes, (*values, *([None] if has_missing else []))


def _teams(case: Case, opener: Any) -> tuple[Codes, tuple[str | None, ...]]:
    """The team at the end of the period of who took the first step of the case."""
    staff = staff_of(case)
    here = {stay.member: stay.team for stay in staff.stays if stay.start < case.period.end}
    teams = [here.get(staff.aliases.get((name or "").strip().lower(), "")) for name in opener.to_pylist()]
    return _coded(pa.chunked_array([pa.array(teams, pa.string())]))
