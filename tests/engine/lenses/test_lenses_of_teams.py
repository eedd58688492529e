"""Skills, resources, morale: first what a team is exposed to, then its result."""

from datetime import date, datetime, timedelta

import pytest

from steelyard.engine import lenses

NOW, THEN = date(2024, 10, 1), date(2023, 10, 1)
QUARTERS = [date(2024, month, 1) for month in (1, 4, 7, 10)]
TEAMS = {"red": ("ann", "bo"), "blue": ("cai", "dan"), "green": ("eva", "fred")}


def finding(tables, lens, **asked):
    return lenses.test_lenses(tables, "win_rate", period="2024-Q4", **asked).lens(lens)


def staffed(firm):
    for team, people in TEAMS.items():
        for member in people:
            firm.join(member, team)
    return firm


def usual(firm, *, red=(30, 30)):
    """A year of deals, half of them won; in the last quarter red wins what is given."""
    for start in (date(2023, 1, 1), date(2023, 4, 1), date(2023, 7, 1), THEN, *QUARTERS[:3]):
        for people in TEAMS.values():
            for member in people:
                firm.close(start, owner=member, won=30, lost=30)
    for team, people in TEAMS.items():
        for member in people:
            won, lost = red if team == "red" else (30, 30)
            firm.close(NOW, owner=member, won=won, lost=lost)
    return firm


def survey(rows_of, *, red):
    waves = [date(year, month, 1) for year in (2023, 2024) for month in (3, 6, 9, 12)]
    rows = [
        (
            day.isoformat(),
            day,
            team,
            f"q{question}",
            10,
            red if team == "red" and day >= date(2024, 9, 1) else 7,
        )
        for day in waves
        for team in TEAMS
        for question in range(6)
    ]
    return rows_of(rows, ("wave", "held_on", "team", "question", "answers", "favourable"))


def test_answers_fell_before_the_result(firm, rows_of):
    tables = usual(staffed(firm), red=(14, 46)).tables()
    found = finding({**tables, "survey_scores": survey(rows_of, red=3)}, "morale")
    assert found.verdict == "supported"
    assert found.effect == pytest.approx(-0.4)
    assert found.place.where == {"team": "red"}
    assert (found.before, found.place.is_present, found.place.is_absent) == (True, True, True)
    assert found.share == pytest.approx(1.0)


def test_answers_fell_but_the_result_did_not(firm, rows_of):
    tables = usual(staffed(firm)).tables()
    found = finding({**tables, "survey_scores": survey(rows_of, red=3)}, "morale")
    assert found.verdict == "not-supported"
    assert {check.code: check.verdict for check in found.checks}["morale.fell"] == "holds"
    assert {check.code: check.verdict for check in found.checks}["morale.result-fell-there"] == "fails"


def test_the_result_fell_but_answers_did_not(firm, rows_of):
    tables = usual(staffed(firm), red=(14, 46)).tables()
    assert finding({**tables, "survey_scores": survey(rows_of, red=7)}, "morale").verdict == "not-supported"


def test_one_wave_cannot_tell(firm, rows_of):
    tables = usual(staffed(firm)).tables()
    one = survey(rows_of, red=3)
    found = finding({**tables, "survey_scores": one.filter(one.held_on == date(2024, 12, 1))}, "morale")
    assert (found.verdict, found.missing[0].code) == ("cannot-tell", "lens.too-few")


def leads(rows_of, *, red_hours):
    rows = []
    for start in (THEN, NOW):
        for team, people in TEAMS.items():
            for member in people:
                for number in range(20):
                    came = datetime.combine(start + timedelta(days=4 * number), datetime.min.time())
                    hours = red_hours if team == "red" and start == NOW else 4
                    when = came + timedelta(hours=hours + number % 5)
                    rows.append((f"l{len(rows)}", came.date(), came, when, member))
    return rows_of(rows, ("lead_id", "created_on", "created_at", "first_contact_at", "owner"))


def test_more_work_a_head_and_later_answers(firm, rows_of):
    staffed(firm).members[1] = ("bo", "red", date(2020, 1, 1), date(2024, 1, 1))
    usual(firm)
    # Bo left, and ann works on what would have been his.
    firm.deals = [
        (key, "ann" if owner == "bo" and day >= NOW else owner, *rest, day, made, cols)
        for key, owner, *rest, day, made, cols in firm.deals
    ]
    found = finding({**firm.tables(), "leads": leads(rows_of, red_hours=20)}, "resources")
    assert found.verdict == "supported"
    # Some of what closed in the first days came in before the quarter.
    assert found.effect == pytest.approx(1.0, abs=0.15)
    assert found.place.where == {"team": "red"}


def test_later_answers_without_more_work_are_no_lack_of_resources(firm, rows_of):
    tables = usual(staffed(firm)).tables()
    assert finding({**tables, "leads": leads(rows_of, red_hours=20)}, "resources").verdict == "not-supported"


def test_without_memberships_load_cannot_be_told(firm, rows_of):
    found = finding(usual(firm).tables(), "resources")
    assert (found.verdict, found.missing[0].table) == ("cannot-tell", "memberships")


def assessed(rows_of, *, new):
    rows = [
        (member, "talks", date(2024, 9, 1), new if member.startswith("new") else 4, 3)
        for member in (*(each for people in TEAMS.values() for each in people), "new1", "new2")
    ]
    return rows_of(rows, ("person", "skill", "assessed_on", "level", "needed"))


def newcomers(firm, *, won):
    staffed(firm)
    for member in ("new1", "new2"):
        firm.join(member, "red", since=date(2024, 1, 1))
        for start in QUARTERS:
            firm.close(start, owner=member, won=won, lost=30 - won)
    return usual(firm)


def test_newcomers_of_low_skill_who_convert_less_at_its_stage(firm, rows_of):
    tables = newcomers(firm, won=5).tables(stages=True)
    found = finding({**tables, "skill_assessments": assessed(rows_of, new=1)}, "skills")
    assert found.verdict == "supported"
    assert found.effect == pytest.approx(1 / 6 - 1 / 2, abs=0.01)
    assert found.place.where == {"team": "red"}
    assert found.facts[0].params["people"] == ["new1", "new2"]
    assert {check.code: check.verdict for check in found.checks}["skills.other-stages-alike"] == "holds"


@pytest.mark.parametrize(("won", "level"), [(15, 1), (5, 4)])
def test_low_skill_or_low_conversion_alone_is_not_enough(firm, rows_of, won, level):
    tables = newcomers(firm, won=won).tables(stages=True)
    found = finding({**tables, "skill_assessments": assessed(rows_of, new=level)}, "skills")
    assert found.verdict == "not-supported"


def test_a_skill_that_no_stage_is_named_after_cannot_tell(firm, rows_of):
    tables = newcomers(firm, won=5).tables(stages=True)
    skills = assessed(rows_of, new=1)
    skills = skills.mutate(skill=skills.skill.replace("talks", "writing"))
    found = finding({**tables, "skill_assessments": skills}, "skills")
    assert (found.verdict, found.missing[0].code) == ("cannot-tell", "lens.no-skill-of-stage")
