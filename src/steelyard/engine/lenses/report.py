"""All lenses on one gap: each tested, ordered by what explains most, with what stays unexplained."""

# The public verb only looks like a test of pytest's.
# ruff: noqa: PT028

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from steelyard.engine.diagnosis.diagnose import baseline_of
from steelyard.engine.kpi import Definitions, Kpi, kpi_of
from steelyard.engine.kpi.relations import Tables
from steelyard.engine.kpi.sources import building_once
from steelyard.engine.lenses import goals, market, morale, process, resources, skills, strategy
from steelyard.engine.lenses.case import Case
from steelyard.engine.lenses.findings import LENSES, LensFinding, LensReport, Missing
from steelyard.engine.periods import Period
from steelyard.errors import Refused

Progress = Callable[[str, int, int], None]
_MODULES: Mapping[str, Any] = {
    "goals": goals,
    "process": process,
    "skills": skills,
    "resources": resources,
    "morale": morale,
    "market": market,
    "strategy": strategy,
}
_BY_MONTH = ("skills", "resources", "morale")
_RANK = {"supported": 0, "not-supported": 1, "cannot-tell": 2}


def test_lenses(
    tables: Tables,
    kpi: Kpi | str,
    *,
    period: Period | str,
    against: Period | str = "year-ago",
    where: Mapping[str, Any] | None = None,
    target_team: str | None = None,
    fiscal_start: int = 1,
    base_currency: str | None = None,
    definitions: Definitions | None = None,
    progress: Progress | None = None,
    alpha: float = 0.05,
) -> LensReport:
    """Test every lens on a gap.

    Parameters
    ----------
    tables
        The lake's tables by name, as for `diagnose`; whatever is absent makes its lens say "cannot tell".
    kpi, period, against, where, target_team, fiscal_start, base_currency, definitions
        As for `diagnose`.
    progress
        Called before each lens with its code, how many are done, and how many there are.
    alpha
        Chance of each lens to be supported where nothing happened.

    Returns
    -------
    LensReport
        Codes and numbers. Lenses in the order of `LENSES`; `order` lists the supported ones by the share of
        the gap that they explain, then the others by p, then those that cannot be told.

    Raises
    ------
    Refused
        `diagnosis.no-target` when there is none for the KPI, period and unit; as `summarise`.

    Notes
    -----
    Each lens has a signature of its own (see `judge` of its module), tested in two steps: what a unit was
    exposed to is chosen without looking at its result, and the result is tested only there. The p-value of a
    lens is corrected for everything that it looked at. A lens that is supported explains; whether it caused
    is for experiments to say. Shares are those of win rates through the KPI's tree; where no algebra leads to
    the KPI there is none. Where lenses overlap, their shares are scaled to the whole. Cost: about ten scans
    of opportunities, three of the log, one or two of each other table.

    Source: Berger (1982), Technometrics 24 (intersection-union tests); Holm (1979), Scandinavian Journal of
    Statistics 6.

    Examples
    --------
    >>> import ibis
    >>> from datetime import date
    >>> deals = ibis.memtable({
    ...     "owner": ["ann"] * 4, "outcome": ["won", "lost", "won", "won"], "amount": [5.0, 9.0, 7.0, 9.0],
    ...     "closed_on": [date(2024, 5, 6), date(2024, 5, 7), date(2023, 5, 6), date(2023, 5, 7)],
    ... })
    >>> found = test_lenses({"opportunities": deals}, "won_revenue", period="2024-Q2")
    >>> found.gap, {each.verdict for each in found.lenses}, found.lens("morale").missing[0].table
    (Decimal('-11.00'), {'cannot-tell'}, 'survey_scores')
    """
    when = Period.parse(period, fiscal_start) if isinstance(period, str) else period
    case = Case(
        tables=building_once(tables),
        kpi=kpi_of(kpi, definitions=definitions),
        period=when,
        baseline=baseline_of(when, against, fiscal_start=fiscal_start),
        against=against.label if isinstance(against, Period) else against,
        where=dict(where or {}),
        target_team=target_team,
        base_currency=base_currency,
        definitions=definitions,
        alpha=alpha,
    )
    gap = case.gap
    found = []
    for done, code in enumerate(LENSES):
        if progress is not None:
            progress(code, done, len(LENSES))
        found.append(_tested(case, code))
    lenses, is_scaled = _scaled(found)
    return LensReport(
        kpi=case.kpi.id,
        unit=case.kpi.unit,
        direction=case.kpi.direction,
        period=case.period.label,
        against=case.against,
        baseline_period=case.baseline.label,
        where=case.where,
        actual=case.rows[0][case.kpi.id].value,
        baseline=_shown(case, case.goal),
        gap=_shown(case, gap),
        is_adverse=case.is_adverse,
        lenses=lenses,
        order=tuple(each.lens for each in sorted(lenses, key=_place)),
        unexplained=_unexplained(case, lenses),
        is_scaled=is_scaled,
    )


# Its name is a verb of the product: it is no test of pytest's.
test_lenses.__test__ = False  # type: ignore[attr-defined]


def _tested(case: Case, code: str) -> LensFinding:
    if code in _BY_MONTH and not all(_has_whole_months(each) for each in (case.period, case.baseline)):
        return LensFinding(code, "cannot-tell", missing=(Missing("", (), "lens.no-whole-months"),))
    try:
        return _MODULES[code].judge(case, _MODULES[code].summarise(case))
    except Refused as refusal:
        if refusal.code not in ("kpi.missing-column", "kpi.unknown-dimension"):
            raise
        column = str(refusal.params.get("column", refusal.params.get("dimension", "")))
        columns = (column,) if column else ()
        what = "lens.no-columns" if column else "lens.no-table"
        return LensFinding(
            code, "cannot-tell", missing=(Missing(str(refusal.params["table"]), columns, what),)
        )


def _has_whole_months(period: Period) -> bool:
    return period.start.day == 1 and period.end.day == 1


def _scaled(found: list[LensFinding]) -> tuple[tuple[LensFinding, ...], bool]:
    """Never claim more than the whole."""
    total = math.fsum(each.share or 0.0 for each in found if each.is_supported)
    if total <= 1:
        return tuple(found), False
    return tuple(_times(each, 1 / total) if each.is_supported else each for each in found), True


def _times(finding: LensFinding, factor: float) -> LensFinding:
    if finding.share is None:
        return finding
    low, high = (None if each is None else each * factor for each in (finding.share_low, finding.share_high))
    return replace(finding, share=finding.share * factor, share_low=low, share_high=high)


def _place(finding: LensFinding) -> tuple[int, float, float, int]:
    share = -1.0 if finding.share is None else finding.share
    p = 1.0 if finding.p is None else finding.p
    return _RANK[finding.verdict], -round(share, 12), round(p, 12), LENSES.index(finding.lens)


def _unexplained(case: Case, lenses: tuple[LensFinding, ...]) -> float | None:
    if not case.is_adverse:
        return None
    supported = [each for each in lenses if each.is_supported]
    known = [each.share for each in supported if each.share is not None]
    if supported and not known:
        return None
    return max(0.0, 1 - math.fsum(known))


def _shown(case: Case, value: Fraction | None) -> Any:
    if value is None:
        return None
    if case.kpi.unit == "money":
        return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.01"))
    return int(value) if case.kpi.unit == "count" and value.denominator == 1 else float(value)
