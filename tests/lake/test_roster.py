"""A list of people that names teams feeds the teams and memberships as well."""

from typing import Any

from steelyard.lake.imports.roster import with_teams
from steelyard.lake.imports.suggest import suggest

ROWS = [["E1", "王晓梅", "华东一组", "2023-03-01"], ["E2", "林悦", "华南二组", "2024-01-15"]]


def column(name: str, place: int) -> dict[str, Any]:
    cells = [row[place] for row in ROWS]
    is_day = name.endswith("日期")
    looks = {"type": "date", "order": "ymd"} if is_day else {"type": "text", "order": ""}
    return {"name": name, "distinct": cells, "blank_share": 0.0, "decimal": "", **looks}


def fed(*headers: str) -> dict[str, dict[str, Any]]:
    columns = [column(name, place) for place, name in enumerate(headers)]
    (people,) = suggest(columns, file="花名册.xlsx", table="people", head=ROWS)
    return with_teams(people, columns, file="花名册.xlsx", head=ROWS)


def test_teams_and_memberships_come_out_of_the_same_rows() -> None:
    found = fed("工号", "姓名", "部门", "入职日期")
    assert list(found) == ["people", "teams", "memberships"]
    assert found["teams"] == {"code": "部门", "name": "部门"}
    start = found["people"]["joined_on"]
    assert found["memberships"] == {"person": "工号", "team": "部门", "valid_from": start}


def test_a_list_without_teams_feeds_people_alone() -> None:
    assert list(fed("工号", "姓名", "籍贯", "入职日期")) == ["people"]


def test_without_a_day_the_start_is_left_to_be_said() -> None:
    assert "valid_from" not in fed("工号", "姓名", "部门", "备注")["memberships"]


def test_another_table_stays_alone() -> None:
    columns = [column(name, place) for place, name in enumerate(("工号", "姓名", "部门", "入职日期"))]
    (teams,) = suggest(columns, file="x.csv", table="teams", head=ROWS)
    assert list(with_teams(teams, columns, file="x.csv", head=ROWS)) == ["teams"]
