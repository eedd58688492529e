"""Stages of opportunities as cohorts: who entered a stage, and went on."""

import ibis
import ibis.expr.types as ir

from steelyard.engine.kpi.relations import Relation, Tables, day_of, is_present, needed

_WON = ("won", "closed won", "closed-won", "赢单", "成交", "已成交", "签约")
_LOST = ("lost", "closed lost", "closed-lost", "输单", "丢单", "失败", "流失", "关闭")


def stage_entries(tables: Tables) -> Relation:
    """The first entry of each opportunity into each open stage, with the days until it went on.

    `days_to_next` counts to its first entry into another stage that is not a lost one (empty: not yet);
    going back to a stage where it was before is no step. `observed_days` is for how long the last entry of
    the same calendar month has been observed, up to the last day that the changes tell of. Rows carry the
    opportunity's columns, its owner too.
    """
    changes = needed(tables, "stage_changes", "opportunity_id", "changed_at", "to_stage")
    moves = changes.filter(is_present(changes.to_stage)).select(
        "opportunity_id", stage=changes.to_stage.strip(), at=changes.changed_at.cast("timestamp")
    )
    closed = closing(moves, tables)
    if "opportunities" in tables:
        moves = ibis.union(moves, *_of_opportunities(tables, changes))
    entries = moves.group_by("opportunity_id", "stage").agg(at=moves.at.min())
    entries = entries.left_join(closed, entries.stage == closed["_stage"]).drop("_stage")
    forward = entries["_is_lost"].fill_null(False).ifelse(ibis.null("timestamp"), entries.at)
    after = ibis.window(group_by="opportunity_id", order_by=["at", "stage"], following=(1, None))
    entries = entries.mutate(_next=forward.min().over(after))
    last = changes.agg(_last=day_of(changes.changed_at).max())
    rows = entries.filter(entries["_is_lost"].isnull()).cross_join(last)
    entered = day_of(rows.at)
    month_end = (entered.truncate("M") + ibis.interval(months=1) - ibis.interval(days=1)).cast("date")
    rows = rows.select(
        "opportunity_id",
        "stage",
        entered_on=entered,
        days_to_next=day_of(rows["_next"]).delta(entered, unit="day"),
        observed_days=rows["_last"].delta(month_end, unit="day"),
    )
    return Relation(_described(rows, tables, changes), ("stage_changes",))


def _of_opportunities(tables: Tables, changes: ir.Table) -> list[ir.Table]:
    """The stage in which an opportunity began, if it began after the history did, and its being won."""
    facts = needed(tables, "opportunities", "opportunity_id")
    found = []
    if {"stage", "created_on"} <= set(facts.columns):
        if "from_stage" in changes.columns:
            from_stage = changes.from_stage.argmin(changes.changed_at)
        else:
            from_stage = ibis.null("string")
        first = changes.group_by(_id=changes.opportunity_id).agg(_from=from_stage)
        since = changes.agg(_since=changes.changed_at.min())
        begun = facts.left_join(first, facts.opportunity_id == first["_id"]).cross_join(since)
        created = begun.created_on.cast("timestamp")
        # Where the history does not say what was left first, the present stage is the first one, too.
        stage = begun["_id"].isnull().ifelse(begun.stage, begun["_from"])
        is_known = is_present(stage) & (created >= begun["_since"].cast("date").cast("timestamp"))
        found.append(begun.filter(is_known).select("opportunity_id", stage=stage.strip(), at=created))
    if {"outcome", "closed_on"} <= set(facts.columns):
        won = facts.filter((facts.outcome == "won") & facts.closed_on.notnull())
        # The last moment of the day: what happened on it came before.
        end = won.closed_on.cast("timestamp") + ibis.interval(hours=23)
        found.append(won.select("opportunity_id", stage=ibis.literal("won"), at=end))
    return found


def closing(moves: ir.Table, tables: Tables) -> ir.Table:
    """The stages (`_stage`) where an opportunity has ended: by name, else by what stands there."""
    names = moves.select(_stage=moves.stage).distinct()
    names = ibis.union(names, ibis.memtable({"_stage": ["won"]}), distinct=True)
    lower = names["_stage"].lower()
    by_name = ibis.cases((lower.isin(_LOST), True), (lower.isin(_WON), False), else_=ibis.null("boolean"))
    if not {"stage", "outcome"} <= set(tables["opportunities"].columns if "opportunities" in tables else ()):
        closed = names.mutate(_is_lost=by_name)
        return closed.filter(closed["_is_lost"].notnull())
    facts = tables["opportunities"]
    standing = facts.group_by(_at=facts.stage.strip()).agg(
        _all=facts.count(),
        _lost=(facts.outcome == "lost").sum(),
        _won=(facts.outcome == "won").sum(),
    )
    both = names.left_join(standing, names["_stage"] == standing["_at"])
    by_who = ibis.cases(
        (both["_lost"] == both["_all"], True),
        (both["_won"] == both["_all"], False),
        else_=ibis.null("boolean"),
    )
    lower = both["_stage"].lower()
    by_name = ibis.cases((lower.isin(_LOST), True), (lower.isin(_WON), False), else_=ibis.null("boolean"))
    closed = both.select("_stage", _is_lost=ibis.coalesce(by_name, by_who))
    return closed.filter(closed["_is_lost"].notnull())


def _described(rows: ir.Table, tables: Tables, changes: ir.Table) -> ir.Table:
    """Put the opportunity's columns beside its entries; without opportunities, who made the first change."""
    if "opportunities" not in tables:
        if "by" not in changes.columns:
            return rows
        first = changes.group_by(_id=changes.opportunity_id).agg(owner=changes.by.argmin(changes.changed_at))
        return rows.left_join(first, rows.opportunity_id == first["_id"]).drop("_id")
    facts = tables["opportunities"]
    texts = [name for name, kind in facts.schema().items() if kind.is_string() and name[0] != "_"]
    kept = [
        name
        for name in texts
        if name not in ("opportunity_id", "stage", "outcome", "lost_reason", "currency")
    ]
    described = facts.select(*kept, _id=facts.opportunity_id)
    return rows.left_join(described, rows.opportunity_id == described["_id"]).drop("_id")
