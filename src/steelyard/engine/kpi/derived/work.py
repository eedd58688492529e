"""Work as an event log: its steps, its cases, and hand-offs between teams."""

import ibis
import ibis.expr.types as ir

from steelyard.engine.kpi.relations import Relation, Tables, day_of, is_present, needed
from steelyard.engine.organisation import Organisation
from steelyard.engine.process.endings import ENDING_SHARE
from steelyard.errors import Refused

_STEP = {"waiting_seconds": "started_at", "elapsed_seconds": "started_at", "decision": "outcome"}
_CASE = {"is_on_time": "due_on"}


def work_steps(tables: Tables) -> Relation:
    """Events with the time since the case's step before (`waiting_seconds`) and with their own.

    `elapsed_seconds` is both together, in calendar time; a case's first step has waited for nothing.
    `decision` numbers the events with an outcome within their case and activity: 1 is the first.
    """
    events = _events(tables)
    columns: dict[str, ir.Value] = {"finished_on": day_of(events.finished_at)}
    if "started_at" in events.columns:
        started, before = events.started_at, events["_before"]
        waited = started.delta(before, unit="second")
        waiting = ibis.cases((before.isnull() | (waited < 0), 0), else_=waited)
        touched = events.finished_at.delta(started, unit="second")
        waiting = started.notnull().ifelse(waiting, ibis.null("int64"))
        columns["waiting_seconds"] = waiting
        columns["elapsed_seconds"] = waiting + (touched < 0).ifelse(0, touched)
    if "outcome" in events.columns:
        decided = is_present(events.outcome)
        so_far = ibis.cumulative_window(group_by=["case_id", "activity"], order_by=["finished_at", "_rank"])
        columns["decision"] = decided.ifelse(decided.cast("int64").sum().over(so_far), ibis.null("int64"))
    table = events.mutate(**columns).drop("_before", "_rank")
    return Relation(table, ("work_events",), made_of=_STEP)


def work_cases(tables: Tables) -> Relation:
    """Closed cases: their first start, last finish, `cycle_days`, `is_repeated`, `is_on_time`.

    A case is closed when its newest event is of an activity after which at least half of its occurrences
    go no further. It belongs to whoever did its last step; a text column holds what all steps agree on.
    """
    events = _events(tables)
    texts = [name for name, kind in events.schema().items() if kind.is_string() and name[0] != "_"]
    kept = [name for name in texts if name not in ("case_id", "activity", "performer", "role", "outcome")]
    first = events.finished_at
    if "started_at" in events.columns:
        first = ibis.coalesce(ibis.least(events.started_at, first), first)
    columns: dict[str, ir.Value] = {name: _agreed(events[name]) for name in kept}
    if "performer" in events.columns:
        columns["performer"] = events.performer.argmax(events["_rank"])
    if "due_on" in events.columns:
        columns["due_on"] = day_of(events.due_on).max()
    cases = events.group_by("case_id").agg(
        started_at=first.min(),
        ended_at=events.finished_at.max(),
        last_activity=events.activity.argmax(events["_rank"]),
        is_repeated=(events.count() > events.activity.nunique()).cast("int64"),
        **columns,
    )
    cases = cases.mutate(
        closed_on=day_of(cases.ended_at),
        cycle_days=cases.ended_at.delta(cases.started_at, unit="second") / 86_400,
    )
    if "due_on" in cases.columns:
        cases = cases.mutate(is_on_time=(cases.closed_on <= cases.due_on).cast("int64"))
    table = cases.semi_join(_endings(events, cases), "last_activity")
    return Relation(table, ("work_events",), made_of=_CASE)


def handoffs(tables: Tables, people: Organisation) -> Relation:
    """Steps that somebody of another team took over, with the hours that the case lay in between.

    `team` and `member` are those who took over, `from_team` who handed on, both on the day it happened. Steps
    of people whose team is not known are left out.
    """
    if not people.is_known:
        raise Refused("kpi.missing-column", 409, table="memberships", column="")
    needed(tables, "work_events", "performer", "started_at")
    events = _events(tables)
    kept = [name for name, kind in events.schema().items() if kind.is_string() and name[0] != "_"]
    in_case = ibis.window(group_by="case_id", order_by="_rank")
    steps = events.mutate(
        _giver=events.performer.lag().over(in_case), _given=events.finished_at.lag().over(in_case)
    )
    steps = steps.filter(steps["_given"].notnull() & steps.started_at.notnull())
    spans = people.table()
    spans = spans.filter(spans.team.notnull()).select("alias", "member", "team", "valid_from", "valid_to")
    named = [name for name in kept if name not in ("performer", "member", "team")]
    took = _in_team(steps, spans, who=steps.performer, day=day_of(steps.started_at))
    names = {"from_team": "team", "_from": "valid_from", "_to": "valid_to"}
    givers = spans.drop("member").rename(names)
    day = day_of(took["_given"])
    both = took.inner_join(
        givers,
        [took["_giver"].strip().lower() == givers["alias"], day >= givers["_from"], day < givers["_to"]],
    )
    across = both.filter(both.team != both.from_team)
    hours = across.started_at.delta(across["_given"], unit="second") / 3600
    table = across.select(
        *named,
        "member",
        "team",
        "from_team",
        taken_on=day_of(across.started_at),
        waited_hours=(hours < 0).ifelse(0, hours),
    )
    return Relation(table, ("work_events", "memberships"), units=("member", "team"))


def _events(tables: Tables) -> ir.Table:
    """Events in the order of their case (`_rank`), with when the steps before had finished (`_before`)."""
    events = needed(tables, "work_events", "case_id", "activity", "finished_at")
    ties = ["started_at"] if "started_at" in events.columns else []
    order = ["finished_at", *ties, "activity"]
    rank = ibis.row_number().over(ibis.window(group_by="case_id", order_by=order))
    events = events.mutate(_rank=rank)
    earlier = ibis.window(group_by="case_id", order_by="_rank", preceding=(None, 1))
    return events.mutate(_before=events.finished_at.max().over(earlier))


def _endings(events: ir.Table, cases: ir.Table) -> ir.Table:
    """The activities that end cases."""
    seen = events.group_by("activity").agg(_seen=events.count())
    ended = cases.group_by("last_activity").agg(_ended=cases.count())
    both = ended.inner_join(seen, ended.last_activity == seen.activity)
    return both.filter(both["_ended"] >= both["_seen"] * ENDING_SHARE).select("last_activity")


def _in_team(steps: ir.Table, spans: ir.Table, *, who: ir.Value, day: ir.Value) -> ir.Table:
    taking = spans.rename(_alias="alias")
    steps = steps.drop(*(name for name in ("member", "team") if name in steps.columns))
    return steps.inner_join(
        taking, [who.strip().lower() == taking["_alias"], day >= taking.valid_from, day < taking.valid_to]
    ).drop("_alias", "valid_from", "valid_to")


def _agreed(column: ir.Column) -> ir.Value:
    return (column.min() == column.max()).ifelse(column.min(), ibis.null("string"))
