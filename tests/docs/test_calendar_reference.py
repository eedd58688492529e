"""The calendar file of the reference loads and means what the page says; every key is told."""

import re
from datetime import UTC, datetime
from pathlib import Path

from steelyard.engine.calendars import Calendars
from steelyard.engine.calendars.document import PERFORMER_KEYS, TOP_KEYS

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "calendars.md").read_text("utf-8")


def hours(start: str, end: str, **who: str) -> float:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)
    moments = [
        round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1e6) for text in (start, end)
    ]
    return float(Calendars.load(example).of(**who).working_seconds(*moments)) / 3600


def test_the_example_loads_and_means_what_it_says():
    assert hours("2024-05-06", "2024-05-13") == 4 * 8 + 7 + 8
    assert hours("2024-06-15", "2024-06-17") == 8
    assert hours("2024-12-23T16:00", "2024-12-31T16:00") == 0
    assert hours("2024-05-06T16:00", "2024-05-07T16:00", team="WAREHOUSE") == 8
    assert hours("2024-05-17", "2024-05-18", team="OSLO") == 0
    assert hours("2024-05-07", "2024-05-08", performer="Marcus") == 9.5
    assert hours("2024-05-18", "2024-05-19", performer="Ola") == 4


def test_every_key_is_told():
    told = set(re.findall(r"^\| `([a-z]+)` \|", PAGE, flags=re.MULTILINE))
    assert told == set(TOP_KEYS)
    assert all(f"`{key}`" in PAGE for key in PERFORMER_KEYS)
