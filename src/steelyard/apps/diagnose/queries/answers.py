"""The answer to a question: what the engine finds, and what a page of it needs to stay as it is."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings

from steelyard.apps.data.models import Snapshot
from steelyard.apps.data.queries import facts
from steelyard.apps.data.queries.quality import gate_json, quality_gate, reads_behind
from steelyard.apps.diagnose.models import Diagnosis
from steelyard.apps.diagnose.queries.asking import Question
from steelyard.apps.measure.actions import currency_of
from steelyard.apps.measure.queries.calendar import fiscal_start
from steelyard.apps.measure.queries.definitions import known_kpi, known_kpis
from steelyard.engine.kpi import Kpi, Row, Targets, judge, read_targets, summarise
from steelyard.engine.kpi.relations import Tables

# Names of people and teams stand in these columns of the frozen organisation.
ORGANISATION = {
    "team": ("org_teams", "team"),
    "member": ("org_people", "person"),
    "manager": ("org_people", "person"),
}
# What only the pages need.
OWN = ("asked", "standings", "names", "currency")


def answer(asked: Question, snapshot: Snapshot) -> dict[str, Any]:
    """Diagnose on the facts of a snapshot."""
    from steelyard.engine.diagnosis import diagnose  # scipy takes a moment, which the web's start need not

    with facts(snapshot.versions) as lake:
        found = diagnose(
            lake.tables,
            asked.kpi,
            period=asked.period,
            against=asked.against,
            where=asked.within,
            target_team=asked.team,
            fiscal_start=fiscal_start(),
            base_currency=settings.STEELYARD_CURRENCY,
            definitions=known_kpis(),
        ).as_json()
        told = found | {
            "asked": dict(asked.where),
            "standings": standings(lake.tables, asked, [each["kpi"] for each in found["drivers"]]),
            "names": names_in(lake.tables, asked.where, found),
            "currency": currency_of(lake.tables),
        }
    reads = reads_behind(snapshot, asked.kpi, definitions=known_kpis())
    return told | {"quality": gate_json(quality_gate(snapshot, reads), snapshot)}


def answer_json(diagnosis: Diagnosis) -> dict[str, Any]:
    """Codes and numbers, as the engine gave them, with the snapshot and the id that opens the page."""
    result = {name: value for name, value in diagnosis.result.items() if name not in OWN}
    figures = {name: _number(result[name]) for name in ("actual", "baseline", "gap")}
    return result | {
        **figures,
        "snapshot": diagnosis.snapshot_id,
        "diagnosis": diagnosis.public_id,
        "kpi_versions": diagnosis.kpi_versions,
        "engine": diagnosis.engine_version,
    }


def standings(tables: Tables, asked: Question, drivers: Iterable[str]) -> list[dict[str, Any]]:
    """Where the KPI and its factors stand: target, a year ago, the usual variation of their own past."""
    from steelyard.engine.diagnosis import history

    kpis = [asked.kpi, *(known_kpi(name) for name in drivers if name not in ("target", asked.kpi.id))]
    periods = history.periods_before(asked.period)[0]
    rows = judge(
        summarise(
            tables,
            kpis,
            periods=periods,
            where=asked.within,
            base_currency=settings.STEELYARD_CURRENCY,
            definitions=known_kpis(),
        )
    )
    targets = read_targets(tables)
    return [
        _standing(kpi, [row for row in rows if row.kpi == kpi.id], target=_target(targets, asked, kpi))
        for kpi in kpis
    ]


def _standing(kpi: Kpi, rows: list[Row], *, target: float | None) -> dict[str, Any]:
    from steelyard.engine.diagnosis import history

    known = history.from_first(rows)
    signal = history.signal_of(kpi, known)
    before = {row.period: row.value for row in rows}.get(rows[-1].period.year_ago())
    return {
        "kpi": kpi.id,
        "actual": _number(rows[-1].value),
        "target": target,
        "before": _number(before),
        "low": signal.limits["lower"] if signal.limits else None,
        "high": signal.limits["upper"] if signal.limits else None,
        "side": signal.side,
    }


def _target(targets: Targets, asked: Question, kpi: Kpi) -> float | None:
    """The target of whom the question is about: the company or one team; a cut has none."""
    if set(asked.where) - {"team"} or (asked.teams and asked.team is None):
        return None
    code = asked.team or ""
    found = targets.of(kpi, period=asked.period, unit_kind="team" if code else "company", unit=code)
    return _number(found)


def names_in(tables: Tables, asked: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Code → name of the teams and people that the answer speaks of, as they were called then."""
    wheres = [
        asked,
        found["where"],
        *(each["where"] for each in (*found["segments"], *found["bright_spots"])),
    ]
    wheres += [{each["dimension"]: [v["value"] for v in each["values"]]} for each in found["mix_and_rate"]]
    told: dict[str, dict[str, str]] = {}
    for dimension, (table, key) in ORGANISATION.items():
        codes = {code for where in wheres for code in _listed(where.get(dimension)) if code}
        if codes and table in tables:
            rows = tables[table].filter(tables[table][key].isin(sorted(codes))).select(key, "name")
            told[dimension] = {row[key]: row["name"] or row[key] for row in rows.to_pyarrow().to_pylist()}
    return told


def _listed(held: Any) -> list[Any]:
    return list(held) if isinstance(held, list | tuple) else [held]


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
