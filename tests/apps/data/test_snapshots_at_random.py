"""A small CRM walks at random: what is read off its snapshots is what happened, and undo leads back."""

import itertools
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from steelyard.apps.access.policy import LOCAL_OPERATOR
from steelyard.apps.data import queries
from steelyard.apps.data.models import Import, Snapshot
from steelyard.apps.jobs.actions import run_here
from tests.apps.data import crm
from tests.apps.data.conftest import content

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

STAGES = ("Prospecting", "Engaging", "Won", "Lost")
OWNERS = ("林悦", "王伟", "陈晨")
KEYS = tuple(f"O{number}" for number in range(6))
DAYS = ("2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30")
State = dict[str, tuple[str, str, int]]

rows = st.tuples(st.sampled_from(OWNERS), st.sampled_from(STAGES), st.integers(1, 3))
states = st.dictionaries(st.sampled_from(KEYS), rows, min_size=1)
walks = st.lists(states, min_size=2, max_size=len(DAYS))
_folders = itertools.count()


def file_rows(state: State) -> list[tuple[Any, ...]]:
    """Without a day of creation, an opportunity that is new was not there before."""
    return [(key, owner, stage, "", amount) for key, (owner, stage, amount) in state.items()]


def send(folder: Path, state: State, day: str) -> Import:
    taken = crm.take(crm.export(folder, file_rows(state), day=day))
    run_here(LOCAL_OPERATOR, "data.check", {"public_id": taken.public_id})
    taken.refresh_from_db()
    from steelyard.apps.data import actions

    actions.confirm_retiring(LOCAL_OPERATOR, taken)
    return crm.commit(taken)


def truth(walk: list[tuple[str, State]]) -> tuple[list[Any], list[Any]]:
    """The changes of stage and of owner between successive states, as days."""
    stages, owners = [], []
    for (since, before), (day, after) in itertools.pairwise(walk):
        told, known = day[5:], since[5:]
        for key, (owner, stage, _) in after.items():
            was_owner, was_stage, _ = before.get(key, (None, None, 0))
            if stage != was_stage:
                stages.append((told, key, was_stage, stage, known))
            if was_owner not in (None, owner):
                owners.append((told, key, was_owner, owner, known))
    return sorted(stages, key=str), sorted(owners, key=str)


def told() -> tuple[list[Any], list[Any]]:
    return sorted(crm.stage_changes(), key=str), sorted(crm.owner_changes(), key=str)


def held() -> State:
    found = content("opportunities", "opportunity_id", "owner", "stage", "amount")
    return {key: (owner, stage, int(amount)) for key, owner, stage, amount in found}


@settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    # A smaller counterexample is not worth the minutes that each of its imports takes.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(walk=walks, data=st.data())
def test_a_walk_is_told_as_it_went(tmp_path: Path, walk: list[State], data: st.DataObject):
    Snapshot.objects.all().delete()
    Import.objects.all().delete()
    folder = tmp_path / str(next(_folders))
    folder.mkdir()
    with override_settings(STEELYARD_DATA=folder / "var"):
        dated = list(zip(DAYS, walk, strict=False))
        digests, sent = [], []
        for day, state in dated:
            digests.append(crm.newest_digest())
            sent.append(send(folder, state, day))
            assert held() == state
            assert opportunities(sent[-1])["retired"] == len(set(before(dated, day)) - set(state))
        assert told() == truth(dated)

        place = data.draw(st.integers(0, len(dated) - 1), label="undone")
        crm.undo(sent[place])
        left = dated[:place] + dated[place + 1 :]
        assert told() == truth(left)
        assert held() == left[-1][1]
        run_here(LOCAL_OPERATOR, "data.rebuild", {})
        for number in reversed([n for n in range(len(dated)) if n != place]):
            crm.undo(sent[number])
            if number <= place:
                assert crm.newest_digest() == digests[number]
        assert crm.newest_digest() == {}
        assert queries.newest_snapshot() is not None


def opportunities(taken: Import) -> dict[str, int]:
    return taken.counts["tables"]["opportunities"]


def before(walk: list[tuple[str, State]], day: str) -> State:
    earlier = [state for each, state in walk if each < day]
    return earlier[-1] if earlier else {}
