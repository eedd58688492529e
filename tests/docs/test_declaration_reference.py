"""Every key that a KPI may have, relation it may read and check of the data is in its reference."""

import re
from pathlib import Path

import yaml

from steelyard.engine.kpi import definitions, parse, parsing
from steelyard.engine.kpi.sources import DERIVED
from steelyard.engine.quality.rules import OTHER_LIMITS, RULES

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
KPI = (REFERENCE / "kpi.md").read_text("utf-8")
QUALITY = (REFERENCE / "quality.md").read_text("utf-8")


def rows(text: str, heading: str) -> set[str]:
    """The names in the first column of the tables under a heading."""
    part = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return {name for cell in re.findall(r"^\| (`[^|]*)\|", part, re.MULTILINE) for name in words(cell)}


def words(text: str) -> set[str]:
    return set(re.findall(r"`([a-z_]+)`", text))


def test_every_key_of_a_kpi_is_told():
    told = words(KPI)
    assert told >= parsing._KEYS | parsing._OPTIONAL | parsing._PART_KEYS
    assert set(re.findall(r"[{ ]([a-z]+): ", KPI)) >= parsing._MEASURES


def test_every_word_that_a_key_allows_is_told():
    allowed = {*definitions.KINDS, *definitions.UNITS, *definitions.DIRECTIONS, *definitions.DIMENSIONS}
    assert allowed <= words(KPI)


def test_every_relation_is_told_and_no_other():
    assert rows(KPI, "Relations") == set(DERIVED)


def test_the_examples_of_the_kpi_reference_can_be_read():
    blocks = re.findall(r"```yaml\n(.*?)```", KPI, flags=re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        parse({"version": 1, **yaml.safe_load(block)})


def test_every_check_of_the_data_is_told_with_its_limit():
    found = re.findall(r"^\| `([a-z-]+)` \|.*\| ([^|]+) \|$", QUALITY, re.MULTILINE)
    known = {rule.id: rule.fails_at for rule in RULES} | OTHER_LIMITS
    assert dict(found) == {
        rule: "a remark" if limit is None else f"{limit:.0%}".replace("%", " %")
        for rule, limit in known.items()
    }
