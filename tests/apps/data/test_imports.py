"""An import is taken in, checked, published and undone as one unit; the lake can be made anew."""

from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from steelyard.apps.access.policy import LOCAL_OPERATOR
from steelyard.apps.data import actions, queries
from steelyard.apps.data.models import Import, Snapshot, Source
from steelyard.apps.jobs.actions import run_here
from steelyard.apps.people.models import Person
from steelyard.errors import Refused
from tests.apps.data.conftest import content

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def deal(number: int, amount: Any = 100, stage: str = "won") -> dict[str, Any]:
    return {
        "opportunity_id": f"O{number}",
        "owner": "lin",
        "stage": stage,
        "amount": amount,
        "closed_on": "2026-03-21",
        "outcome": "won",
    }


def undo(taken: Import) -> dict[str, Any]:
    return run_here(LOCAL_OPERATOR, "data.undo", {"public_id": taken.public_id}).result or {}


def amounts() -> list[tuple[str, Decimal]]:
    return content("opportunities", "opportunity_id", "amount")


def test_the_dry_run_counts_and_changes_nothing(take):
    taken = take("opportunities", [deal(1), deal(2), deal(3, amount="a lot")])
    counts = run_here(LOCAL_OPERATOR, "data.check", {"public_id": taken.public_id}).result
    assert counts["total"] == {"read": 3, "created": 2, "updated": 0, "unchanged": 0, "rejected": 1}
    assert Snapshot.objects.count() == 0
    assert queries.lake().versions() == {}
    [reject] = queries.rejects_of(LOCAL_OPERATOR, taken, limit=10)
    assert (reject["file"], reject["line"], reject["column"]) == ("opportunities.csv", 4, "amount")


def test_what_is_published_is_read(publish):
    published = publish("opportunities", [deal(1, 100), deal(2, "1,200.50")])
    assert published.state == Import.State.PUBLISHED
    assert amounts() == [("O1", Decimal("100.0000")), ("O2", Decimal("1200.5000"))]
    assert queries.newest_snapshot().data_to.isoformat() == "2026-03-21"


def test_of_what_was_staged_only_the_rejects_stay(publish):
    publish("opportunities", [deal(1), deal(2, amount="a lot")])
    assert [path.name for path in queries.lake().staging.rglob("*.parquet")] == ["rejects.parquet"]
    assert [key for key, _ in amounts()] == ["O1"]


def test_the_same_file_again_changes_nothing(publish):
    publish("opportunities", [deal(1), deal(2)])
    again = publish("opportunities", [deal(1), deal(2)])
    assert again.counts["total"]["unchanged"] == 2
    assert Snapshot.objects.count() == 1
    with pytest.raises(Refused, match=r"import\.changed-nothing"):
        undo(again)


def test_a_later_file_updates_by_key(publish):
    publish("opportunities", [deal(1, 100), deal(2, 200)])
    later = publish("opportunities", [deal(2, 250), deal(3, 300)])
    assert later.counts["total"] == {"read": 2, "created": 1, "updated": 1, "unchanged": 0, "rejected": 0}
    assert [amount for _, amount in amounts()] == [100, 250, 300]


def test_the_newest_import_is_undone_as_one_unit(publish):
    publish("opportunities", [deal(1, 100)])
    before = amounts()
    second = publish("opportunities", [deal(1, 111), deal(2, 200)])
    undo(second)
    assert amounts() == before
    second.refresh_from_db()
    assert second.state == Import.State.UNDONE


def test_the_first_import_is_undone_to_nothing(publish):
    first = publish("opportunities", [deal(1)])
    undo(first)
    assert amounts() == []


def test_an_older_import_is_undone_by_replaying_those_after_it(publish):
    first = publish("opportunities", [deal(1, 100), deal(2, 200)])
    second = publish("opportunities", [deal(2, 250), deal(3, 300)])
    accounts = publish("accounts", [{"account_id": "A1", "name": "Acme"}])
    assert actions.later_imports(first) == [second]
    result = undo(first)
    assert result["replayed"] == 1
    assert amounts() == [("O2", Decimal(250)), ("O3", Decimal(300))]
    assert content("accounts", "account_id") == [("A1",)]
    assert accounts.counts["total"]["created"] == 1


def test_undone_twice_is_undone_once(publish):
    publish("opportunities", [deal(1)])
    second = publish("opportunities", [deal(2)])
    undo(second)
    snapshots = Snapshot.objects.count()
    assert undo(second) == {"replayed": 0}
    assert Snapshot.objects.count() == snapshots


def test_a_published_import_cannot_be_mapped_or_dropped(publish):
    published = publish("opportunities", [deal(1)])
    for refused in (actions.discard, lambda actor, taken: actions.set_mapping(actor, taken, taken.mapping)):
        with pytest.raises(Refused, match=r"import\.already-decided"):
            refused(LOCAL_OPERATOR, published)


def test_a_discarded_import_is_not_published(take):
    taken = take("opportunities", [deal(1)])
    actions.discard(LOCAL_OPERATOR, taken)
    with pytest.raises(Refused, match=r"import\.already-decided"):
        run_here(LOCAL_OPERATOR, "data.publish", {"public_id": taken.public_id})
    assert Snapshot.objects.count() == 0


def test_a_source_remembers_its_mapping(take):
    taken = take("opportunities", [deal(1)])
    actions.set_mapping(LOCAL_OPERATOR, taken, {**taken.mapping, "source": "crm"})
    assert Source.objects.get(name="crm").mapping == taken.mapping


def test_what_was_committed_and_never_published_goes_away(publish, monkeypatch):
    publish("opportunities", [deal(1)])

    def die(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as patched:
        patched.setattr("steelyard.apps.data.actions.imports.publish_snapshot", die)
        with pytest.raises(RuntimeError, match="the power went"):
            publish("opportunities", [deal(2)])
    assert amounts() == [("O1", Decimal(100))]
    publish("opportunities", [deal(3)])
    assert [key for key, _ in amounts()] == ["O1", "O3"]


def test_people_come_by_the_same_way_and_are_frozen_with_the_facts(publish):
    published = publish("people", [{"code": "P1", "name": "林悦"}, {"code": "P2", "name": "王伟"}])
    assert published.counts["total"]["created"] == 2
    assert content("org_people", "person", "name") == [("P1", "林悦"), ("P2", "王伟")]
    Person.objects.filter(code="P1").update(name="林月")
    assert content("org_people", "person", "name")[0] == ("P1", "林悦")
    run_here(LOCAL_OPERATOR, "data.organisation", {})
    assert content("org_people", "person", "name")[0] == ("P1", "林月")


def test_a_dry_run_of_people_writes_nobody(take):
    taken = take("people", [{"code": "P1", "name": "林悦"}])
    counts = run_here(LOCAL_OPERATOR, "data.check", {"public_id": taken.public_id}).result
    assert counts["total"]["created"] == 1
    assert not Person.objects.exists()


def test_the_lake_is_rebuilt_equal_by_content(publish, lake_folder: Path):
    first = publish("opportunities", [deal(1, 100), deal(2, 200)])
    publish("people", [{"code": "P1", "name": "林悦"}])
    publish("opportunities", [{**deal(2, 250), "product": "GTX"}, {**deal(3, 300), "product": "MG"}])
    undo(first)
    publish("accounts", [{"account_id": "A1", "name": "Acme"}])
    digests = every_digest()
    run_here(LOCAL_OPERATOR, "data.rebuild", {})
    assert every_digest() == digests
    assert not list(lake_folder.glob("lake.rebuilding*"))
    publish("opportunities", [deal(9)])
    assert [key for key, _ in amounts()] == ["O2", "O3", "O9"]


@pytest.mark.parametrize("moves", [0, 1, 2])
def test_a_rebuild_that_was_cut_off_is_finished_by_the_next_writer(publish, monkeypatch, lake_folder, moves):
    publish("opportunities", [deal(1, 100)])
    undo(publish("opportunities", [deal(2, 200)]))
    digests = every_digest()

    def die() -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as patched:
        patched.setattr(import_module("steelyard.apps.data.actions.rebuild"), "finish_rebuild", die)
        with pytest.raises(RuntimeError, match="the power went"):
            run_here(LOCAL_OPERATOR, "data.rebuild", {})
    home, fresh = lake_folder / "lake", lake_folder / "lake.rebuilding"
    steps = [(home / "tables", home / "tables.before-rebuild"), (fresh / "tables", home / "tables")]
    for old, new in steps[:moves]:
        old.rename(new)
    publish("accounts", [{"account_id": "A1", "name": "Acme"}])
    assert {pk: every_digest()[pk] for pk in digests} == digests
    assert content("accounts", "account_id") == [("A1",)]
    assert not fresh.exists()
    assert not (home / "tables.before-rebuild").exists()


def test_a_rebuild_that_would_differ_changes_nothing(publish):
    published = publish("opportunities", [deal(1)])
    versions = queries.newest_versions()
    Import.objects.filter(pk=published.pk).update(
        mapping={
            "table": "opportunities",
            "columns": {"opportunity_id": "opportunity_id", "owner": "owner", "stage": "outcome"},
        }
    )
    with pytest.raises(Refused, match=r"rebuild\.differs"):
        run_here(LOCAL_OPERATOR, "data.rebuild", {})
    assert queries.newest_versions() == versions
    assert amounts() == [("O1", Decimal(100))]


def every_digest() -> dict[int, dict[str, str]]:
    """Snapshot → table → digest: every snapshot stays resolvable."""
    return {
        snapshot.pk: {
            table: queries.lake().digest(table, version) for table, version in snapshot.versions.items()
        }
        for snapshot in Snapshot.objects.all()
    }


def test_a_stranger_imports_nothing(member, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n")
    from steelyard.lake.imports.limits import Limits

    with pytest.raises(Refused, match=r"access\.denied"):
        actions.take_in(member, [("a.csv", path)], limits=Limits.browser())
    assert not Import.objects.exists()


def test_rows_that_were_typed_in_go_the_same_way():
    rows = [{"kpi": "won_revenue", "period": "2026-Q1", "unit": "EAST", "value": 120}]
    taken = actions.import_rows(LOCAL_OPERATOR, table="targets", rows=rows, source="typed in")
    run_here(LOCAL_OPERATOR, "data.publish", {"public_id": taken.public_id})
    assert content("targets", "kpi", "period", "unit", "value") == [("won_revenue", "2026-Q1", "EAST", 120.0)]
