"""What the reference says of its examples is what the check says."""

import json
import re
from pathlib import Path

import pytest

from steelyard.engine.smart import LETTERS, check
from steelyard.engine.smart.drafts import draft_of

TEXT = (Path(__file__).parents[2] / "docs" / "reference" / "smart.md").read_text("utf-8")
(BLOCK,) = re.findall(r"```jsonl\n(.*?)```", TEXT, flags=re.DOTALL)
EXAMPLES = [json.loads(line) for line in BLOCK.splitlines()]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each["text"][:30])
def test_the_examples_are_judged_as_the_page_says(example: dict):
    found = check(draft_of(example))
    assert {name: found.letters[name].verdict for name in LETTERS} == {
        name: example[name] for name in LETTERS
    }


def test_every_letter_is_told():
    assert re.findall(r"^## (\w) · ([a-z-]+)", TEXT, re.MULTILINE) == [
        (name[0].upper(), name.replace("_", "-")) for name in LETTERS
    ]
