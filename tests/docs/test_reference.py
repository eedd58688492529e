"""The reference cannot go stale: every verb, option of the site and KPI is in it."""

import re
from pathlib import Path

import pytest
import typer

from steelyard.cli import app
from steelyard.engine.kpi import catalogue

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
# Names of Django's settings, not of the environment.
OWN = {
    "STEELYARD_AFTER_POINTS",
    "STEELYARD_AFTER_PUBLICATION",
    "STEELYARD_DATA_DATE",
    "STEELYARD_POLICY",
}


def verbs() -> set[str]:
    return set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def test_every_verb_is_in_the_reference_and_no_other():
    told = re.findall(
        r"^\| `steelyard (\w+)", (REFERENCE / "verbs.md").read_text("utf-8"), flags=re.MULTILINE
    )
    assert set(told) == verbs()


def test_every_variable_of_the_environment_is_in_the_reference():
    sources = "\n".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py"))
    used = set(re.findall(r"\bSTEELYARD_[A-Z]+(?:_[A-Z]+)*\b", sources)) - OWN
    told = set(re.findall(r"`(STEELYARD_[A-Z_]+)`", (REFERENCE / "settings.md").read_text("utf-8")))
    assert told == used


@pytest.mark.parametrize("kpi", sorted(catalogue()))
def test_every_kpi_has_its_words_in_both_languages(kpi: str):
    words = (ROOT / "docs" / "words.md").read_text("utf-8")
    names = catalogue()[kpi].names
    assert f"| `{kpi}` | {names['en']} | {names['zh']} |" in words
