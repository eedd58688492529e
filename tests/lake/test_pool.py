"""Connections are lent to one reader at a time, kept for the next, and closed when in excess."""

import pyarrow as pa
import pytest

from steelyard.lake.facts import Facts
from steelyard.lake.pool import Pool
from steelyard.lake.store import Lake


@pytest.fixture
def lake(tmp_path):
    lake = Lake(tmp_path / "lake")
    for number in range(3):
        lake.write_frozen("org_teams", pa.table({"team": [f"T{number}"]}))
    return lake


def teams(facts: Facts) -> list[str]:
    return facts.tables["org_teams"].to_pyarrow()["team"].to_pylist()


def test_the_next_reader_gets_the_same_connection(lake):
    pool = Pool(lake, lambda facts: facts)
    with pool.open({"org_teams": 0}) as first:
        assert teams(first) == ["T0"]
    with pool.open({"org_teams": 0}) as second:
        assert second is first


def test_two_readers_at_once_get_two(lake):
    pool = Pool(lake, lambda facts: facts)
    with pool.open({"org_teams": 0}) as first, pool.open({"org_teams": 0}) as second:
        assert first is not second


def test_other_versions_get_another(lake):
    pool = Pool(lake, lambda facts: facts)
    with pool.open({"org_teams": 0}) as first:
        pass
    with pool.open({"org_teams": 2}) as second:
        assert second is not first
        assert teams(second) == ["T2"]


def test_what_failed_is_not_lent_again(lake):
    pool = Pool(lake, lambda facts: facts)
    with pytest.raises(ZeroDivisionError), pool.open({"org_teams": 0}) as first:
        1 / 0  # noqa: B018
    with pool.open({"org_teams": 0}) as second:
        assert second is not first


def test_the_oldest_are_closed_first(lake):
    pool = Pool(lake, lambda facts: facts, keep=2)
    for version in (0, 1, 2):
        with pool.open({"org_teams": version}) as lent:
            kept = lent
    with pool.open({"org_teams": 2}) as lent:
        assert lent is kept
    assert len(pool._idle) == 2
