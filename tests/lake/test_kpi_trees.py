"""Every KPI tree that ships is exact over the sample company and over each example: its residual is 0."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from steelyard.engine.drivers import Formula, decompose
from steelyard.engine.kpi import Row, available, catalogue, dimensions, judge, summarise
from steelyard.engine.kpi.sources import prepare
from steelyard.engine.periods import Period, periods
from steelyard.lake.imports.mapping import ImportMapping
from steelyard.sample import tables_of, write_company

EXAMPLES = Path(__file__).parents[2] / "examples"
TREES = {kpi.id: Formula.parse(kpi.tree) for kpi in catalogue().values() if kpi.tree}
# Example → the files of the published data set, the trees that it can tell, and the dates it spans.
PUBLISHED = {
    "maven_crm": (
        ("sales_pipeline.csv.gz", "sales_teams.csv", "accounts.csv", "products.csv"),
        {"won_revenue"},
        ("2016-10-01", "2017-12-31"),
    ),
    "watson_accounts_receivable": (
        ("WA_Fn-UseC_-Accounts-Receivable.csv.gz",),
        {"collected"},
        ("2012-01-01", "2013-12-31"),
    ),
}
CUTS = {
    "won_revenue": ("member", "product"),
    "opportunities": ("member", "region"),
    "leads": (),
    "collected": ("member", "region"),
}


def residuals(tables: Mapping[str, Any], kpi: str, within: list[Period], by: list[str]) -> Iterator[float]:
    """The residual of each period's gap to the one before, for each value of the cut."""
    names = [kpi, *TREES[kpi].names]
    rows = judge(summarise(tables, names, periods=within, by=by))
    found: dict[tuple[Any, str], dict[str, Row]] = {}
    for row in rows:
        found.setdefault((*row.by.values(), row.period.label), {})[row.kpi] = row
    for cut in sorted({key[:-1] for key in found}, key=str):
        for period in within[1:]:
            now = found.get((*cut, period.label), {})
            then = found.get((*cut, period.previous().label), {})
            if kpi in now and kpi in then and not any(map(is_over_nothing, [*now.values(), *then.values()])):
                yield residual(kpi, now, then)


def is_over_nothing(row: Row) -> bool:
    """Opportunities of earlier leads where no lead came in: no rate can carry them, the residual shows them.

    It happens to a single member in a month; to the company it does not.
    """
    return bool(row.by) and row.value is None and bool(row.numerator)


def residual(kpi: str, now: Mapping[str, Row], then: Mapping[str, Row]) -> float:
    # A cut without records of a factor has no row of it: a sum of nothing is 0, a rate of nothing undefined.
    def values(side: Mapping[str, Row]) -> dict[str, Any]:
        nothing = {name: None if catalogue()[name].is_ratio else 0 for name in TREES[kpi].names}
        return nothing | {name: side[name].exact for name in TREES[kpi].names if name in side}

    actual, baseline = now[kpi].exact, then[kpi].exact
    assert actual is not None
    assert baseline is not None
    gap = float(actual - baseline)
    return decompose(TREES[kpi], actual=values(now), baseline=values(then), gap=gap).residual


def check(tables: Mapping[str, Any], expected: set[str], first: date, last: date) -> None:
    """Company and cuts, by month and quarter; exactly the expected trees can be told."""
    tables = prepare(tables, ["cash", "receivables"])
    told = {name for name, tree in TREES.items() if not available(tables, [name, *tree.names])[1]}
    assert told == expected
    for kpi in sorted(told):
        for grain in ("month", "quarter"):
            within = periods(grain, first, last)  # type: ignore[arg-type]
            cuts = [
                name
                for name in CUTS[kpi]
                if all(name in dimensions(tables, each) for each in (kpi, *TREES[kpi].names))
            ]
            for cut in ([], *([name] for name in cuts)):
                found = list(residuals(tables, kpi, within, cut))
                assert found, (kpi, grain, cut)
                assert set(found) == {0.0}, (kpi, grain, cut)


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_the_trees_of_an_example_are_exact(name: str, importer: Any, shared_data: Path) -> None:
    files, expected, span = PUBLISHED[name]
    folder = shared_data / "business" / name
    importer.run([folder / file for file in files], ImportMapping.load(EXAMPLES / name / "mapping.yaml"))
    first, last = (date.fromisoformat(day) for day in span)
    with importer.lake.open(importer.versions) as facts:
        check(facts.tables, expected, first, last)


def test_the_trees_of_the_sample_company_are_exact(importer: Any, tmp_path: Path) -> None:
    write_company(tmp_path / "sample")
    for table, path, mapping in tables_of(tmp_path / "sample"):
        if table in (
            "opportunities",
            "leads",
            "campaigns",
            "campaign_days",
            "contracts",
            "collection_plan",
        ) or (table in ("invoices", "receipts")):
            importer.run([path], ImportMapping.load(mapping))
    with importer.lake.open(importer.versions) as facts:
        check(facts.tables, set(TREES), date(2022, 1, 1), date(2024, 12, 31))
