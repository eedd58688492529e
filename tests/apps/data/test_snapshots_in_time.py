"""A source of full snapshots: what it no longer has is retired, what moved is told, and all can be undone."""

from typing import Any

import pytest

from steelyard.apps.access.policy import LOCAL_OPERATOR
from steelyard.apps.data.models import Import
from steelyard.apps.data.queries.retired import retired_of
from steelyard.apps.jobs.actions import run_here
from steelyard.lake import delta
from tests.apps.data import crm
from tests.apps.data.conftest import content

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

# Five exports of one CRM, worked by hand. Each row: opportunity, owner, stage, created on, amount.
STORY: dict[str, list[tuple[Any, ...]]] = {
    "2024-01-31": [
        ("O1", "林悦", "Prospecting", "2024-01-05", 100),
        ("O2", "王伟", "Engaging", "2024-01-09", 200),
        ("O3", "林悦", "Engaging", "2024-01-20", 300),
        ("O4", "陈晨", "Prospecting", "2024-01-28", 400),
    ],
    # O1 moves, O2 goes to another owner, O4 is deleted, O5 is new, O3 stays as it is.
    "2024-02-29": [
        ("O1", "林悦", "Engaging", "2024-01-05", 100),
        ("O2", "陈晨", "Engaging", "2024-01-09", 200),
        ("O3", "林悦", "Engaging", "2024-01-20", 300),
        ("O5", "王伟", "Prospecting", "2024-02-14", 500),
    ],
    # O1 is won by a new owner at once, O2 and O5 move, O3's amount grows and nothing else; O6 is new.
    "2024-03-31": [
        ("O1", "陈晨", "Won", "2024-01-05", 100),
        ("O2", "陈晨", "Lost", "2024-01-09", 200),
        ("O3", "林悦", "Engaging", "2024-01-20", 350),
        ("O5", "王伟", "Engaging", "2024-02-14", 500),
        ("O6", "王伟", "Engaging", "2024-03-30", 600),
    ],
    # O2 and O6 are deleted; O4 comes back, known to be older than the snapshot before: how it came to its
    # stage was seen by nobody. O5 goes back a stage.
    "2024-04-30": [
        ("O1", "陈晨", "Won", "2024-01-05", 100),
        ("O3", "林悦", "Won", "2024-01-20", 350),
        ("O4", "陈晨", "Engaging", "2024-01-28", 400),
        ("O5", "王伟", "Prospecting", "2024-02-14", 500),
    ],
    # O5 is handed over and back again within the month, which nobody can see; O4 moves; O7 has no date.
    "2024-05-31": [
        ("O1", "陈晨", "Won", "2024-01-05", 100),
        ("O3", "林悦", "Won", "2024-01-20", 350),
        ("O4", "王伟", "Lost", "2024-01-28", 400),
        ("O5", "王伟", "Prospecting", "2024-02-14", 500),
        ("O7", "林悦", "Prospecting", "", 700),
    ],
}
RETIRED = {
    "2024-01-31": [],
    "2024-02-29": ["O4"],
    "2024-03-31": [],
    "2024-04-30": ["O2", "O6"],
    "2024-05-31": [],
}
STAGES = [
    ("02-29", "O1", "Prospecting", "Engaging", "01-31"),
    ("02-29", "O5", None, "Prospecting", "01-31"),
    ("03-31", "O1", "Engaging", "Won", "02-29"),
    ("03-31", "O2", "Engaging", "Lost", "02-29"),
    ("03-31", "O5", "Prospecting", "Engaging", "02-29"),
    ("03-31", "O6", None, "Engaging", "02-29"),
    ("04-30", "O3", "Engaging", "Won", "03-31"),
    ("04-30", "O5", "Engaging", "Prospecting", "03-31"),
    ("05-31", "O4", "Engaging", "Lost", "04-30"),
    ("05-31", "O7", None, "Prospecting", "04-30"),
]
OWNERS = [
    ("02-29", "O2", "王伟", "陈晨", "01-31"),
    ("03-31", "O1", "林悦", "陈晨", "02-29"),
    ("05-31", "O4", "陈晨", "王伟", "04-30"),
]


@pytest.fixture
def tell(tmp_path):
    """tell(day, …) → the published imports of these chapters."""

    def published(*days: str) -> list[Import]:
        return [crm.commit(crm.take(crm.export(tmp_path, STORY[day], day=day))) for day in days]

    return published


def retired(taken: Import) -> list[str]:
    return [row["opportunity_id"] for rows in retired_of(LOCAL_OPERATOR, taken) for row in rows[: len(rows)]]


def test_five_snapshots_give_just_the_changes_that_happened(tell):
    told = dict(zip(STORY, tell(*STORY), strict=True))
    assert {day: retired(taken) for day, taken in told.items()} == RETIRED
    assert crm.stage_changes() == STAGES
    assert crm.owner_changes() == OWNERS
    assert [row[0] for row in content("opportunities", "opportunity_id")] == ["O1", "O3", "O4", "O5", "O7"]
    april = told["2024-04-30"].counts["tables"]
    expected = {"read": 4, "created": 1, "updated": 2, "unchanged": 1, "rejected": 0, "retired": 2, "held": 5}
    assert {name: april["opportunities"][name] for name in expected} == expected
    assert april["stage_changes"]["derived"] == 2


def test_undone_one_by_one_each_state_is_what_it_was(tell):
    states = []
    told = []
    for day in STORY:
        states.append(crm.newest_digest())
        told += tell(day)
    for taken, state in reversed(list(zip(told, states, strict=True))):
        crm.undo(taken)
        assert crm.newest_digest() == state


def test_a_snapshot_in_the_middle_is_undone_as_if_it_had_never_come(tell, tmp_path):
    without = [day for day in STORY if day != "2024-03-31"]
    tell(*without)
    expected = crm.newest_digest()
    for taken in Import.objects.order_by("-pk"):
        crm.undo(taken)
    assert crm.newest_digest() == {}
    march = tell(*STORY)[2]
    assert crm.newest_digest() != expected
    assert crm.undo(march)["replayed"] == 2
    assert crm.newest_digest() == expected
    assert ("04-30", "O1", "Engaging", "Won", "02-29") in crm.stage_changes()


def test_what_was_undone_before_stays_away_when_another_is_undone(tell):
    told = tell(*STORY)
    for taken in (told[1], told[3], told[2]):
        crm.undo(taken)
    assert crm.stage_changes() == [
        ("05-31", "O1", "Prospecting", "Won", "01-31"),
        ("05-31", "O3", "Engaging", "Won", "01-31"),
        ("05-31", "O4", "Prospecting", "Lost", "01-31"),
        ("05-31", "O5", None, "Prospecting", "01-31"),
        ("05-31", "O7", None, "Prospecting", "01-31"),
    ]
    assert [row[0] for row in content("opportunities", "opportunity_id")] == ["O1", "O3", "O4", "O5", "O7"]


def test_the_lake_is_rebuilt_equal_by_content(tell):
    told = tell(*STORY)
    crm.undo(told[2])
    crm.undo(told[0])
    digests = crm.every_digest()
    run_here(LOCAL_OPERATOR, "data.rebuild", {})
    assert crm.every_digest() == digests
    crm.undo(told[4])
    assert [row[0] for row in content("opportunities", "opportunity_id")] == ["O1", "O3", "O4", "O5"]


@pytest.mark.parametrize("commits", [0, 1, 2, 3])
def test_cut_off_between_the_tables_nothing_is_half_taken_away(tell, monkeypatch, commits):
    """The power goes after so many of the three tables were committed; then the file is sent again."""
    tell("2024-01-31")
    before, done = crm.newest_digest(), []
    real = delta.commit

    def commit(*args: Any, **kwargs: Any) -> int:
        if len(done) == commits:
            raise RuntimeError("the power went")
        done.append(args)
        return real(*args, **kwargs)

    def die(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as patched:
        patched.setattr("steelyard.lake.imports.apply.delta.commit", commit)
        patched.setattr("steelyard.apps.data.actions.imports.publish_snapshot", die)
        with pytest.raises(RuntimeError, match="the power went"):
            tell("2024-02-29")
    assert crm.newest_digest() == before
    tell("2024-02-29")
    assert crm.stage_changes() == [change for change in STAGES if change[0] == "02-29"]
    assert crm.owner_changes() == [change for change in OWNERS if change[0] == "02-29"]
    assert [key for (key,) in content("opportunities", "opportunity_id")] == ["O1", "O2", "O3", "O5"]
