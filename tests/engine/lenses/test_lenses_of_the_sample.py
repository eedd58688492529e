"""The sample company: a lens speaks where its cause was planted, and nearly never where none was."""

from pathlib import Path

import ibis
import polars as pl
import pytest
import yaml
from python_calamine import load_workbook

from steelyard.engine import lenses
from steelyard.sample import tables_of, write_company

ASKED = (
    "opportunities",
    "stage_changes",
    "leads",
    "activities",
    "work_events",
    "survey_scores",
    "skill_assessments",
    "targets",
)


def read(path: Path, mapping: Path) -> pl.DataFrame:
    columns = yaml.safe_load(mapping.read_text("utf-8"))["columns"]
    headers = {(each["from"] if isinstance(each, dict) else each): name for name, each in columns.items()}
    if path.suffix == ".xlsx":
        first, *rows = load_workbook(path).get_sheet_by_index(0).to_python()
        return pl.DataFrame(rows, schema=first, orient="row", infer_schema_length=None).rename(headers)
    return pl.read_csv(path.read_bytes(), try_parse_dates=True, infer_schema_length=2000).rename(headers)


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """Tables of a written company on a connection of its own, with the organisation frozen."""

    def write(**options):
        folder = tmp_path_factory.mktemp("company")
        truth = write_company(folder, **options)
        files = {name: (path, mapping) for name, path, mapping in tables_of(folder)}
        found = {name: read(*files[name]) for name in ASKED}
        people = read(*files["people"])
        rows = [
            (str(alias).lower(), row["code"])
            for row in people.iter_rows(named=True)
            for alias in (row["code"], row["name"], row["email"])
        ]
        found["org_aliases"] = pl.DataFrame(rows, schema=["alias", "person"], orient="row")
        found["org_memberships"] = read(*files["memberships"])
        found["org_teams"] = read(*files["teams"]).rename({"code": "team"})
        found["org_manager_links"] = read(*files["manager_links"])
        connection = ibis.duckdb.connect(threads=1)
        return truth, {name: connection.create_table(name, table.to_arrow()) for name, table in found.items()}

    return write


@pytest.mark.parametrize(
    ("kind", "lens"),
    [("approval-wait", "process"), ("overload", "resources"), ("mix", "strategy"), ("morale", "morale")],
)
def test_a_planted_cause_is_found(company, kind, lens):
    _, tables = company(seed=0, kinds=[kind])
    found = lenses.test_lenses(tables, "won_revenue", period="2025-Q4")
    assert found.lens(lens).verdict == "supported"
    assert [each.lens for each in found.lenses if each.is_supported] == [lens]


def test_a_target_out_of_reach_is_found_for_its_team(company):
    truth, tables = company(seed=0, kinds=["target-out-of-reach"])
    team = truth.causes[0].where["team"]
    asked = {"period": "2025-Q4", "against": "target", "where": {"team": team}}
    found = lenses.test_lenses(tables, "won_revenue", **asked).lens("goals")
    assert (found.verdict, found.place.where) == ("supported", {"team": team})


def test_with_nothing_planted_nothing_is_supported(company):
    said = []
    for seed in (11, 12):
        _, tables = company(seed=seed, planted=False)
        report = lenses.test_lenses(tables, "won_revenue", period="2025-Q4")
        said += [each.verdict for each in report.lenses]
    assert said.count("supported") == 0
    assert said.count("cannot-tell") == 0
