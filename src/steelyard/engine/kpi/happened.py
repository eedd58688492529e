"""On which days the facts tell of something: from the first of them to the last."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

import ibis.expr.types as ir

from steelyard.engine.kpi.derived.survey import held_on

# The days on which things happened; what is only planned, due or agreed lies ahead of the data.
HAPPENED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "leads": ("created_on",),
        "opportunities": ("created_on", "closed_on"),
        "stage_changes": ("changed_at",),
        "contracts": ("signed_on",),
        "orders": ("ordered_on",),
        "invoices": ("issued_on",),
        "receipts": ("received_on",),
        "campaign_days": ("day",),
        "content_days": ("day",),
        "touches": ("touched_at",),
        "activities": ("done_at",),
        "feedback": ("given_on",),
        "work_events": ("finished_at",),
        "tool_use": ("day",),
        "learning": ("day",),
        "skill_assessments": ("assessed_on",),
        "ideas": ("raised_on",),
        "survey_scores": ("held_on",),
    }
)


def happened(tables: Mapping[str, ir.Table], *, since: date = date.min) -> tuple[date, date] | None:
    """Return the first and the last day on which something happened; None where nothing did.

    Parameters
    ----------
    tables
        The lake's tables by name.
    since
        Days before it are left out: a typing error in one date must not make a thousand empty months.

    Returns
    -------
    tuple of date, or None
        Both days included.

    Notes
    -----
    The date on which an open opportunity is expected to close is a plan, not an event. Cost: one scan of
    the date columns of each table.

    Examples
    --------
    >>> import ibis
    >>> deals = {"outcome": ["won", "open"], "closed_on": [date(2024, 5, 6), date(2030, 1, 1)]}
    >>> happened({"opportunities": ibis.memtable(deals)})
    (datetime.date(2024, 5, 6), datetime.date(2024, 5, 6))
    """
    if "survey_scores" in tables:
        scores = tables["survey_scores"]
        tables = {**tables, "survey_scores": scores.mutate(held_on=held_on(scores))}
    edges = [
        edge
        for table, columns in HAPPENED.items()
        for column in columns
        if table in tables and column in tables[table].columns
        for edge in _edges(tables[table], column, since)
    ]
    return (min(edges), max(edges)) if edges else None


def _edges(facts: ir.Table, column: str, since: date) -> list[date]:
    if column == "closed_on" and "outcome" in facts.columns:
        facts = facts.filter(facts.outcome.isin(["won", "lost"]))
    day = facts[column].cast("date")
    kept = facts.filter(day >= since) if since > date.min else facts
    found = kept.aggregate(first=kept[column].min(), last=kept[column].max()).to_pyarrow().to_pylist()[0]
    return [_day(edge) for edge in found.values() if edge is not None]


def _day(edge: date) -> date:
    return edge.date() if isinstance(edge, datetime) else edge
