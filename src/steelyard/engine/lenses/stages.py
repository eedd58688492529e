"""The history of stages: in which order opportunities go through them, and where each ended."""

import ibis
import ibis.expr.types as ir

from steelyard.engine.kpi.derived.stages import closing
from steelyard.engine.kpi.relations import Tables, is_present

# The one step that is known without a history of stages: from closing to winning.
WHOLE = "closed"


def has_deals(tables: Tables) -> bool:
    """Whether there are closed opportunities at all."""
    return "opportunities" in tables and {"outcome", "closed_on"} <= set(tables["opportunities"].columns)


def last_stages(tables: Tables) -> ir.Table:
    """The last open stage of each opportunity, from the history of stages: `_opportunity`, `last_stage`."""
    moves = _moves(tables)
    last = moves.group_by(_opportunity=moves.opportunity_id).agg(
        _to=moves.to_stage.argmax(moves.at), _from=moves["_from"].argmax(moves.at)
    )
    ends = closing(moves.select(stage=moves.to_stage), tables)
    known = last.left_join(ends, last["_to"] == ends["_stage"])
    stage = known["_is_lost"].notnull().ifelse(known["_from"], known["_to"])
    return known.select("_opportunity", last_stage=stage)


def stages_of(tables: Tables) -> tuple[str, ...]:
    """The open stages in the order in which opportunities go through them; () without a history."""
    if "stage_changes" not in tables or not has_deals(tables):
        return ()
    if not {"opportunity_id", "changed_at", "to_stage"} <= set(tables["stage_changes"].columns):
        return ()
    moves = _moves(tables)
    ends = {
        row["_stage"] for row in closing(moves.select(stage=moves.to_stage), tables).to_pyarrow().to_pylist()
    }
    nth = ibis.row_number().over(ibis.window(group_by="opportunity_id", order_by="at"))
    placed = moves.mutate(_nth=nth.cast("float64"))
    entered = placed.select(stage=placed.to_stage, nth=placed["_nth"] + 1)
    left = placed.filter(placed["_from"].notnull()).select(stage=placed["_from"], nth=placed["_nth"])
    both = ibis.union(entered, left)
    rows = both.group_by("stage").agg(place=both.nth.mean(), n=both.count()).to_pyarrow().to_pylist()
    known = [row for row in rows if row["stage"] and row["stage"] not in ends]
    return tuple(
        row["stage"] for row in sorted(known, key=lambda row: (round(row["place"], 9), row["stage"]))
    )


def _moves(tables: Tables) -> ir.Table:
    changes = tables["stage_changes"]
    changes = changes.filter(is_present(changes.to_stage))
    at = changes.changed_at.cast("timestamp")
    moves = changes.select(
        "opportunity_id",
        at=at,
        to_stage=changes.to_stage.strip(),
        _told=changes.from_stage.strip().nullif("")
        if "from_stage" in changes.columns
        else ibis.null("string"),
    )
    before = moves.to_stage.lag().over(ibis.window(group_by="opportunity_id", order_by="at"))
    return moves.mutate(_from=ibis.coalesce(moves["_told"], before)).drop("_told")
