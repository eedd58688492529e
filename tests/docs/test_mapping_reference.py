"""Every key that a mapping may have is in its reference, and what the reference shows can be read."""

import re
from pathlib import Path

import yaml

from steelyard.lake.imports import mapping
from steelyard.lake.imports.mapping import ImportMapping

TEXT = (Path(__file__).parents[2] / "docs" / "reference" / "mapping.md").read_text("utf-8")


def test_every_key_is_told() -> None:
    told = set(re.findall(r"`([a-z]+)(?:: rows)?`", TEXT))
    known = mapping._TOP | mapping._TABLE | mapping._COLUMN | mapping._READ
    assert known - told == set()


def test_the_examples_of_the_reference_can_be_read() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", TEXT, flags=re.DOTALL)
    documents = [yaml.load(block, Loader=yaml.BaseLoader) for block in blocks]  # noqa: S506  as they are read
    assert len(documents) == 3
    for document in documents[:2]:
        ImportMapping.parse(document)
    assert ImportMapping.parse(documents[2] | {"tables": {"orders": {"from": "orders"}}}).reading(
        "shop.xls", "returns"
    ) == {"sheet": "退货"}
