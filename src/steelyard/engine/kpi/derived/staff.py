"""People in time: who was there, who left, what they can do and which tools they use."""

from datetime import date

import ibis
import ibis.expr.types as ir

from steelyard.engine.kpi.relations import Relation, Tables, day_of, needed
from steelyard.engine.organisation import DIMENSIONS, Organisation
from steelyard.errors import Refused

# Where a role's needs are not in the file, the middle of the usual five levels is asked for.
USUAL_LEVEL = 3


def member_spans(people: Organisation) -> ir.Table:
    """Who belonged to which team, once for each person and stretch of time."""
    spans = people.table()
    return spans.filter(spans.team.notnull()).select(*DIMENSIONS, "valid_from", "valid_to").distinct()


def staffing(tables: Tables, people: Organisation) -> Relation:
    """Everybody for as long as a membership lasts (`people` 1); without memberships, headcount by month.

    Its sum over a period is person-days; divided by the days of the period it is the average headcount, in
    which somebody who joined in the middle counts as half.
    """
    if any(people.spans["team"].is_valid().to_pylist()):
        table = member_spans(people).mutate(people=ibis.literal(1).cast("int64"))
        return Relation(table, ("memberships",), units=DIMENSIONS, spans=("valid_from", "valid_to"))
    if "headcount" not in tables:
        raise Refused("kpi.missing-column", 409, table="memberships", column="")
    rows = needed(tables, "headcount", "team", "month", "people")
    month = rows.month.truncate("M").cast("date")
    table = rows.filter(rows.people.notnull()).select(
        "team",
        people=rows.people.cast("decimal(18, 4)"),
        valid_from=month,
        valid_to=(month + ibis.interval(months=1)).cast("date"),
    )
    return Relation(table, ("headcount",), units=("team",), spans=("valid_from", "valid_to"))


def leavers(tables: Tables, people: Organisation) -> Relation:
    """Everybody whose last membership ended, with the team they left, on their last day."""
    spans = _known_spans(people)
    last = spans.group_by("member").agg(_last=spans.valid_to.max())
    ended = last.filter(last["_last"] < ibis.literal(date.max)).rename(_who="member")
    table = spans.inner_join(ended, [spans.member == ended["_who"], spans.valid_to == ended["_last"]])
    table = table.mutate(left_on=(table["_last"] - ibis.interval(days=1)).cast("date"))
    return Relation(table.select(*DIMENSIONS, "left_on"), ("memberships",), units=DIMENSIONS)


def skill_levels(tables: Tables, people: Organisation) -> Relation:
    """The newest assessment of each person in each skill: it stands until the next one, or until leaving.

    As movements: `stands` is +1 on the day of an assessment and -1 on the day it ends; `met` the same for
    one that is at or above the level needed (`needed`, else 3).
    """
    rows = needed(tables, "skill_assessments", "person", "skill", "assessed_on", "level")
    rows = rows.filter(rows.level.notnull()).mutate(moved_on=day_of(rows.assessed_on))
    wanted = ibis.coalesce(rows.needed, USUAL_LEVEL) if "needed" in rows.columns else USUAL_LEVEL
    after = ibis.window(group_by=["person", "skill"], order_by="moved_on")
    rows = rows.mutate(_met=(rows.level >= wanted).cast("int64"), _until=rows.moved_on.lead().over(after))
    rows = _until_leaving(rows, people)
    kept = [name for name, kind in rows.schema().items() if kind.is_string() and name[0] != "_"]
    begun = rows.select(*kept, "moved_on", stands=ibis.literal(1).cast("int64"), met=rows["_met"])
    ended = rows.filter(rows["_until"].notnull()).select(
        *kept, moved_on=rows["_until"], stands=ibis.literal(-1).cast("int64"), met=-rows["_met"]
    )
    return Relation(ibis.union(begun, ended), ("skill_assessments",), standing="stands")


def tool_users(tables: Tables, people: Organisation) -> Relation:
    """Days on which somebody of the organisation (`code`) used a tool; use by others is left out."""
    use = needed(tables, "tool_use", "tool", "person", "day")
    spans = _aliases(people)
    alias, day = use.person.strip().lower(), day_of(use.day)
    table = use.inner_join(
        spans, [alias == spans["alias"], day >= spans.valid_from, day < spans.valid_to]
    ).select(tool=use.tool, person=use.person, day=day, code=spans.member)
    return Relation(table, ("tool_use", "memberships"), hidden=("code",))


def tool_seats(tables: Tables, people: Organisation) -> Relation:
    """Everybody (`code`) once for each tool, from its first day in the log to the last day of the log."""
    use = needed(tables, "tool_use", "tool", "person", "day")
    log = use.agg(_last=day_of(use.day).max())
    tools = use.group_by("tool").agg(_first=day_of(use.day).min()).cross_join(log)
    spans = _aliases(people)
    known = spans.group_by(code="member", valid_from="valid_from", valid_to="valid_to")
    table = known.agg(person=spans["alias"].min()).cross_join(tools)
    end = (table["_last"] + ibis.interval(days=1)).cast("date")
    table = table.mutate(
        valid_from=ibis.greatest(table.valid_from, table["_first"]), valid_to=ibis.least(table.valid_to, end)
    )
    table = table.filter(table.valid_from < table.valid_to).drop("_first", "_last")
    needs, spans_of = ("tool_use", "memberships"), ("valid_from", "valid_to")
    return Relation(table, needs, hidden=("code",), spans=spans_of)


def _known_spans(people: Organisation) -> ir.Table:
    if not people.is_known:
        raise Refused("kpi.missing-column", 409, table="memberships", column="")
    return member_spans(people)


def _aliases(people: Organisation) -> ir.Table:
    if not people.is_known:
        raise Refused("kpi.missing-column", 409, table="memberships", column="")
    spans = people.table()
    return spans.filter(spans.team.notnull())


def _until_leaving(rows: ir.Table, people: Organisation) -> ir.Table:
    """End what is known of a person on the day after the last membership."""
    if not people.is_known:
        return rows
    spans = _aliases(people)
    gone = spans.group_by(_alias=spans["alias"]).agg(_gone=spans.valid_to.max())
    gone = gone.filter(gone["_gone"] < ibis.literal(date.max))
    table = rows.left_join(gone, rows.person.strip().lower() == gone["_alias"])
    until = ibis.coalesce(ibis.least(table["_until"], table["_gone"]), table["_until"], table["_gone"])
    # Who was assessed after leaving is not counted back.
    until = (until < table.moved_on).ifelse(table.moved_on, until)
    return table.mutate(_until=until).drop("_alias", "_gone")
