"""The checks of a snapshot: few scans of each table, then plain counting."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from steelyard.engine.kpi.relations import MONEY, Tables, day_of, is_present, money_of
from steelyard.engine.quality import rules
from steelyard.engine.quality.finding import Finding, Origin, weight
from steelyard.engine.quality.names import Names, form_of, names_in
from steelyard.engine.quality.rhythm import gaps, quiet_days
from steelyard.engine.quality.rules import AMOUNTS, DAYS, OWNERS, Place, Rule, rules_of

IMPORT, DAY, ROWS, WORTH = "_import", "_day", "_rows", "_worth"
# What comes or changes later than so many days after the data had told of its time is late.
LATE_AFTER = 31
LATE_TABLES = ("receipts", "invoices", "orders", "contracts", "activities")
# Open for longer than twice what nine of ten closed ones took, and at least so long.
STALE_LEAST = 90
MOST_NAMES = 200
Horizons = dict[str, date]


@dataclass(frozen=True)
class Context:
    """What a check is told beside the tables.

    `imports`: by the id in `_import`, in the order of publication; `as_of`: the day on which the data were
    published; `nobody`: (source, text) that stand for no person, such as a queue.
    """

    imports: Mapping[str, Origin]
    as_of: date
    base_currency: str
    nobody: Collection[tuple[str, str]] = ()

    def source(self, import_id: str | None) -> str:
        """The source of a row's import."""
        found = self.imports.get(import_id or "")
        return found.source if found else ""


def check(tables: Tables, context: Context) -> tuple[Finding, ...]:
    """Check every table of a snapshot.

    Parameters
    ----------
    tables
        The lake's tables by name, with the frozen organisation; rows carry `_import`.
    context
        Where imports come from and when the data were published.

    Returns
    -------
    tuple of Finding
        One for each rule, table, column and source that breaks it; the faults first, then by share.

    Notes
    -----
    Each table is read once for the rules of its rows, days and amounts, and once more for its owner texts;
    rules of equal rows and orphans add a pass over the columns that they compare. Late: the row came or
    changed by an import of its source more than 31 days after earlier ones had told of that time. Stale:
    open for longer than twice what 90 % of the closed ones took, and 90 days at least. For gaps see
    `rhythm.gaps`. A column or table that is absent is not checked.
    """
    names = [
        name
        for name in sorted(tables)
        if not name.startswith(("_", "org_")) and IMPORT in tables[name].columns
    ]
    return check_tables(tables, names, context)


def check_tables(tables: Tables, names: Iterable[str], context: Context) -> tuple[Finding, ...]:
    """Check some of the tables; as `check`, days off being told from these alone."""
    known = names_in(tables)
    scans = [Scan.of(tables, name, context) for name in names]
    series = [each for scanned in scans for each in scanned.days(context).items()]
    quiet = quiet_days(series)
    found: list[Finding] = []
    for scanned in scans:
        found += [*_of_rules(scanned, context), *_of_days(scanned, context, quiet)]
        if known.is_known and (owner := owner_of(tables[scanned.name])):
            found += _of_names(tables, scanned, context, owner=owner, known=known)
    return tuple(sorted(found, key=weight))


@dataclass(frozen=True)
class Scan:
    """What one read of a table gives: rows and worth per import and day, and each rule's part of both."""

    name: str
    rules: tuple[Rule, ...]
    groups: pa.Table
    has_amount: bool

    @classmethod
    def of(cls, tables: Tables, name: str, context: Context) -> "Scan":
        """Read the table."""
        chosen = list(rules_of(tables, name))
        flagged = with_flags(tables, name, chosen, context)
        if name == "opportunities" and (stale := stale_rule(tables)):
            chosen.append(stale)
            flagged = flagged.mutate(
                **{f"_f{len(chosen) - 1}": stale.flag(flagged, place_of(tables, context))}
            )
        amount = amount_of(tables[name])
        worth = money_of(flagged[amount]).cast(MONEY).fill_null(0) if amount else None
        sums: dict[str, Any] = {ROWS: flagged.count()}
        if worth is not None:
            sums[WORTH] = worth.sum()
        for place in range(len(chosen)):
            is_broken = flagged[f"_f{place}"].fill_null(False)
            sums[f"_n{place}"] = is_broken.cast("int64").sum()
            if worth is not None:
                sums[f"_w{place}"] = is_broken.ifelse(worth, ibis.literal(Decimal(0)).cast(MONEY)).sum()
        day = day_of(flagged[DAYS[name]]) if DAYS.get(name) in flagged.columns else ibis.null("date")
        groups = flagged.group_by(**{IMPORT: flagged[IMPORT], DAY: day}).agg(**sums).to_pyarrow()
        return cls(name, tuple(chosen), groups, worth is not None)

    def by_source(self, context: Context, column: str) -> dict[str, Any]:
        """Sum a column up by source."""
        per_import = self.groups.group_by(IMPORT).aggregate([(column, "sum")]).to_pydict()
        sums: dict[str, Any] = {}
        for import_id, value in zip(per_import[IMPORT], per_import[f"{column}_sum"], strict=True):
            source = context.source(import_id)
            sums[source] = sums.get(source, 0) + (value or 0)
        return sums

    def totals(self, context: Context) -> dict[str, tuple[int, Decimal | None]]:
        """Rows and amount of each source."""
        rows = self.by_source(context, ROWS)
        worth = self.by_source(context, WORTH) if self.has_amount else {}
        return {source: (int(n), worth.get(source)) for source, n in rows.items()}

    def days(self, context: Context) -> dict[str, set[date]]:
        """The days with a row, by source."""
        found: defaultdict[str, set[date]] = defaultdict(set)
        columns = self.groups.select([IMPORT, DAY]).to_pydict()
        for import_id, day in zip(columns[IMPORT], columns[DAY], strict=True):
            if day is not None:
                found[context.source(import_id)].add(day)
        return found

    def horizons(self, context: Context) -> Horizons:
        """Up to which day earlier imports of its source had told before each import came."""
        if DAY not in self.groups.column_names or self.groups.num_rows == 0:
            return {}
        per_import = self.groups.group_by(IMPORT).aggregate([(DAY, "max")]).to_pydict()
        last = dict(zip(per_import[IMPORT], per_import[f"{DAY}_max"], strict=True))
        told: dict[str, date] = {}
        found: Horizons = {}
        ordered = (each for each in last if each in context.imports)
        for import_id in sorted(ordered, key=lambda each: context.imports[each].place):
            source = context.source(import_id)
            if source in told:
                found[import_id] = told[source]
            day = last[import_id]
            if day is not None and day <= context.as_of:
                told[source] = max(told.get(source, day), day)
        return found


def place_of(tables: Tables, context: Context) -> Place:
    """What flags look at beside their own table."""
    return Place(tables, context.as_of, context.base_currency)


def with_flags(tables: Tables, name: str, chosen: list[Rule], context: Context) -> ir.Table:
    """The table with one column for each rule: whether a row breaks it."""
    table = tables[name]
    place = place_of(tables, context)
    return table.mutate(**{f"_f{number}": rule.flag(table, place) for number, rule in enumerate(chosen)})


def amount_of(table: ir.Table) -> str | None:
    """The column that says what a row is worth."""
    listed = ("amount", *AMOUNTS.values())
    return next((name for name in listed if name in table.columns), None)


def owner_of(table: ir.Table) -> str | None:
    """The column that says whose a row is."""
    return next((name for name in OWNERS if name in table.columns and table[name].type().is_string()), None)


def stale_rule(tables: Tables) -> Rule | None:
    """The rule of opportunities that were open too long, by how long the closed ones took."""
    table = tables["opportunities"]
    if not {"created_on", "closed_on", "outcome"} <= set(table.columns):
        return None
    closed = table.filter(
        table.outcome.isin(["won", "lost"]), table.created_on.notnull(), table.closed_on.notnull()
    )
    took = day_of(closed.closed_on).delta(day_of(closed.created_on), unit="day")
    told = closed.aggregate(longest=took.quantile(0.9), last=day_of(closed.closed_on).max()).to_pyarrow()
    longest, last = (told[name][0].as_py() for name in ("longest", "last"))
    if longest is None:
        return None
    limit = max(STALE_LEAST, 2 * int(longest))

    def flag(facts: ir.Table, place: Place) -> ir.BooleanValue:
        before = min(last, place.as_of) - timedelta(limit)
        return (facts.outcome.fill_null("open") == "open") & (day_of(facts.created_on) < before)

    return Rule(rules.STALE, "opportunities", ("created_on",), flag, fails_at=None, is_of_rows=False)


def _of_rules(scanned: Scan, context: Context) -> Iterator[Finding]:
    totals = scanned.totals(context)
    for number, rule in enumerate(scanned.rules):
        counts = scanned.by_source(context, f"_n{number}")
        worth = scanned.by_source(context, f"_w{number}") if scanned.has_amount else {}
        for source, count in counts.items():
            if count:
                rows, total = totals[source]
                yield Finding(
                    rule.id, rule.table, rule.column, source, int(count), rows, worth.get(source), total
                )


def _of_days(scanned: Scan, context: Context, quiet: Collection[date]) -> Iterator[Finding]:
    """Gaps in time and rows that came late."""
    column = DAYS.get(scanned.name, "")
    totals = scanned.totals(context)
    days = scanned.days(context)
    everywhere = [day for each in days.values() for day in each if day <= context.as_of]
    for source, held in days.items():
        told = {day for day in held if day <= context.as_of}
        found = gaps(told, until=max(everywhere, default=None), quiet=quiet)
        if found:
            units = sum(each.missing for each in found)
            listed = [asdict(each) | {"first": str(each.first), "last": str(each.last)} for each in found]
            yield Finding(
                rules.GAP,
                scanned.name,
                column,
                source,
                units,
                units + len(told),
                detail={"gaps": listed[-20:], "grain": found[0].grain},
            )
    if scanned.name in LATE_TABLES:
        yield from _late(scanned, context, totals, column)


def _late(
    scanned: Scan, context: Context, totals: Mapping[str, tuple[int, Decimal | None]], column: str
) -> Iterator[Finding]:
    counts: defaultdict[str, int] = defaultdict(int)
    worth: defaultdict[str, Decimal] = defaultdict(Decimal)
    for import_id, horizon in scanned.horizons(context).items():
        is_late = pc.and_(
            pc.equal(scanned.groups[IMPORT], import_id),
            pc.less(scanned.groups[DAY], pa.scalar(horizon - timedelta(LATE_AFTER), pa.date32())),
        )
        late = scanned.groups.filter(is_late)
        if late.num_rows:
            source = context.source(import_id)
            counts[source] += pc.sum(late[ROWS]).as_py()
            worth[source] += pc.sum(late[WORTH]).as_py() if scanned.has_amount else 0
    for source, count in counts.items():
        rows, total = totals[source]
        amount = worth[source] if scanned.has_amount else None
        yield Finding(rules.LATE, scanned.name, column, source, count, rows, amount, total)


def _of_names(
    tables: Tables, scanned: Scan, context: Context, *, owner: str, known: Names
) -> Iterator[Finding]:
    totals = scanned.totals(context)
    for source, kind, names in name_counts(tables, scanned.name, context, owner=owner, known=known):
        rows, total = totals[source]
        rule = rules.AMBIGUOUS if kind == "several" else rules.UNKNOWN
        listed = sorted(names.items(), key=lambda each: (-each[1][0], each[0]))
        amount = sum((worth for _n, worth in names.values()), Decimal(0)) if scanned.has_amount else None
        yield Finding(
            rule,
            scanned.name,
            owner,
            source,
            sum(n for n, _worth in names.values()),
            rows,
            amount,
            total,
            detail={"names": [[text, n] for text, (n, _worth) in listed[:MOST_NAMES]], "texts": len(listed)},
        )


def name_counts(
    tables: Tables, name: str, context: Context, *, owner: str, known: Names
) -> list[tuple[str, str, dict[str, tuple[int, Decimal]]]]:
    """(source, "several" or "nobody", text → rows and amount) for texts that do not name one person."""
    table, amount = tables[name], amount_of(tables[name])
    worth = money_of(table[amount]).cast(MONEY) if amount else ibis.literal(Decimal(0)).cast(MONEY)
    held = table.select(_text=table[owner].strip(), worth=worth, **{IMPORT: table[IMPORT]})
    held = held.filter(is_present(held["_text"]))
    sums = held.group_by(IMPORT, "_text").agg(n=held.count(), worth=held.worth.sum())
    found: defaultdict[tuple[str, str], dict[str, tuple[int, Decimal]]] = defaultdict(dict)
    for row in sums.to_pyarrow().to_pylist():
        source, kind = context.source(row[IMPORT]), known.kind(row["_text"])
        if kind == "one" or (source, form_of(row["_text"])) in context.nobody:
            continue
        known_n, known_worth = found[source, kind].get(row["_text"], (0, Decimal(0)))
        found[source, kind][row["_text"]] = (known_n + row["n"], known_worth + (row["worth"] or 0))
    return [(source, kind, names) for (source, kind), names in sorted(found.items())]


def rows_of(tables: Tables, finding: Finding, context: Context) -> ir.Table:
    """Return the rows of a finding, lazily; of a gap, none.

    Parameters
    ----------
    tables, context
        As for `check`, of the same snapshot.
    finding
        One that `check` returned; its counts are not read.

    Returns
    -------
    ir.Table
        The table's own columns, without those that the lake keeps for itself; unordered.
    """
    table = tables[finding.table]
    own = [name for name in table.columns if not name.startswith("_")]
    here = table[IMPORT].isin([each for each, of in context.imports.items() if of.source == finding.source])
    if finding.source == "":
        here |= table[IMPORT].isnull() | table[IMPORT].notin(list(context.imports))
    if finding.rule == rules.GAP:
        return table.filter(ibis.literal(False)).select(*own)
    if finding.rule in (rules.UNKNOWN, rules.AMBIGUOUS):
        return table.filter(here, _is_unanswered(tables, finding, context)).select(*own)
    if finding.rule == rules.LATE:
        return table.filter(here, _is_late(tables, finding, context)).select(*own)
    rule = _rule_of(tables, finding)
    flagged = with_flags(tables, finding.table, [rule], context)
    return flagged.filter(flagged["_f0"], here).select(*own)


def _rule_of(tables: Tables, finding: Finding) -> Rule:
    if finding.rule == rules.STALE and (stale := stale_rule(tables)):
        return stale
    wanted = (finding.rule, finding.column)
    found = [each for each in rules_of(tables, finding.table) if (each.id, each.column) == wanted]
    return found[0] if found else replace(rules.RULES[0], flag=lambda *_: ibis.literal(False))


def _is_unanswered(tables: Tables, finding: Finding, context: Context) -> ir.BooleanValue:
    kind = "several" if finding.rule == rules.AMBIGUOUS else "nobody"
    counted = name_counts(tables, finding.table, context, owner=finding.column, known=names_in(tables))
    texts = [
        text for source, of, names in counted if (source, of) == (finding.source, kind) for text in names
    ]
    return tables[finding.table][finding.column].strip().isin(texts)


def _is_late(tables: Tables, finding: Finding, context: Context) -> ir.BooleanValue:
    table = tables[finding.table]
    day = day_of(table[finding.column])
    horizons = Scan.of(tables, finding.table, context).horizons(context)
    return rules.any_of(
        (table[IMPORT] == each) & (day < horizon - timedelta(LATE_AFTER))
        for each, horizon in horizons.items()
    )
