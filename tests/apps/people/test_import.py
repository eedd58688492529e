"""The organisation out of files: upserts that add up, and the tables that a snapshot freezes."""

import datetime
from typing import Any

import pytest

from steelyard.apps.access.models import AuditEntry
from steelyard.apps.accounts.models import User
from steelyard.apps.people.actions import import_organisation
from steelyard.apps.people.models import Membership, Person, Team
from steelyard.apps.people.queries import organisation_tables
from steelyard.errors import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.database]
FILES: dict[str, list[dict[str, Any]]] = {
    "teams": [
        {"code": "east", "name": "East 华东", "parent": "sales", "region": "East"},
        {"code": "sales", "name": "Sales"},
    ],
    "people": [
        {"code": "p1", "name": "Lin Yue 林悦", "email": "lin@example.com", "aliases": "林悦; Yue L."},
        {"code": "p2", "name": "Zhou Min", "joined_on": datetime.date(2020, 1, 1)},
    ],
    "memberships": [
        {"person": "p1", "team": "east", "valid_from": "2023-01-01"},
        {"person": "lin@example.com", "team": "sales", "valid_from": "2021-01-01"},
        {"person": "Zhou Min", "team": "sales", "role": "manager", "valid_from": "2020-01-01"},
    ],
    "manager_links": [{"person": "林悦", "manager": "p2", "valid_from": "2021-01-01"}],
}


def counts(result: dict[str, dict[str, Any]]) -> dict[str, tuple[int, ...]]:
    names = ("read", "created", "updated", "unchanged", "rejected")
    return {table: tuple(told[name] for name in names) for table, told in result.items()}


def test_rows_become_the_organisation_and_the_same_again_changes_nothing(analyst: User) -> None:
    first, second = import_organisation(analyst, **FILES), import_organisation(analyst, **FILES)
    assert counts(first) == {
        "teams": (2, 2, 0, 0, 0),
        "people": (2, 2, 0, 0, 0),
        "memberships": (3, 3, 0, 0, 0),
        "manager_links": (1, 1, 0, 0, 0),
    }
    assert counts(second) == {table: (told[0], 0, 0, told[0], 0) for table, told in counts(first).items()}
    assert Team.objects.get(code="east").parent.code == "sales"


def test_a_file_of_moves_closes_each_by_the_next(analyst: User) -> None:
    import_organisation(analyst, **FILES)
    held = Membership.objects.filter(person__code="p1").order_by("valid_from")
    assert [
        (each.team.code, str(each.valid_from), each.valid_to and str(each.valid_to)) for each in held
    ] == [
        ("sales", "2021-01-01", "2023-01-01"),
        ("east", "2023-01-01", None),
    ]


def test_a_changed_row_updates(analyst: User) -> None:
    import_organisation(analyst, **FILES)
    result = import_organisation(analyst, people=[{"code": "p2", "name": "Zhou Min 周敏"}])
    assert counts(result)["people"] == (1, 0, 1, 0, 0)
    assert Person.objects.get(code="p2").name == "Zhou Min 周敏"


@pytest.mark.parametrize(
    ("table", "row", "code"),
    [
        ("people", {"code": "", "name": "Nobody"}, "people.missing-value"),
        ("people", {"code": "p9", "name": " "}, "people.missing-value"),
        ("people", {"code": "p9", "name": "N", "joined_on": "1/2/2024"}, "people.bad-date"),
        (
            "people",
            {"code": "p9", "name": "N", "joined_on": "2024-02-01", "left_on": "2024-01-01"},
            "people.leaves-before-joining",
        ),
        ("people", {"code": "p9", "name": "N", "aliases": "林悦"}, "people.known-alias"),
        ("teams", {"code": "x", "name": "X", "parent": "none"}, "people.unknown-team"),
        ("teams", {"code": "sales", "name": "Sales", "parent": "east"}, "people.team-circle"),
        ("memberships", {"person": "p1", "team": "none", "valid_from": "2024-01-01"}, "people.unknown-team"),
        (
            "memberships",
            {"person": "who", "team": "east", "valid_from": "2024-01-01"},
            "people.unknown-person",
        ),
        ("memberships", {"person": "p1", "team": "east"}, "people.missing-value"),
        (
            "memberships",
            {"person": "p1", "team": "east", "valid_from": "2022-01-01", "valid_to": "2024-01-01"},
            "people.overlap",
        ),
        (
            "memberships",
            {"person": "p2", "team": "east", "valid_from": "2022-01-01", "valid_to": "2022-01-01"},
            "people.ends-before-start",
        ),
        (
            "manager_links",
            {"person": "p1", "manager": "林悦", "valid_from": "2024-01-01"},
            "people.own-manager",
        ),
        (
            "manager_links",
            {"person": "p1", "manager": "p2", "kind": "thick", "valid_from": "2024-01-01"},
            "people.unknown-kind",
        ),
    ],
)
def test_a_row_that_cannot_be_taken_is_rejected_with_its_reason_and_leaves_nothing(
    analyst: User, table: str, row: dict[str, Any], code: str
) -> None:
    import_organisation(analyst, **FILES)
    before = organisation_tables()
    told = import_organisation(analyst, **{table: [row]})[table]
    assert (told["read"], told["rejected"]) == (1, 1)
    assert (told["rejects"][0]["row"], told["rejects"][0]["code"]) == (1, code)
    assert organisation_tables() == before


def test_a_rejected_row_keeps_its_place_in_the_file(analyst: User) -> None:
    rows = [{"person": "p1", "team": "east", "valid_from": "2024-01-01"}, {"person": "who", "team": "east"}]
    told = import_organisation(analyst, **FILES | {"memberships": rows})["memberships"]
    assert [reject["row"] for reject in told["rejects"]] == [2]


def test_a_text_that_names_two_people_names_nobody(analyst: User) -> None:
    people = [{"code": "a", "name": "Same"}, {"code": "b", "name": "same "}]
    memberships = [{"person": "SAME", "team": "sales", "valid_from": "2024-01-01"}]
    result = import_organisation(analyst, teams=FILES["teams"], people=people, memberships=memberships)
    assert result["memberships"]["rejects"][0]["code"] == "people.ambiguous-person"
    assert organisation_tables()["org_aliases"]["alias"].to_pylist() == ["a", "b"]


def test_who_does_not_keep_the_organisation_imports_nothing(leader: User) -> None:
    with pytest.raises(Refused, match=r"access\.denied"):
        import_organisation(leader, **FILES)


def test_an_import_leaves_its_trace_without_the_rows(analyst: User) -> None:
    import_organisation(analyst, **FILES)
    entry = AuditEntry.objects.get(action="people.import")
    assert entry.detail["people"] == {"read": 2, "created": 2, "updated": 0, "unchanged": 0, "rejected": 0}


def test_the_tables_that_a_snapshot_freezes(analyst: User) -> None:
    import_organisation(analyst, **FILES)
    tables = {name: table.to_pylist() for name, table in organisation_tables().items()}
    assert [(row["team"], row["parent"]) for row in tables["org_teams"]] == [
        ("east", "sales"),
        ("sales", None),
    ]
    assert [(row["alias"], row["person"]) for row in tables["org_aliases"]] == [
        ("lin yue 林悦", "p1"),
        ("lin@example.com", "p1"),
        ("p1", "p1"),
        ("p2", "p2"),
        ("yue l.", "p1"),
        ("zhou min", "p2"),
        ("林悦", "p1"),
    ]
    assert tables["org_people"][1] == {
        "person": "p2",
        "name": "Zhou Min",
        "email": None,
        "joined_on": datetime.date(2020, 1, 1),
        "left_on": None,
    }
    assert tables["org_manager_links"][0]["kind"] == "solid"
    assert [str(field.type) for field in organisation_tables()["org_memberships"].schema] == [
        "string",
        "string",
        "string",
        "date32[day]",
        "date32[day]",
    ]
