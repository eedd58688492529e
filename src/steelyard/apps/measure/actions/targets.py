"""Targets that are typed in: an import of their own, undoable like any."""

from collections.abc import Mapping
from decimal import Decimal

from steelyard.apps.access.policy import authorize, record
from steelyard.apps.data.actions import import_rows
from steelyard.apps.data.models import Import
from steelyard.apps.jobs.actions import Actor, enqueue
from steelyard.apps.jobs.models import Job
from steelyard.apps.measure.queries.targets import TYPED, Grid
from steelyard.errors import Refused
from steelyard.web import amounts


def type_targets(actor: Actor, grid: Grid, typed: Mapping[tuple[str, str], str]) -> Job:
    """Take what was typed in as an import of its own, and ask for its publication; undoable like any."""
    authorize(actor, "measure.targets")
    rows = changed_targets(grid, typed)
    if not rows:
        raise Refused("measure.no-targets-given", 400)
    taken = import_rows(actor, table="targets", rows=rows, source=TYPED, may="measure.targets")
    record(actor, "measure.type-targets", taken, kpi=grid.kpi.id, targets=len(rows))
    return enqueue(actor, "measure.publish-targets", {"public_id": taken.public_id})


def undo_typed_targets(actor: Actor, taken: Import) -> Job:
    """Take the targets of one typed-in import back."""
    authorize(actor, "measure.targets")
    return enqueue(actor, "measure.undo-targets", {"public_id": taken.public_id})


def changed_targets(grid: Grid, typed: Mapping[tuple[str, str], str]) -> list[dict[str, str]]:
    """The cells that say something new, as rows of the table; a cell of no such unit or period is none,
    and one that follows a goal is changed with the goal."""
    known_units = {unit.code for unit in grid.units}
    known_periods = {period.label for period in grid.periods}
    rows = []
    for (unit, period), text in typed.items():
        if unit not in known_units or period not in known_periods or (unit, period) in grid.from_goals:
            continue
        held = grid.values.get((unit, period))
        if not text.strip():
            if held is not None:
                raise Refused("measure.cannot-clear-target", unit=unit, period=period)
            continue
        value = number_typed(text, is_percent=grid.kpi.unit == "percent")
        if value is None:
            raise Refused("measure.bad-target", value=text[:40], unit=unit, period=period)
        if held is None or Decimal(str(held)) != value:
            rows.append({"kpi": grid.kpi.id, "period": period, "unit": unit, "value": f"{value:f}"})
    return rows


def number_typed(text: str, *, is_percent: bool) -> Decimal | None:
    """1,200,000 · 120万 · 1.2亿 · 21% · 8小时; None for what is no number."""
    try:
        return amounts.read(text, is_share=is_percent)
    except ValueError:
        return None
