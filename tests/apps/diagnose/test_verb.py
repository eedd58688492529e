"""`steelyard diagnose`: the sentence, the tables, JSON, PDF, picture."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from steelyard.apps.access.policy import LOCAL_OPERATOR
from steelyard.apps.diagnose.models import Diagnosis
from steelyard.cli import diagnose as verb

ASKED = ["won_revenue", "--period", "2025-Q4", "--against", "year-ago"]
KEYS = {
    *("kpi", "period", "against", "actual", "baseline", "gap", "signal", "drivers", "residual"),
    *("segments", "since", "verdict", "snapshot"),
}


@pytest.fixture
def run(snapshot, monkeypatch) -> Any:
    """run(*arguments) → what the verb prints, as the local operator."""
    import typer

    monkeypatch.setattr(verb, "open_house", lambda: LOCAL_OPERATOR)
    monkeypatch.setenv("COLUMNS", "200")
    app = typer.Typer()
    app.command()(verb.diagnose)

    def ran(*arguments: str) -> str:
        result = CliRunner().invoke(app, [*ASKED, *arguments], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    return ran


def test_the_sentence_and_the_tables(run):
    told = run()
    for text in ("Q4 2025 won revenue is", "Win rate", "Beam", "The whole gap", "Snapshot"):
        assert text in told


def test_in_chinese(run):
    assert "2025年四季度赢单金额比去年同期低" in run("--lang", "zh")


def test_json_has_the_promised_keys(run, snapshot):
    told = json.loads(run("--json"))
    assert set(told) >= KEYS
    assert told["snapshot"] == snapshot.pk
    assert told["gap"] == pytest.approx(told["actual"] - told["baseline"])
    assert set(told["segments"][0]) >= {"where", "actual", "expected", "contribution", "p", "n"}
    assert {"standings", "names", "asked"}.isdisjoint(told)


def test_the_page_and_the_verb_share_one_answer(run, leader, log_in):
    told = json.loads(run("--json"))
    log_in(leader).post("/diagnose/new", {"kpi": "won_revenue", "period": "2025-Q4", "against": "year-ago"})
    assert Diagnosis.objects.get().public_id == told["diagnosis"]


def test_a_condition_and_files(run, tmp_path):
    pdf, png = tmp_path / "d.pdf", tmp_path / "d.png"
    told = run("--where", "product=Beam", "--pdf", str(pdf), "--png", str(png))
    assert pdf.read_bytes().startswith(b"%PDF")
    assert png.read_bytes().startswith(b"\x89PNG")
    assert str(pdf) in told
    assert Diagnosis.objects.get().where == {"product": "Beam"}
