"""The four lines of the process reference give the figures that stand beneath them, worked by hand."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from steelyard.cli import app

TEXT = (Path(__file__).parents[2] / "docs" / "reference" / "process.md").read_text("utf-8")


@pytest.fixture
def answer(tmp_path: Path) -> dict:
    (sample,) = re.findall(r"```csv\n(.*?)```", TEXT, flags=re.DOTALL)
    assert sample.count("\n") == 5
    file = tmp_path / "sample.csv"
    file.write_text(sample, encoding="utf-8")
    done = CliRunner().invoke(app, ["process", str(file), "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_the_sample_gives_what_the_reference_says(answer: dict) -> None:
    (told,) = re.findall(r"```json\n(.*?)```", TEXT, flags=re.DOTALL)
    assert {key: answer[key] for key in json.loads(told)} == json.loads(told)


def test_every_key_of_the_answer_is_told(answer: dict) -> None:
    told = set(re.findall(r"`([a-z_]+)`", TEXT))
    assert set(answer) | set(answer["waiting"]) - {"total_s", "verdict"} <= told
