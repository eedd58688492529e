"""Every code that the house refuses with has its sentence."""

import re
from pathlib import Path

import pytest

from steelyard.web.words import has_words

SOURCE = Path(__file__).parents[2] / "src" / "steelyard"
FOLDERS = ["apps/accounts", "apps/people", "apps/access", "web", "config"]
CODES = sorted(
    {
        code
        for folder in FOLDERS
        for path in (SOURCE / folder).rglob("*.py")
        for code in re.findall(r'Refused\(\s*"([a-z.-]+)"', path.read_text(encoding="utf-8"))
    }
)


@pytest.mark.parametrize("code", CODES)
def test_a_code_has_words(code: str) -> None:
    assert has_words(code)
