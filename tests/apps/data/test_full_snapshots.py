"""What a full snapshot may take away, when it is refused, and what it leaves alone."""

from typing import Any

import pytest

from steelyard.apps.access.policy import LOCAL_OPERATOR
from steelyard.apps.data import actions
from steelyard.apps.data.models import Import, Snapshot, Source
from steelyard.apps.jobs.actions import run_here
from steelyard.errors import Refused
from tests.apps.data import crm
from tests.apps.data.conftest import content

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

JANUARY, FEBRUARY, MARCH = "2024-01-31", "2024-02-29", "2024-03-31"


def row(number: int, stage: str = "Engaging", created: str = "2024-01-05", **changed: Any) -> list[Any]:
    cells = {"id": f"O{number}", "owner": "林悦", "stage": stage, "created": created, "amount": 100}
    return list((cells | changed).values())


@pytest.fixture
def send(tmp_path):
    """send(day, rows, …) → the committed import of a snapshot."""

    def sent(day: str, rows: list[list[Any]], *, mapping: Any = crm.MAPPING, **when: Any) -> Import:
        return crm.commit(crm.take(crm.export(tmp_path, rows, day=day), mapping=mapping, **when))

    return sent


def keys() -> list[str]:
    return [key for (key,) in content("opportunities", "opportunity_id")]


def opportunities(taken: Import) -> dict[str, int]:
    return taken.counts["tables"]["opportunities"]


def test_the_day_is_found_in_the_name_and_can_be_said(tmp_path):
    taken = crm.take(crm.export(tmp_path, [row(1)], day=JANUARY))
    assert taken.taken_on == crm.at("2024-01-31")
    actions.place_in_time(LOCAL_OPERATOR, taken, as_of=crm.at("2024-02-01T18:30"))
    assert taken.taken_on == crm.at("2024-02-01T18:30")


def test_a_source_keeps_how_its_files_are_read(send):
    send(JANUARY, [row(1)])
    source = Source.objects.get(name="crm")
    assert (source.reading, source.period_column) == ("snapshot", "")


def test_the_same_file_again_changes_nothing(send):
    send(JANUARY, [row(1), row(2)])
    send(FEBRUARY, [row(1, "Won")])
    digest, snapshots = crm.newest_digest(), Snapshot.objects.count()
    again = send(FEBRUARY, [row(1, "Won")])
    assert again.counts["total"]["unchanged"] == 1
    assert (crm.newest_digest(), Snapshot.objects.count()) == (digest, snapshots)


def test_a_month_in_which_nothing_moved_still_narrows_what_comes_after(send):
    send(JANUARY, [row(1), row(2)])
    quiet = send(FEBRUARY, [row(1), row(2)])
    send(MARCH, [row(1, "Won"), row(2)])
    assert crm.stage_changes() == [("03-31", "O1", "Engaging", "Won", "02-29")]
    digests = crm.every_digest()
    run_here(LOCAL_OPERATOR, "data.rebuild", {})
    assert crm.every_digest() == digests
    crm.undo(quiet)
    assert crm.stage_changes() == [("03-31", "O1", "Engaging", "Won", "01-31")]


def test_what_a_quiet_snapshot_holds_outlives_the_one_before_it(send):
    first = send(JANUARY, [row(1), row(2)])
    second = send(FEBRUARY, [row(1), row(2)])
    assert crm.undo(first)["replayed"] == 1
    assert keys() == ["O1", "O2"]
    second.refresh_from_db()
    assert opportunities(second)["created"] == 2
    crm.undo(second)
    assert keys() == []


def test_an_older_snapshot_is_refused(send):
    send(FEBRUARY, [row(1)])
    with pytest.raises(Refused, match=r"snapshot\.older") as refused:
        send(JANUARY, [row(1), row(2)])
    assert refused.value.params == {"as_of": "2024-01-31", "newest": "2024-02-29"}
    assert keys() == ["O1"]


def test_an_older_one_is_taken_once_the_newer_is_undone(send):
    newer = send(FEBRUARY, [row(1)])
    crm.undo(newer)
    send(JANUARY, [row(1), row(2)])
    assert keys() == ["O1", "O2"]


def test_two_that_differ_cannot_be_of_one_moment(send):
    send(JANUARY, [row(1)])
    with pytest.raises(Refused, match=r"snapshot\.same-time"):
        send(JANUARY, [row(1, "Won")])
    send(JANUARY, [row(1, "Won")], as_of=crm.at("2024-01-31T18:00"))
    assert [change[:4] for change in crm.stage_changes()] == [("01-31", "O1", "Engaging", "Won")]


def test_no_snapshot_is_of_tomorrow(tmp_path):
    taken = crm.take(crm.export(tmp_path, [row(1)], day="2099-01-31"))
    assert taken.taken_on.year < 2099
    with pytest.raises(Refused, match=r"snapshot\.in-future"):
        actions.place_in_time(LOCAL_OPERATOR, taken, as_of=crm.at("2099-01-31"))


def test_a_snapshot_without_a_source_is_refused(tmp_path):
    with pytest.raises(Refused, match=r"mapping\.snapshot-without-source"):
        crm.take(crm.export(tmp_path, [row(1)], day=JANUARY), mapping={**crm.MAPPING, "source": ""})


def test_a_row_that_could_not_be_read_is_not_gone(send):
    send(JANUARY, [row(1), row(2), row(3), row(4), row(5)])
    second = send(FEBRUARY, [row(1), row(2, amount="a lot"), row(3, created="soon"), row(4, owner="")])
    assert opportunities(second)["rejected"] == 3
    assert (opportunities(second)["retired"], opportunities(second)["spared"]) == (1, 0)
    assert keys() == ["O1", "O2", "O3", "O4"]


def test_nothing_is_gone_while_a_row_has_no_key_to_tell_it_by(send):
    send(JANUARY, [row(1), row(2), row(3)])
    second = send(FEBRUARY, [row(1), row(2), row(3, id="")])
    assert (opportunities(second)["retired"], opportunities(second)["spared"]) == (0, 1)
    assert keys() == ["O1", "O2", "O3"]


def test_more_than_half_goes_only_by_consent(tmp_path, send):
    send(JANUARY, [row(number) for number in range(1, 6)])
    taken = crm.take(crm.export(tmp_path, [row(1), row(2)], day=FEBRUARY))
    run_here(LOCAL_OPERATOR, "data.check", {"public_id": taken.public_id})
    with pytest.raises(Refused, match=r"snapshot\.retires-most") as refused:
        crm.commit(taken)
    assert refused.value.params == {"table": "opportunities", "retired": 3, "held": 5}
    assert len(keys()) == 5
    taken.refresh_from_db()
    actions.confirm_retiring(LOCAL_OPERATOR, taken)
    crm.commit(taken)
    assert keys() == ["O1", "O2"]


def test_consent_is_to_what_was_seen(tmp_path, send):
    send(JANUARY, [row(number) for number in range(1, 6)])
    taken = crm.take(crm.export(tmp_path, [row(1), row(2)], day=FEBRUARY))
    run_here(LOCAL_OPERATOR, "data.check", {"public_id": taken.public_id})
    taken.refresh_from_db()
    actions.confirm_retiring(LOCAL_OPERATOR, taken)
    send("2024-02-10", [row(number) for number in range(1, 9)])
    with pytest.raises(Refused, match=r"snapshot\.retires-most"):
        crm.commit(taken)


def test_half_goes_without(send):
    send(JANUARY, [row(1), row(2)])
    send(FEBRUARY, [row(1)])
    assert keys() == ["O1"]


def test_rows_of_another_source_stay(send, publish):
    publish("opportunities", [{"opportunity_id": "X1", "owner": "lin", "stage": "Won"}])
    send(JANUARY, [row(1), row(2)])
    send(FEBRUARY, [row(1)])
    assert keys() == ["O1", "X1"]


def test_outside_of_its_stretch_nothing_is_gone(send):
    mapping = crm.MAPPING | {"covers": "created_on"}
    old = [row(1, created="2024-01-05"), row(2, created="2024-01-20"), row(3, created="2024-02-03")]
    send(JANUARY, old, mapping=mapping)
    send(FEBRUARY, [row(3, created="2024-02-03"), row(4, created="2024-02-20")], mapping=mapping)
    assert keys() == ["O1", "O2", "O3", "O4"]
    send(MARCH, [row(2, created="2024-01-20"), row(4, created="2024-02-20")], mapping=mapping)
    assert keys() == ["O1", "O2", "O4"]
    assert Source.objects.get(name="crm").period_column == "created_on"


def test_a_stretch_that_is_given_stands_for_the_one_that_the_file_shows(send):
    mapping = crm.MAPPING | {"covers": "created_on"}
    send(JANUARY, [row(1, created="2024-01-02"), row(2, created="2024-01-20")], mapping=mapping)
    covered = (crm.at("2024-01-01").date(), crm.at("2024-01-31").date())
    send(FEBRUARY, [row(2, created="2024-01-20")], mapping=mapping, covered=covered)
    assert keys() == ["O2"]


def test_an_older_opportunity_of_a_stretch_seen_late_has_no_first_stage(send):
    mapping = crm.MAPPING | {"covers": "created_on"}
    send(JANUARY, [row(1)], mapping=mapping)
    send(FEBRUARY, [row(1), row(2, created="2023-06-01"), row(3, created="2024-02-03")], mapping=mapping)
    assert crm.stage_changes() == [("02-29", "O3", None, "Engaging", "01-31")]


def test_a_stretch_of_no_date_is_refused(send):
    with pytest.raises(Refused, match=r"snapshot\.no-such-date"):
        send(JANUARY, [row(1)], mapping=crm.MAPPING | {"covers": "signed_on"})


def test_a_source_that_tells_stage_changes_has_none_read_off(send, tmp_path):
    path = tmp_path / "stages_20240201.csv"
    path.write_text("opportunity_id,changed_at,to_stage\nO1,2024-01-05 09:30,Engaging\n")
    stages = {
        "source": "crm",
        "table": "stage_changes",
        "columns": {name: name for name in ("opportunity_id", "changed_at", "to_stage")},
    }
    crm.commit(crm.take(path, mapping=stages))
    send(JANUARY, [row(1), row(2)])
    send(FEBRUARY, [row(1, "Won", owner="王伟"), row(2)])
    assert content("stage_changes", "opportunity_id", "to_stage") == [("O1", "Engaging")]
    assert crm.owner_changes() == [("02-29", "O1", "林悦", "王伟", "01-31")]


def test_an_increment_takes_nothing_away_and_tells_no_changes(send):
    mapping = crm.MAPPING | {"reading": "increment"}
    send(JANUARY, [row(1), row(2)], mapping=mapping)
    send(FEBRUARY, [row(2, "Won")], mapping=mapping)
    assert keys() == ["O1", "O2"]
    assert crm.stage_changes() == []


def test_an_undo_of_any_import_leaves_older_versions_readable(publish):
    """Replayed files are new files: the versions that the first run wrote keep theirs."""

    def deals(*numbers: int) -> list[dict[str, Any]]:
        return [{"opportunity_id": f"O{n}", "owner": "lin", "stage": f"S{len(numbers)}"} for n in numbers]

    publish("opportunities", deals(1))
    second = publish("opportunities", deals(2, 3))
    publish("opportunities", deals(2, 4, 5))
    before = crm.every_digest()
    crm.undo(second)
    assert {pk: digest for pk, digest in crm.every_digest().items() if pk in before} == before
    assert keys() == ["O1", "O2", "O4", "O5"]
