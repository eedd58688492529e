"""Every code that a lens can give is in the reference, and no other."""

import re
from pathlib import Path

from steelyard.engine import lenses

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "lenses.md").read_text("utf-8")
SOURCE = "\n".join(path.read_text("utf-8") for path in sorted(Path(lenses.__file__).parent.glob("*.py")))


def given(pattern: str) -> set[str]:
    return {
        code for found in re.findall(pattern, SOURCE) for code in re.findall(r'"([a-z]+\.[a-z-]+)"', found)
    }


def told(heading: str) -> set[str]:
    part = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `([a-z.-]+)` \|", part, re.MULTILINE))


def test_every_lens_is_told():
    assert re.findall(r"^\| `([a-z]+)` \|", PAGE, re.MULTILINE) == list(lenses.LENSES)


def test_every_check_is_told():
    assert told("Checks") == given(r"Check\([^)]*?\"[a-z]+\.[a-z-]+\"(?: if [^\n]* else \"[a-z.-]+\")?")


def test_why_there_is_no_share_is_told():
    assert told("The share of the gap") == set(re.findall(r'"(share\.[a-z-]+)"', SOURCE))


def test_what_may_be_missing_is_told():
    assert told("What is missing") == set(re.findall(r'"(lens\.[a-z-]+)"', SOURCE))
