"""Texts in files that name nobody, or several people: what is to be asked, and what was answered."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from steelyard.apps.access.policy import authorize
from steelyard.apps.data.models import Import, NameAnswer, Source
from steelyard.apps.data.queries import facts, newest_versions
from steelyard.apps.data.queries.quality import newest_check, told_of
from steelyard.apps.people.models import Person
from steelyard.apps.people.queries import as_alias, current_membership, known_people
from steelyard.errors import Refused

if TYPE_CHECKING:
    import pyarrow as pa

    from steelyard.lake.imports.stage import Staged

ANSWERS = "org_answers"
MOST_ASKED = 100
MOST_VALUES = 50
RULES = {"ambiguous-owner": "several", "unknown-owner": "nobody"}


@dataclass(frozen=True)
class Question:
    """A text of one source ("" for none) that `kind` ("several" or "nobody") answer to."""

    source: str
    text: str
    kind: str
    rows: int
    tables: tuple[str, ...]
    people: tuple[Person, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.source}\n{self.text}"


def questions_seen_by(viewer: Any) -> list[Question]:
    """What the newest check could not tell and nobody answered since: names of several people first."""
    authorize(viewer, "data.names")
    check = newest_check()
    if check is None:
        return []
    counts: dict[tuple[str, str], tuple[str, int, set[str]]] = {}
    for each in told_of(check):
        if each.finding.rule in RULES:
            for text, n in each.finding.detail["names"]:
                place = (each.finding.source, as_alias(text))
                _kind, known, tables = counts.get(place, ("", 0, set()))
                counts[place] = (RULES[each.finding.rule], known + n, tables | {each.finding.table})
    asked = [
        {"source": source, "text": text, "kind": kind, "rows": rows, "tables": sorted(tables)}
        for (source, text), (kind, rows, tables) in counts.items()
    ]
    return with_people(asked)


def questions_of(taken: Import) -> list[Question]:
    """What the dry run of an import found, as far as it is not answered yet."""
    source = taken.source.name if taken.source else ""
    return with_people([{"source": source, **each} for each in taken.counts.get("names", [])])


def with_people(asked: Iterable[Mapping[str, Any]]) -> list[Question]:
    """Questions that are still open, with who may be meant."""
    from steelyard.engine.quality import near

    answered = {
        (source or "", text) for source, text in NameAnswer.objects.values_list("source__name", "text")
    }
    waiting = [each for each in asked if (each["source"], each["text"]) not in answered]
    waiting.sort(key=lambda each: (each["kind"] != "several", -each["rows"], each["text"], each["source"]))
    known, namesakes = known_people(), by_name()
    people = {person.code: person for each in namesakes.values() for person in each}
    listed = [{"code": each.code, "name": each.name, "email": each.email} for each in people.values()]
    found: list[Question] = []
    for each in waiting:
        kind = known.kind(each["text"])
        if kind == "one" or len(found) >= MOST_ASKED:
            continue  # somebody of that name was added since
        meant = namesakes.get(each["text"], []) if kind == "several" else []
        if kind == "nobody":
            meant = [people[code] for code in near(each["text"], listed)]
        place = {name: each[name] for name in ("source", "text", "rows")}
        found.append(Question(**place, kind=kind, tables=tuple(each["tables"]), people=tuple(meant)))
    return found


def by_name() -> dict[str, list[Person]]:
    """Everybody by name and by e-mail, with today's team."""
    found: defaultdict[str, list[Person]] = defaultdict(list)
    for person in Person.objects.order_by("code").prefetch_related(current_membership()):
        for text in {as_alias(person.name), as_alias(person.email or "")} - {""}:
            found[text].append(person)
    return found


def names_of_staged(taken: Import, staged: "Staged") -> list[dict[str, Any]]:
    """The owner texts that an import brings and that name nobody or several, where anybody is known."""
    import pyarrow.parquet as pq

    from steelyard.engine.quality.rules import OWNERS

    known = known_people()
    if not known.is_anybody:
        return []
    counts: dict[str, tuple[int, set[str]]] = {}
    for name, table in staged.facts.items():
        owner = next((each for each in OWNERS if table.schema.get(each) == "text"), None)
        for file in table.files if owner else ():
            for each in pq.read_table(file, columns=[owner]).column(0).value_counts().to_pylist():
                text = as_alias(each["values"] or "")
                rows, tables = counts.get(text, (0, set()))
                counts[text] = (rows + each["counts"], tables | {name})
    listed: list[dict[str, Any]] = [
        {"text": text, "kind": known.kind(text), "rows": rows, "tables": sorted(tables)}
        for text, (rows, tables) in counts.items()
        if text and known.kind(text) != "one"
    ]
    return sorted(listed, key=lambda each: (each["kind"] != "several", -each["rows"], each["text"]))[
        :MOST_ASKED
    ]


def answers_seen_by(viewer: Any) -> list[NameAnswer]:
    authorize(viewer, "data.names")
    return list(NameAnswer.objects.select_related("source", "person", "actor"))


def answer_seen_by(viewer: Any, public_id: str) -> NameAnswer:
    found = next((each for each in answers_seen_by(viewer) if each.public_id == public_id), None)
    if found is None:
        raise Refused("access.denied", 404)
    return found


def source_named(name: str) -> Source | None:
    """The source of a question; "" is what no source brought."""
    if not name:
        return None
    found = Source.objects.filter(name=name).first()
    if found is None:
        raise Refused("access.denied", 404)
    return found


@dataclass(frozen=True)
class Values:
    """What the rows of a text hold in the columns that they may be told apart by."""

    columns: tuple[str, ...]
    column: str
    values: tuple[tuple[str, int], ...]


def values_of(viewer: Any, *, source: str, text: str, column: str = "") -> Values:
    """The text columns beside the name, and the values of one of them with how many rows each has."""
    from steelyard.engine.quality import owner_of

    authorize(viewer, "data.names")
    imports = list(Import.objects.filter(source=source_named(source)).values_list("public_id", flat=True))
    counts: defaultdict[str, int] = defaultdict(int)
    columns: dict[str, None] = {}
    with facts(newest_versions()) as lake:
        for name in sorted(lake.tables):
            table = lake.tables[name]
            owner = None if name.startswith(("org_", "_")) else owner_of(table)
            if owner is None or "_import" not in table.columns:
                continue
            rows = table.filter(table["_import"].isin(imports), table[owner].strip().lower() == text)
            if not rows.count().to_pyarrow().as_py():
                continue
            columns |= dict.fromkeys(_telling(table, owner))
            if column in table.columns:
                held = rows.group_by(_value=rows[column].strip().lower()).agg(n=rows.count())
                for row in held.to_pyarrow().to_pylist():
                    if row["_value"]:
                        counts[row["_value"]] += row["n"]
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:MOST_VALUES]
    return Values(tuple(columns), column if column in columns else "", tuple(ordered))


def _telling(table: Any, owner: str) -> list[str]:
    """Columns of text that are no key: a department, a region, a phone number."""
    schema = table.schema()
    return [
        name
        for name in table.columns
        if schema[name].is_string()
        and name != owner
        and not name.startswith("_")
        and not name.endswith("_id")
    ]


def named(person: Person) -> str:
    """The text that names this person and nobody else, whatever else they are called."""
    return f"{person.name} ({person.code})"


def frozen_answers(tables: "Mapping[str, pa.Table]", *, was_frozen: bool) -> "dict[str, pa.Table]":
    """The organisation with the answers: what the names of each import mean, by aliases made for it."""
    import pyarrow as pa

    answers = list(NameAnswer.objects.exclude(person=None).select_related("person"))
    if not answers and not was_frozen:
        return dict(tables)
    people = {each.person.code: each.person for each in answers if each.person}
    aliases = set(_pairs(tables["org_aliases"]))
    aliases |= {(as_alias(named(person)), code) for code, person in people.items()}
    rows = sorted(_answer_rows(answers))
    columns = ("import", "alias", "column", "value", "person")
    text = pa.string()
    return dict(tables) | {
        "org_aliases": pa.table(
            {
                "alias": pa.array([alias for alias, _code in sorted(aliases)], text),
                "person": pa.array([code for _alias, code in sorted(aliases)], text),
            }
        ),
        ANSWERS: pa.table(
            {name: pa.array([row[at] for row in rows], text) for at, name in enumerate(columns)}
        ),
    }


def _pairs(table: "pa.Table") -> list[tuple[str, str]]:
    return list(zip(table["alias"].to_pylist(), table["person"].to_pylist(), strict=True))


def _answer_rows(answers: Sequence[NameAnswer]) -> Iterable[tuple[str, ...]]:
    imports: defaultdict[int | None, list[str]] = defaultdict(list)
    for public_id, source in Import.objects.values_list("public_id", "source"):
        imports[source].append(public_id)
    for each in answers:
        if each.person:
            for public_id in imports[each.source_id]:
                yield (public_id, each.text, each.column, each.value, named(each.person))
