"""`steelyard cascade`: one JSON line with the keys that it promises, or the constraint in the way."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from steelyard import cli
from steelyard.errors import Refused

PLAN = """
total: 1234567.89
periods: 2026
step: 1000
units:
  - code: 华东
    members:
      - {name: 王芳, history: [80, 90, 85, 100, 95, 110, 90, 85, 100, 120, 110, 130]}
      - {name: 李雷, history: [60, 70, 65, 80, 75, 90, 70, 65, 80, 100, 90, 110]}
  - code: 华南
    members: {赵敏: {history: 900, joins: 2026-04-15}}
locks:
  - {unit: 王芳, period: 2026-03, value: 34567}
"""


def written(folder: Path, text: str) -> str:
    path = folder / "PLAN.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def run(*words: str):
    return CliRunner().invoke(cli.app, ["cascade", *words])


@pytest.mark.parametrize("method", ["equal", "history", "capacity", "fair"])
def test_the_json_has_what_it_promises_and_adds_up(tmp_path: Path, method: str):
    done = run(written(tmp_path, PLAN), "--method", method, "--json")
    assert done.exit_code == 0, done.output
    assert done.stdout.count("\n") == 1
    found = json.loads(done.stdout, parse_float=Decimal, parse_int=Decimal)
    assert found["totals_check"] is True
    assert found["method"] == method
    assert sum(cell["value"] for cell in found["cells"]) == Decimal("1234567.89")
    assert {cell["unit"] for cell in found["cells"]} == {"王芳", "李雷", "赵敏"}
    (locked,) = [cell for cell in found["cells"] if cell.get("locked")]
    assert (locked["period"], locked["value"]) == ("2026-03", 34567)
    for total in found["subtotals"]:
        if total["unit"] == "华东":
            parts = [
                cell["value"]
                for cell in found["cells"]
                if cell["unit"] in ("王芳", "李雷") and cell["period"] == total["period"]
            ]
            assert sum(parts) == total["value"]
    chances = {line["unit"]: line["chance"] for line in found["units"]}
    assert all(0 <= chances[unit] <= 1 for unit in ("王芳", "李雷"))
    assert {"fairness", "warnings", "moved", "declared", "periods", "total"} <= set(found)


def test_people_see_a_table_by_quarter_and_the_warnings_in_words(tmp_path: Path):
    done = run(written(tmp_path, PLAN))
    assert done.exit_code == 0, done.output
    assert "2026-Q1" in done.stdout
    assert "every sum holds" in done.stdout
    assert "follow the season of past years" in done.stdout


def test_what_cannot_be_met_names_the_constraint(tmp_path: Path):
    text = PLAN.replace("value: 34567", "value: 99999999")
    done = run(written(tmp_path, text), "--json")
    assert isinstance(done.exception, Refused)
    assert done.exception.code == "cascade.locks-above-total"
    assert done.exception.params["constraints"] == ("王芳 2026-03",)


def test_the_exit_code_of_a_refusal_is_two(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["steelyard", "cascade", str(tmp_path / "none.yaml"), "--json"])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 2
    assert json.loads(capsys.readouterr().err)["error"] == "cli.unreadable-file"
