"""The reference of lenses tells every check and everything that may be missing, and no other."""

import re
from pathlib import Path

import steelyard.engine.lenses

TEXT = (Path(__file__).parents[2] / "docs" / "reference" / "lenses.md").read_text("utf-8")
FOLDER = Path(steelyard.engine.lenses.__file__).parent
SOURCE = "\n".join(path.read_text("utf-8") for path in sorted(FOLDER.glob("*.py")))


def told(prefix: str) -> set[str]:
    return set(re.findall(rf"`({prefix}\.[a-z-]+)`", TEXT))


def test_every_check_of_every_lens_is_told() -> None:
    found = set(re.findall(r'"([a-z]+\.[a-z-]+)"\s+if ', SOURCE))
    found |= set(re.findall(r'(?:Check\(\s*|else )"([a-z]+\.[a-z-]+)"', SOURCE))
    checks = {code for code in found if code.split(".")[0] in steelyard.engine.lenses.LENSES}
    facts = set(re.findall(r'Fact\(\s*"([a-z.-]+)"(?: if [a-z_]+ else "([a-z.-]+)")?', SOURCE))
    of_facts = {code for pair in facts for code in pair if code}
    assert {code for lens in steelyard.engine.lenses.LENSES for code in told(lens)} == checks - of_facts


def test_everything_that_may_be_missing_is_told() -> None:
    assert told("lens") == set(re.findall(r'"(lens\.[a-z-]+)"', SOURCE))
