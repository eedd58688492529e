"""People by hand: average headcount, leavers, skills, tools, and surveys without their small groups."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.engine.kpi import available, dimensions, judge, points, summarise
from steelyard.engine.kpi.happened import happened
from steelyard.engine.periods import Period


def values(tables, kpis, periods, **how):
    rows = judge(summarise(tables, kpis, periods=periods, **how))
    return {(row.kpi, row.period.label, *row.by.values()): row.value for row in rows}


def company(*memberships):
    """Rows: (person, team, from, to); everybody goes by the small letters of their code."""
    person, team, start, end = zip(*memberships, strict=True)
    codes = sorted(set(person))
    return {
        "org_aliases": ibis.memtable({"alias": [code.lower() for code in codes], "person": codes}),
        "org_memberships": ibis.memtable(
            pa.table(
                {
                    "person": person,
                    "team": team,
                    "role": ["member"] * len(person),
                    "valid_from": pa.array(start, pa.date32()),
                    "valid_to": pa.array(end, pa.date32()),
                }
            )
        ),
        "org_teams": ibis.memtable(
            pa.table(
                {
                    "team": ["E", "W"],
                    "name": ["East", "West"],
                    "parent": pa.array([None, None], pa.string()),
                    "region": ["e", "w"],
                }
            )
        ),
    }


LONG_AGO = date(2020, 1, 1)
# June has 30 days: A all of it in E, B in E until the 15th, then in W, C from the 16th in W; D left in May.
PEOPLE = company(
    ("A", "E", LONG_AGO, None),
    ("B", "E", LONG_AGO, date(2024, 6, 16)),
    ("B", "W", date(2024, 6, 16), None),
    ("C", "W", date(2024, 6, 16), None),
    ("D", "W", LONG_AGO, date(2024, 6, 1)),
)


def test_per_head_divides_by_the_average_headcount():
    day = date(2024, 6, 20)
    tables = PEOPLE | {
        "ideas": ibis.memtable(
            {"idea_id": list("vwxyz"), "raised_on": [day] * 5, "person": ["a", "a", "a", "b", "?"]}
        ),
        "learning": ibis.memtable(
            pa.table({"person": ["A", "c"], "day": [day] * 2, "hours": pa.array([Decimal(3), Decimal(2)])})
        ),
    }
    found = values(tables, ["ideas_per_head", "learning_hours"], ["2024-06"])
    assert found == {
        ("ideas_per_head", "2024-06"): 2.0,  # 5 ÷ 2.5 people: A, B and half of C
        ("learning_hours", "2024-06"): 2.0,  # 5 ÷ 2.5
    }
    assert values(tables, "ideas_per_head", ["2024-06"], by=["team"]) == {
        ("ideas_per_head", "2024-06", "E"): 2.0,  # 3 ÷ 1.5
        ("ideas_per_head", "2024-06", "W"): 1.0,  # 1 ÷ 1
        ("ideas_per_head", "2024-06", None): None,  # nobody knows whose idea it was
    }
    # Over the quarter, D was there for April and May, too: (91 + 91 + 15 + 61) ÷ 91 people.
    quarter = values(tables, "ideas_per_head", ["2024-Q2"])["ideas_per_head", "2024-Q2"]
    assert quarter == pytest.approx(5 / (258 / 91))
    assert {"member", "team", "region", "manager"} <= set(dimensions(tables, "ideas_per_head"))


SPAN = st.tuples(st.sampled_from("ABC"), st.sampled_from("EW"), st.integers(0, 200), st.integers(1, 200))


@settings(max_examples=20, deadline=None)
@given(drawn=st.lists(SPAN, min_size=1, max_size=6))
def test_teams_and_months_add_up_to_the_whole(drawn):
    first = date(2024, 1, 1)
    people = company(
        *(
            (who, team, first + timedelta(start), first + timedelta(start + days))
            for who, team, start, days in drawn
        )
    )
    ideas = ibis.memtable({"idea_id": ["x"], "raised_on": [first], "person": ["a"]})
    tables = people | {"ideas": ideas}

    def days(periods, by=()):
        rows = judge(summarise(tables, "ideas_per_head", periods=periods, by=by))
        return sum(row.denominator or 0 for row in rows)

    months = [f"2024-{month:02}" for month in range(1, 13)]
    assert days(["2024"]) == days(["2024"], by=["team"]) == days(months) == days(months, by=["member"])
    by_day = {(who, first + timedelta(start + n)) for who, _, start, length in drawn for n in range(length)}
    assert days(["2024"]) == len([day for _, day in by_day if day.year == 2024])


def test_headcount_stands_in_where_there_are_no_memberships():
    tables = {
        "ideas": ibis.memtable(
            {"idea_id": list("xyz"), "raised_on": [date(2024, 6, 5)] * 3, "person": ["a"] * 3}
        ),
        "headcount": ibis.memtable({"team": ["E", "W"], "month": [date(2024, 6, 1)] * 2, "people": [4, 2]}),
    }
    assert values(tables, "ideas_per_head", ["2024-06", "2024-07"]) == {
        ("ideas_per_head", "2024-06"): 0.5,
        ("ideas_per_head", "2024-07"): None,
    }
    del tables["headcount"]
    assert available(tables, ["ideas_per_head"])[1]["ideas_per_head"].params["table"] == "memberships"


def test_leavers_are_those_whose_last_membership_ended():
    assert values(PEOPLE, "regretted_attrition", ["2024-05", "2024-06"]) == {
        ("regretted_attrition", "2024-05"): pytest.approx(1 / 3),  # D, of A, B and D
        ("regretted_attrition", "2024-06"): 0.0,  # B only moved
    }
    assert values(PEOPLE, "regretted_attrition", ["2024-05"], by=["team"]) == {
        ("regretted_attrition", "2024-05", "E"): 0.0,
        ("regretted_attrition", "2024-05", "W"): 1.0,
    }


def test_skills_count_by_their_newest_assessment():
    rows = [
        ("a", "product", date(2024, 1, 10), 2, 4),
        ("a", "product", date(2024, 6, 10), 4, 4),  # has caught up
        ("a", "data", date(2024, 1, 10), 3, None),  # 3 is enough where nothing else is asked for
        ("d", "data", date(2024, 1, 10), 1, None),  # left on 31 May
        ("b", "data", date(2024, 2, 10), 2, None),
    ]
    names = ("person", "skill", "assessed_on", "level", "needed")
    tables = PEOPLE | {
        "skill_assessments": ibis.memtable(
            pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))
        )
    }
    assert values(tables, "skill_coverage", ["2023-12", "2024-01", "2024-05", "2024-06"]) == {
        ("skill_coverage", "2023-12"): None,
        ("skill_coverage", "2024-01"): pytest.approx(1 / 3),  # a: no, yes; d: no
        ("skill_coverage", "2024-05"): 0.25,  # a: no, yes; b: no; d on the last day: no
        ("skill_coverage", "2024-06"): pytest.approx(2 / 3),  # a: yes, yes; b: no
    }
    assert values(tables, "skill_coverage", ["2024-06"], by=["team"]) == {
        ("skill_coverage", "2024-06", "E"): 1.0,
        ("skill_coverage", "2024-06", "W"): 0.0,  # b took the own skills along
    }


def test_tools_are_adopted_by_people_who_are_there():
    rows = [
        ("CRM", "a", date(2024, 6, 3)),
        ("CRM", "A ", date(2024, 6, 4)),
        ("CRM", "c", date(2024, 6, 20)),
        ("Mail", "b", date(2024, 6, 20)),
        ("CRM", "stranger", date(2024, 6, 20)),
    ]
    tool, person, day = zip(*rows, strict=True)
    tables = PEOPLE | {"tool_use": ibis.memtable(pa.table({"tool": tool, "person": person, "day": day}))}
    assert values(tables, "tool_adoption", ["2024-05", "2024-06", "2024-07"]) == {
        ("tool_adoption", "2024-05"): None,  # before the log
        ("tool_adoption", "2024-06"): 1.0,
        ("tool_adoption", "2024-07"): None,  # after it
    }
    assert values(tables, "tool_adoption", ["2024-06"], by=["tool"]) == {
        ("tool_adoption", "2024-06", "CRM"): pytest.approx(2 / 3),
        ("tool_adoption", "2024-06", "Mail"): pytest.approx(1 / 3),
    }
    assert values(tables, "tool_adoption", ["2024-06"], by=["team"], where={"tool": "CRM"}) == {
        ("tool_adoption", "2024-06", "E"): 0.5,
        ("tool_adoption", "2024-06", "W"): 0.5,
    }


def test_a_team_counts_the_people_of_those_below():
    use = {"tool": ["CRM"] * 2, "person": ["a", "b"], "day": [date(2024, 6, 3), date(2024, 6, 20)]}
    above = {"team": ["E", "W"], "name": ["East", "West"], "parent": [None, "E"], "region": ["e", "w"]}
    tables = PEOPLE | {
        "tool_use": ibis.memtable(pa.table(use)),
        "org_teams": ibis.memtable(pa.table(above)),
        **scores(*WAVE[:3]),
    }
    june = Period.parse("2024-06")
    kpis = ["tool_adoption", "regretted_attrition", "manager_support"]
    found = {
        (each.kpi.id, each.unit_kind): dict(zip(each.codes, each.value[0].tolist(), strict=True))
        for each in points(tables, kpis, grain="month", first=june, last=june)
    }
    assert found["tool_adoption", "company"] == {"": pytest.approx(2 / 3)}
    assert found["tool_adoption", "team"] == {"E": pytest.approx(2 / 3), "W": 0.5}
    assert found["manager_support", "team"] == {"E": pytest.approx(11 / 18), "W": 0.25}
    assert ("manager_support", "member") not in found
    assert found["regretted_attrition", "team"] == {"E": 0.0, "W": 0.0}


def scores(*rows, **more):
    """Rows: (wave, team, question, answers, favourable)."""
    names = ("wave", "team", "question", "answers", "favourable")
    return {
        "survey_scores": ibis.memtable(
            pa.table(dict(zip(names, zip(*rows, strict=True), strict=True)) | more)
        )
    }


WAVE = (
    ("2024-Q2", "E", "1. Fair pay?", 10, 4),
    ("2024-Q2", "E", "manager_support", 10, 9),
    ("2024-Q2", "West", "manager_support", 8, 2),
    ("2024-Q2", "W", "fair_pay", 4, 4),  # too small a group
    ("2024-Q2", "Moon", "Manager support", 6, 6),
)


def test_indices_are_favourable_shares_over_their_questions():
    tables = scores(*WAVE) | PEOPLE
    assert values(tables, ["manager_support", "fairness_index", "engagement_index"], ["2024-06"]) == {
        ("manager_support", "2024-06"): 17 / 24,
        ("fairness_index", "2024-06"): 0.4,
        ("engagement_index", "2024-06"): 21 / 34,
    }
    assert values(tables, "manager_support", ["2024-06"], by=["team"]) == {
        ("manager_support", "2024-06", "E"): 0.9,
        ("manager_support", "2024-06", "W"): 0.25,  # found by its name
        ("manager_support", "2024-06", None): 1.0,  # a team that nobody knows
    }
    assert set(dimensions(tables, "manager_support")) == {"question", "team", "wave"}


def test_a_small_group_is_in_no_figure():
    small = scores(*WAVE[3:4]) | PEOPLE
    assert values(small, "fairness_index", ["2024-06"]) == {("fairness_index", "2024-06"): None}
    with_it, without = scores(*WAVE) | PEOPLE, scores(*WAVE[:3], WAVE[4]) | PEOPLE
    for by in ((), ("team",), ("question",)):
        given = {"by": by, "periods": ["2024-06"], "kpis": ["fairness_index", "engagement_index"]}
        assert values(with_it, **given) == values(without, **given)


def test_a_tag_says_what_a_question_asks_for():
    rows = (("2024-Q2", "E", "Geht es gerecht zu?", 10, 4), ("2024-Q2", "E", "Fair pay", 10, 9))
    tables = scores(*rows, tag=["fairness_index", None]) | PEOPLE
    assert values(tables, "fairness_index", ["2024-06"]) == {("fairness_index", "2024-06"): 13 / 20}


@pytest.mark.parametrize(
    ("wave", "day"),
    [
        ("2024-Q1", date(2024, 3, 31)),
        ("2024Q2", date(2024, 6, 30)),
        ("2024年第三季度", date(2024, 9, 30)),
        ("2024年第4季度", date(2024, 12, 31)),
        ("2024H1", date(2024, 6, 30)),
        ("2024年下半年", date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 29)),
        ("2024年5月", date(2024, 5, 31)),
        ("2024-05-07 spring", date(2024, 5, 7)),
        ("2023", date(2023, 12, 31)),
        ("FY2024-Q1", None),
        ("Spring", None),
        ("2024-13", None),
    ],
)
def test_the_name_of_a_wave_says_when_it_was(wave, day):
    tables = scores((wave, "E", "fair pay", 10, 4)) | PEOPLE
    name = (day or date(2024, 1, 1)).isoformat()
    expected = None if day is None else 0.4
    assert values(tables, "fairness_index", [name]) == {("fairness_index", name): expected}
    assert happened(tables) == (None if day is None else (day, day))
    told = scores((wave, "E", "fair pay", 10, 4), held_on=[date(2022, 2, 2)]) | PEOPLE
    assert values(told, "fairness_index", ["2022-02-02"]) == {("fairness_index", "2022-02-02"): 0.4}


def test_the_published_figures_of_the_county(shared, oracles):
    from python_calamine import load_workbook

    (file,) = (shared / "pierce_county_survey").glob("*.xlsx")
    first, *rows = load_workbook(file).get_sheet_by_index(0).to_python()
    at = {name: place for place, name in enumerate(first)}
    kept = [
        (row[at["Department"]], row[at["Question"]], row[at["Response"]])
        for row in rows
        if row[at["Status"]] == "Complete" and row[at["Response"]] in (1, 2, 3, 4)
    ]
    groups = [
        (department, question, [response for *_, response in held])
        for (department, question), held in groupby(sorted(kept), key=lambda row: row[:2])
    ]
    table = scores(
        *(
            ("2018", department, question, len(held), sum(r >= 3 for r in held))
            for department, question, held in groups
        )
    )
    small = sum(len(held) for *_, held in groups if len(held) < 5)
    expected = oracles["pierce_survey"]
    (found,) = judge(summarise(table, "engagement_index", periods=["2018"]))
    assert found.n == len(kept) - small
    assert round(found.value, 3) == expected["fav_share"]
    by_question = values(table, "engagement_index", ["2018"], by=["question"])
    worst = min(value for value in by_question.values())
    assert worst == by_question["engagement_index", "2018", expected["worst_q"]]
    assert worst == pytest.approx(expected["fav_worst"], abs=0.002)
    by_team = values(table, "engagement_index", ["2018"], by=["team"])
    for department in {department for department, *_ in groups}:
        held = [r for each, _, answers in groups if each == department and len(answers) >= 5 for r in answers]
        if held:
            share = sum(r >= 3 for r in held) / len(held)
            assert by_team["engagement_index", "2018", department] == pytest.approx(share)
