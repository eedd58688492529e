"""Files looked into when they come in, and the source that they are recognised to be of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from steelyard.apps.data.models import Source
from steelyard.apps.data.queries.remembered import plain_choice, remembered
from steelyard.errors import Refused
from steelyard.lake.imports.inspect import inspect
from steelyard.lake.imports.limits import Limits
from steelyard.lake.imports.mapping import ImportMapping, as_pattern
from steelyard.lake.imports.originals import Original
from steelyard.lake.imports.roster import with_teams
from steelyard.lake.imports.suggest import Suggestion, suggest

# Sources whose files are read in a way of their own are tried one by one: the latest ones.
TRIED = 3
Document = Mapping[str, Any]


@dataclass(frozen=True)
class Looked:
    """What was found in the files; `source` and `mapping` where a source was recognised."""

    inspections: list[dict[str, Any]]
    source: Source | None = None
    mapping: Document | None = None


def looked_at(originals: Sequence[Original], *, limits: Limits, table: str) -> Looked:
    """Look into files as they are, then as sources read theirs; one that fits alone is recognised."""
    refusal: Refused | None = None
    plain: list[dict[str, Any]] = []
    try:
        plain = look(originals, [{} for _ in originals], limits=limits, table=table)
    except Refused as refused:
        refusal = refused
    if plain and (known := recognised(plain, table=table)):
        return known
    for source in _read_specially():
        try:
            reads = reads_of(originals, source.mapping)
            known = recognised(look(originals, reads, limits=limits), only=source, table=table)
        except Refused:
            continue  # these files are not of that source
        if known:
            return known
    if refusal is not None:
        raise refusal
    return Looked(plain)


def look(
    originals: Sequence[Original], reads: Sequence[Document], *, limits: Limits, table: str = ""
) -> list[dict[str, Any]]:
    """Inspect each file as it is to be read."""
    return [
        inspect(original, limits=limits, table=table, read=read).as_dict()
        for original, read in zip(originals, reads, strict=True)
    ]


def reads_of(originals: Sequence[Original], mapping: Document) -> list[dict[str, Any]]:
    """How a mapping reads each file."""
    parsed = ImportMapping.parse(mapping)
    return [parsed.reading(each.name, parsed.aliases(each.name)[0]) for each in originals]


def recognised(inspections: list[dict[str, Any]], *, table: str, only: Source | None = None) -> Looked | None:
    """The source that the files are of, with its mapping and its answers to what they leave open."""
    sources = [only] if only else Source.objects.all()
    found = plain_choice(remembered(inspections, sources=sources))
    if found is None:
        return None
    tables = {rule.table for rule in ImportMapping.parse(found.mapping).tables}
    if table and tables != {table}:
        return None
    return Looked(answered(inspections, found.mapping), found.source, found.mapping)


def answered(inspections: list[dict[str, Any]], mapping: Document) -> list[dict[str, Any]]:
    """The inspections with the order of dates that the mapping knows, so that nobody is asked again."""
    orders = {
        source: rule.order
        for table in ImportMapping.parse(mapping).tables
        for rule in table.columns.values()
        for source in rule.sources
        if rule.order
    }
    told: list[dict[str, Any]] = []
    for inspection in inspections:
        columns = [
            {**column, "order": orders[column["name"]], "ambiguous": False, "answered": True}
            if column["ambiguous"] and column["name"] in orders
            else column
            for column in inspection["columns"]
        ]
        asked = [
            question
            for question in inspection.get("questions", ())
            if not (question["code"] == "date-order" and question["column"] in orders)
        ]
        told.append({**inspection, "columns": columns, "questions": asked})
    return told


def proposed(inspections: Sequence[Mapping[str, Any]], *, table: str = "") -> dict[str, Any]:
    """A mapping to start from: files that look alike feed one table, others each their own.

    A list of people that has their teams feeds those, too, unless one table was asked for.
    """
    best = [
        suggest(each["columns"], file=each["name"], table=table, head=each["head"])[0] for each in inspections
    ]
    if len({each.table for each in best}) == 1:
        place = max(range(len(best)), key=lambda number: best[number].confidence)
        fed = (
            {best[place].table: dict(best[place].columns)}
            if table
            else all_of(inspections[place], best[place])
        )
        if len(fed) == 1:
            return {"source": "", "table": best[place].table, "columns": dict(best[place].columns)}
        return {"source": "", "tables": {name: {"columns": columns} for name, columns in fed.items()}}
    files: dict[str, str] = {}
    rules: dict[str, list[dict[str, Any]]] = {}
    has_own_teams = not {each.table for each in best}.isdisjoint({"teams", "memberships"})
    for inspection, each in zip(inspections, best, strict=True):
        same = rules.setdefault(each.table, [])
        alias = f"{each.table}_{len(same) + 1}" if same else each.table
        files[alias] = as_pattern(inspection["name"])
        fed = {each.table: dict(each.columns)} if has_own_teams else all_of(inspection, each)
        for name, columns in fed.items():
            rules.setdefault(name, []).append({"from": alias, "columns": columns})
    tables = {table: same[0] if len(same) == 1 else same for table, same in rules.items()}
    return {"source": "", "files": files, "tables": tables}


def all_of(inspection: Mapping[str, Any], best: Suggestion) -> dict[str, dict[str, Any]]:
    """Table → its columns, for all that one file tells."""
    return with_teams(best, inspection["columns"], file=inspection["name"], head=inspection["head"])


def _read_specially() -> list[Source]:
    latest = Source.objects.order_by("-updated_at")
    return [source for source in latest if source.mapping.get("read")][:TRIED]
