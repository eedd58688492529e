"""Six teams and 48 people in time: joiners, leavers, and one reorganisation."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from .days import LAST_DAY, Floats, Ints, WorkingDays

REORGANISED_ON = date(2024, 7, 1)
LATE_JOINERS_FROM = date(2025, 1, 1)
SALES_TEAMS = {"EAST": "East", "SOUTH": "South", "NORTH": "North", "WEST": "West"}
LEGAL_APPROVERS = ("P009", "P010")

_TEAMS = (  # code, name, parent before, parent after, region
    ("EAST", "华东销售部 East Sales", None, None, "East"),
    ("SOUTH", "华南销售部 South Sales", None, None, "South"),
    ("NORTH", "华北销售部 North Sales", None, None, "North"),
    ("WEST", "西部销售部 West Sales", "SOUTH", "NORTH", "West"),
    ("MKT", "市场部 Marketing", None, None, ""),
    ("CS", "客户成功部 Customer Success", None, None, ""),
)
# One line a person: name, team, then joined, left and the team moved to where they are not the usual ones.
_PEOPLE = """
陈敬之 Chen Jingzhi|MKT|2018-04-02
苏文倩 Su Wenqian|MKT|2019-03-04
Daniel Hughes|MKT|2020-06-01
韩雪 Han Xue|MKT|2021-02-22
周子墨 Zhou Zimo|MKT|2021-05-10
Priya Nair|MKT|2023-02-13
贺兰 He Lan|MKT|2020-09-07||CS
方国梁 Fang Guoliang|CS|2018-07-02
沈洁 Shen Jie|CS|2019-10-14
Olivia Grant|CS|2020-03-09
董晓峰 Dong Xiaofeng|CS|2020-11-02
毛依然 Mao Yiran|CS|2021-04-06
唐可 Tang Ke|CS|2022-09-05
Marco Rossi|CS|2021-08-16|2024-03-29
陆建国 Lu Jianguo|EAST|2018-05-07
林悦 Lin Yue|EAST|2020-02-24
王思远 Wang Siyuan|EAST|2019-08-12||SOUTH
吴佳怡 Wu Jiayi|EAST|2020-10-12|2023-08-31
Thomas Weber|EAST|2021-03-01|2025-01-24
蒋浩然 Jiang Haoran|EAST|2023-03-06
顾清 Gu Qing|EAST|2024-02-26
许一诺 Xu Yinuo|EAST|2025-02-10
Emily Carter|EAST|2025-03-17
冯睿 Feng Rui|EAST|2025-04-14
梁志强 Liang Zhiqiang|SOUTH|2018-09-03
何嘉敏 He Jiamin|SOUTH|2020-05-06
陈伟豪 Chen Weihao|SOUTH|2019-06-10||WEST
Grace Lam|SOUTH|2021-01-11|2022-11-30
罗梓轩 Luo Zixuan|SOUTH|2020-12-07|2024-12-31
邓诗雨 Deng Shiyu|SOUTH|2022-10-17
叶知秋 Ye Zhiqiu|SOUTH|2025-02-17
Jason Wong|SOUTH|2025-03-10
黎明远 Li Mingyuan|SOUTH|2025-05-12
赵铁军 Zhao Tiejun|NORTH|2018-03-12
孙雅琴 Sun Yaqin|NORTH|2019-11-04
刘洋 Liu Yang|NORTH|2020-08-03||EAST
Anna Petrova|NORTH|2021-06-07|2025-02-28
高博文 Gao Bowen|NORTH|2023-06-05
白露 Bai Lu|NORTH|2025-02-24
石磊 Shi Lei|NORTH|2025-03-24
James Miller|NORTH|2025-04-21
谭文彬 Tan Wenbin|WEST|2019-01-07
杨柳 Yang Liu|WEST|2020-07-13
马小军 Ma Xiaojun|WEST|2021-04-12
Sophie Laurent|WEST|2020-04-20|2024-11-29
冉冬梅 Ran Dongmei|WEST|2023-09-11
向阳 Xiang Yang|WEST|2025-02-17
Kevin Zhou|WEST|2025-04-07
"""
_PRODUCT_LEAD = "P003"
CAST = {"leader": "P001", "manager": "P034", "member": "P016", "analyst": "P005"}
"""Whom a demonstration logs in as; the manager's team has another one below it."""


@dataclass(frozen=True)
class Person:
    code: str
    name: str
    email: str
    team: str
    joined_on: date
    left_on: date | None
    moved_to: str | None


@dataclass(frozen=True)
class Sellers:
    """Who sells where and when: one element for each membership of a seller in a sales team."""

    person: Ints
    team: NDArray[np.str_]
    start: Ints
    end: Ints
    joined: Ints

    def pick(self, team: str, moments: Floats, rng: np.random.Generator) -> Ints:
        """One active seller of the team at each moment; a new one has six tenths of a full load."""
        here = np.flatnonzero(self.team == team)
        cumulative = np.cumsum(self._at_work(here, moments), axis=1)
        drawn = rng.random(len(moments)) * cumulative[:, -1]
        return self.person[here[(cumulative <= drawn[:, None]).sum(axis=1)]]

    def heads(self, team: str, moments: Floats) -> Floats:
        """How many full loads the team carries at each moment."""
        return self._at_work(np.flatnonzero(self.team == team), moments).sum(axis=1)

    def _at_work(self, here: Ints, moments: Floats) -> Floats:
        active = (self.start[here] <= moments[:, None]) & (moments[:, None] < self.end[here])
        ramped: Floats = np.where(moments[:, None] - self.joined[here] < 60, 0.6, 1.0)
        return active * ramped


Staff = tuple[Person, ...]


@cache
def people() -> Staff:
    """Everybody, in the order of their codes; what is planted may move some (`roster`), never rename them."""
    return tuple(_person(number, line) for number, line in enumerate(_PEOPLE.split("\n")[1:-1], start=1))


def _person(number: int, line: str) -> Person:
    name, team, joined, left, moved = [*line.split("|"), "", ""][:5]
    latin = [word for word in name.split() if word.isascii()]
    return Person(
        code=f"P{number:03}",
        name=name,
        email=".".join(latin).lower() + "@hengqi.example",
        team=team,
        joined_on=date.fromisoformat(joined),
        left_on=date.fromisoformat(left) if left else None,
        moved_to=moved or None,
    )


def managers() -> dict[str, Person]:
    """The first person of each team; marketing's leads them all."""
    first: dict[str, Person] = {}
    for person in people():
        first.setdefault(person.team, person)
    return first


def spells(person: Person) -> list[tuple[str, date, date | None]]:
    """(team, first day, day after the last or None) of each membership."""
    end = _day_after(person.left_on)
    if not person.moved_to:
        return [(person.team, person.joined_on, end)]
    return [(person.team, person.joined_on, REORGANISED_ON), (person.moved_to, REORGANISED_ON, end)]


def _day_after(last: date | None) -> date | None:
    return None if last is None else last + timedelta(days=1)


def is_member(person: Person, team: str, day: date) -> bool:
    return any(
        where == team and start <= day and (end is None or day < end) for where, start, end in spells(person)
    )


def sellers(days: WorkingDays, staff: Staff) -> Sellers:
    bosses = {boss.code for boss in managers().values()}
    rows = [
        (index, team, days.at(start), _end(days, end), days.at(person.joined_on))
        for index, person in enumerate(staff)
        for team, start, end in spells(person)
        if team in SALES_TEAMS and person.code not in bosses
    ]
    person, team, start, end, joined = zip(*rows, strict=True)
    return Sellers(np.array(person), np.array(team), np.array(start), np.array(end), np.array(joined))


def _end(days: WorkingDays, end: date | None) -> int:
    return len(days.days) if end is None else days.at(end)


def organisation_tables(staff: Staff) -> dict[str, pl.DataFrame]:
    """people, teams, team_parents, memberships, manager_links; spans are half-open, open ends blank."""
    return {
        "people": pl.DataFrame(
            [(p.code, p.name, p.email, p.joined_on, p.left_on) for p in staff],
            schema=["person", "name", "email", "joined_on", "left_on"],
            orient="row",
        ),
        "teams": pl.DataFrame(
            [(code, name, after, region) for code, name, _, after, region in _TEAMS],
            schema=["team", "name", "parent", "region"],
            orient="row",
        ),
        "team_parents": _team_parents(),
        "memberships": pl.DataFrame(
            [(p.code, team, _role(p), start, end) for p in staff for team, start, end in spells(p)],
            schema=["person", "team", "role", "valid_from", "valid_to"],
            orient="row",
        ),
        "manager_links": _manager_links(staff),
    }


def _role(person: Person) -> str:
    return "manager" if person in managers().values() else "member"


def _team_parents() -> pl.DataFrame:
    first = date(2018, 1, 1)
    rows: list[tuple[str, str | None, date, date | None]] = []
    for code, _, before, after, _ in _TEAMS:
        if before == after:
            rows.append((code, after, first, None))
        else:
            rows += [(code, before, first, REORGANISED_ON), (code, after, REORGANISED_ON, None)]
    return pl.DataFrame(rows, schema=["team", "parent", "valid_from", "valid_to"], orient="row")


def _manager_links(staff: Staff) -> pl.DataFrame:
    boss, leader = managers(), staff[0]
    rows: list[tuple[str, str, str, date, date | None]] = []
    for person in staff[1:]:
        if person == boss["WEST"]:
            rows.append((person.code, boss["SOUTH"].code, "solid", person.joined_on, REORGANISED_ON))
            rows.append((person.code, boss["NORTH"].code, "solid", REORGANISED_ON, None))
        elif person in boss.values():
            rows.append((person.code, leader.code, "solid", person.joined_on, None))
        else:
            rows += [
                (person.code, boss[team].code, "solid", start, end) for team, start, end in spells(person)
            ]
    rows += _dotted_links(staff)
    return pl.DataFrame(rows, schema=["person", "manager", "kind", "valid_from", "valid_to"], orient="row")


def _dotted_links(staff: Staff) -> list[tuple[str, str, str, date, date | None]]:
    """Region × product line: one seller of each region also answers to the product lead in marketing."""
    start = date(2023, 1, 3)
    chosen = [
        next(p for p in staff if p.team == team and p not in managers().values()) for team in SALES_TEAMS
    ]
    return [(person.code, _PRODUCT_LEAD, "dotted", start, _day_after(person.left_on)) for person in chosen]


def headcount_on(team: str, day: date, staff: Staff) -> int:
    return sum(is_member(person, team, day) for person in staff)


def active_people(staff: Staff, day: date = LAST_DAY) -> list[Person]:
    return [p for p in staff if p.joined_on <= day and (p.left_on is None or day <= p.left_on)]
