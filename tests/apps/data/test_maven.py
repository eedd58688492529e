"""A published CRM export through the shipped mapping: page and command line say what is known of it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner

from steelyard.apps.access.policy import LOCAL_OPERATOR
from steelyard.apps.data import actions
from steelyard.apps.jobs.actions import run_here
from steelyard.lake.imports.limits import Limits
from steelyard.lake.imports.mapping import ImportMapping
from tests.processes import ROOT
from tests.shared import SHARED

FOLDER = SHARED / "business" / "maven_crm"
FILES = ["sales_pipeline.csv.gz", "sales_teams.csv", "accounts.csv", "products.csv"]
ORACLES = SHARED / "business" / "oracles.json"

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no data set in {FOLDER}"),
]


@pytest.fixture
def maven(lake_folder: Any) -> dict[str, Any]:
    """The export, published with its points; what is known of it."""
    files = [(name, FOLDER / name) for name in FILES]
    taken = actions.take_in(LOCAL_OPERATOR, files, limits=Limits.browser())
    document = ImportMapping.load(ROOT / "examples" / "maven_crm" / "mapping.yaml").document
    actions.set_mapping(LOCAL_OPERATOR, taken, document)
    run_here(LOCAL_OPERATOR, "data.publish", {"public_id": taken.public_id})
    run_here(LOCAL_OPERATOR, "measure.points", {})
    return dict(json.loads(ORACLES.read_text("utf-8"))["maven_crm"])


def said(*words: str) -> list[dict[str, Any]]:
    """What `steelyard kpi … --json` prints, one object a KPI."""
    from steelyard.cli import app

    answer = CliRunner().invoke(app, ["kpi", *words, "--json"], catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return [json.loads(line) for line in answer.stdout.splitlines()]


def by(dimension: str, answer: dict[str, Any]) -> dict[str, Any]:
    return {row["by"][dimension]: row["value"] for row in answer["rows"]}


def test_the_command_line_and_the_page_say_the_published_figures(
    maven: dict[str, Any], leader: Any, log_in: Callable[[Any], Any]
) -> None:
    revenue, rate = said("won_revenue", "win_rate", "--period", "2017")
    assert revenue["rows"][0]["value"] == maven["won_value"] == 10_005_534
    assert round(rate["rows"][0]["value"], 4) == maven["win_rate_closed"]
    quarters = said("won_revenue", "--every", "quarter", "--from", "2017-Q1", "--to", "2017-Q4")[0]["rows"]
    assert {row["period"].replace("-", ""): row["value"] for row in quarters} == maven["revenue_by_quarter"]
    for dimension, name in (("region", "region"), ("team", "manager")):
        revenue, rate = said("won_revenue", "win_rate", "--by", dimension, "--period", "2017")
        assert by(dimension, revenue) == maven[f"revenue_by_{name}"]
        shown = {value: round(each, 4) for value, each in by(dimension, rate).items()}
        assert shown == maven[f"win_rate_by_{name}"]
    page = log_in(leader).get("/measure/won_revenue/?period=2017").content.decode()
    assert "10,005,534" in page
