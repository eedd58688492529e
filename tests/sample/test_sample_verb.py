"""The verb writes the files and says what it wrote."""

import json

import typer
from typer.testing import CliRunner

from steelyard.cli.sample import sample

verb = typer.Typer()
verb.command()(sample)


def test_json_lists_every_file_with_its_rows(tmp_path):
    result = CliRunner().invoke(verb, [str(tmp_path / "new"), "--scale", "0.05", "--json"])
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert told["rows"] == sum(entry["rows"] for entry in told["files"])
    assert all((tmp_path / "new" / entry["file"]).exists() for entry in told["files"])
    assert len(told["truth"]["causes"]) == 5


def test_nothing_planted_says_so(tmp_path):
    result = CliRunner().invoke(verb, [str(tmp_path), "--scale", "0.05", "--nothing-planted", "--json"])
    assert json.loads(result.stdout)["truth"]["causes"] == []


def test_one_kind_alone_is_planted(tmp_path):
    options = [str(tmp_path), "--scale", "0.05", "--plant", "market", "--plant", "mix", "--json"]
    causes = json.loads(CliRunner().invoke(verb, options).stdout)["truth"]["causes"]
    assert [(cause["kind"], cause["lens"]) for cause in causes] == [("market", "market"), ("mix", "strategy")]


def test_people_read_a_table(tmp_path):
    result = CliRunner().invoke(verb, [str(tmp_path), "--scale", "0.05"])
    assert "opportunities.csv" in result.stdout
    assert "truth.json" in result.stdout
