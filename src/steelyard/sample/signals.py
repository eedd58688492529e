"""What people said and learned: customer feedback, surveys, skills, learning, tools, ideas."""

from datetime import date

import numpy as np
import polars as pl

from . import columns
from .causes import JOINERS, MORALE, Cause, cause_of
from .customers import Accounts
from .days import FIRST_DAY, LAST_DAY, Floats, Ints, WorkingDays, spread
from .funnel import Funnel
from .organisation import LATE_JOINERS_FROM, Person, Staff, active_people, headcount_on, people

_QUESTIONS = {  # question: share of favourable answers
    "goals_are_clear": 0.76,
    "manager_support": 0.74,
    "proud_to_work_here": 0.72,
    "speak_up_safely": 0.63,
    "i_learn_here": 0.70,
    "tools_help_me": 0.58,
    "approvals_are_fast": 0.55,
    "fair_pay": 0.52,
}
_WAVES = {
    f"{year}-Q{quarter}": date(year, quarter * 3, 1) for year in (2024, 2025) for quarter in (1, 2, 3, 4)
}
_TEAMS = ("EAST", "SOUTH", "NORTH", "WEST", "MKT", "CS")
_SKILLS = {  # skill: the level that the roles need
    "product": 3,
    "industry": 3,
    "communication": 4,
    "negotiation": 3,
    "data analysis": 2,
}
_ASSESSED = (date(2024, 11, 18), date(2025, 11, 17))
_FORMS = np.array(["course", "online", "mentor", "rotation", "seminar", "practice"])
_TOOLS = {"CRM": 0.55, "Mailer": 0.22, "Quote builder": 0.30, "Dashboard": 0.18}
_COMMENTS = np.array(
    ["交付及时", "响应有点慢", "Good product, slow paperwork", "价格偏高", "服务专业", "Would buy again"]
)
_SMALLEST_GROUP = 5
_DEMORALISED = 0.3  # taken off each question's share of favourable answers


def signal_tables(
    funnel: Funnel,
    accounts: Accounts,
    staff: Staff,
    causes: tuple[Cause, ...],
    days: WorkingDays,
    *,
    seed: int,
    scale: float,
) -> dict[str, pl.DataFrame]:
    rng = np.random.default_rng([seed, 11])
    return {
        "feedback": _feedback(funnel, accounts, days, rng),
        "survey_scores": _survey_scores(staff, causes, rng),
        "skill_assessments": _skill_assessments(staff, causes, rng),
        "learning": _learning(days, staff, rng, scale=scale),
        "tool_use": _tool_use(days, staff, rng, scale=scale),
        "ideas": _ideas(days, staff, rng, scale=scale),
    }


def _feedback(
    funnel: Funnel, accounts: Accounts, days: WorkingDays, rng: np.random.Generator
) -> pl.DataFrame:
    """One win in five answers some weeks later: would recommend (0 to 10) or is satisfied (1 to 5)."""
    given = funnel.ended + rng.uniform(8.0, 40.0, len(funnel.ids))
    answered = funnel.won & (rng.random(len(funnel.ids)) < 0.2) & (given < days.at(LAST_DAY) + 1)
    rows = np.flatnonzero(answered)
    rows = rows[np.argsort(given[rows], kind="stable")]
    is_nps = rng.random(len(rows)) < 0.6
    nps = np.clip(np.rint(rng.normal(8.1, 1.7, len(rows))), 0, 10)
    csat = np.clip(np.rint(rng.normal(4.1, 0.8, len(rows))), 1, 5)
    names = np.array([person.name for person in people()])
    return pl.DataFrame(
        {
            "feedback_id": columns.ids("F", len(rows)),
            "given_on": columns.day(days.dates(given[rows])),
            "score": np.where(is_nps, nps, csat).astype(np.int64),
            "scale": np.where(is_nps, "nps", "csat"),
            "customer": accounts.names[funnel.account[rows]],
            "owner": names[funnel.owner[rows]],
            "complaint": np.where(np.where(is_nps, nps <= 5, csat <= 2), "yes", "no"),
            "comment": columns.text(rng.choice(_COMMENTS, len(rows)), known=rng.random(len(rows)) < 0.35),
            "region": funnel.region[rows],
        }
    )


def _survey_scores(staff: Staff, causes: tuple[Cause, ...], rng: np.random.Generator) -> pl.DataFrame:
    """Team scores as a survey tool gives them out: groups under five are left out."""
    rows = []
    for wave, day in _WAVES.items():
        for team in _TEAMS:
            asked = headcount_on(team, day, staff)
            answers = max(int(rng.binomial(asked, 0.93)), min(asked, _SMALLEST_GROUP))
            favourable = rng.binomial(answers, _shares(team, day, causes))
            if answers < _SMALLEST_GROUP:
                continue
            for question, good in zip(_QUESTIONS, favourable.tolist(), strict=True):
                rows.append((wave, day, team, question, answers, good, round(2.4 + 2.2 * good / answers, 2)))
    names = ["wave", "held_on", "team", "question", "answers", "favourable", "mean"]
    return pl.DataFrame(rows, schema=names, orient="row")


def _shares(team: str, day: date, causes: tuple[Cause, ...]) -> Floats:
    """Question → share of favourable answers; lower from the wave on that a planted fall begins with."""
    shares, cause = np.array(list(_QUESTIONS.values())), cause_of(MORALE, causes)
    if cause is None or team != cause.where["team"] or day < cause.since:
        return shares
    return shares - _DEMORALISED * cause.force


def _skill_assessments(staff: Staff, causes: tuple[Cause, ...], rng: np.random.Generator) -> pl.DataFrame:
    rows = []
    for day in _ASSESSED:
        for person in active_people(staff, day):
            levels = np.clip(np.rint(rng.normal(3.3, 0.7, len(_SKILLS))), 1, 5).astype(int).tolist()
            for skill, level in zip(_SKILLS, levels, strict=True):
                weaker = _weaker(causes, person, skill)
                held, evidence = max(1, level - weaker), "年度评估 Yearly review"
                rows.append((person.code, skill, day, held, "manager", evidence, _SKILLS[skill]))
    names = ["person", "skill", "assessed_on", "level", "by", "evidence", "needed"]
    return pl.DataFrame(rows, schema=names, orient="row")


def _weaker(causes: tuple[Cause, ...], person: Person, skill: str) -> int:
    """Where joiners were planted, their manager has seen it: two levels at full strength, one at half."""
    hit = [
        cause
        for cause in causes
        if cause.kind == JOINERS
        and skill == cause.where["stage"]
        and person.team == cause.where["team"]
        and person.joined_on >= LATE_JOINERS_FROM
    ]
    return round(-hit[0].strength / 0.075) if hit else 0


def _random_people(when: Ints, staff: Staff, days: WorkingDays, rng: np.random.Generator) -> pl.Series:
    """Someone who was employed at each moment."""
    joined = np.array([days.at(person.joined_on) for person in staff])
    left = np.array([days.at(person.left_on) if person.left_on else len(days.days) for person in staff])
    here = (joined <= when[:, None]) & (when[:, None] < left)
    rank = np.cumsum(here, axis=1)
    nth = (rng.random(len(when)) * rank[:, -1]).astype(np.int64)
    return pl.Series(np.array([person.code for person in staff])[(rank <= nth[:, None]).sum(axis=1)])


def _learning(days: WorkingDays, staff: Staff, rng: np.random.Generator, *, scale: float) -> pl.DataFrame:
    start, end = days.at(FIRST_DAY), days.at(LAST_DAY) + 1
    when = np.floor(start + spread(np.ones(end - start), max(20, round(420 * scale)), rng)).astype(np.int64)
    form = rng.choice(_FORMS, len(when), p=[0.25, 0.35, 0.12, 0.04, 0.14, 0.1])
    item = rng.choice(
        ["谈判技巧 Negotiation", "产品认证 Product", "数据分析 Data analysis", "行业知识 Industry"], len(when)
    )
    return pl.DataFrame(
        {
            "person": _random_people(when, staff, days, rng),
            "item": item,
            "day": columns.day(days.dates(when)),
            "hours": np.rint(rng.gamma(2.0, 2.0, len(when)) * 2 + 1) / 2,
            "form": form,
            "score": np.clip(np.rint(rng.normal(82, 9, len(when))), 40, 100).astype(np.int64),
        }
    ).unique(["person", "item", "day"], keep="first", maintain_order=True)


def _tool_use(days: WorkingDays, staff: Staff, rng: np.random.Generator, *, scale: float) -> pl.DataFrame:
    """The last forty working days of the log at scale 1, further back at a larger one."""
    end = days.at(LAST_DAY) + 1
    start = max(days.at(FIRST_DAY), end - round(40 * scale) - 1)
    users, tools = active_people(staff), list(_TOOLS)
    present = [days.at(person.joined_on) for person in users]
    shape = (end - start, len(users), len(tools))
    used = rng.random(shape) < np.array(list(_TOOLS.values())) * 0.6
    used &= (np.arange(start, end)[:, None] >= np.array(present)[None, :])[:, :, None]
    day, person, tool = np.nonzero(used)
    sessions = 1 + rng.poisson(1.8, len(day))
    return pl.DataFrame(
        {
            "tool": np.array(tools)[tool],
            "person": np.array([person.code for person in users])[person],
            "day": columns.day(days.dates(day + start)),
            "sessions": sessions,
            "minutes": sessions * rng.integers(3, 25, len(day)),
        }
    )


def _ideas(days: WorkingDays, staff: Staff, rng: np.random.Generator, *, scale: float) -> pl.DataFrame:
    start, end = days.at(FIRST_DAY), days.at(LAST_DAY) + 1
    when = np.floor(start + spread(np.ones(end - start), max(10, round(150 * scale)), rng)).astype(np.int64)
    answered = when + rng.integers(3, 40, len(when))
    has_answer = (rng.random(len(when)) < 0.75) & (answered < end)
    used = has_answer & (rng.random(len(when)) < 0.35)
    return pl.DataFrame(
        {
            "idea_id": columns.ids("I", len(when)),
            "raised_on": columns.day(days.dates(when)),
            "person": _random_people(when, staff, days, rng),
            "status": np.select([used, has_answer], ["accepted", "declined"], "open"),
            "answered_on": columns.day(days.dates(answered), known=has_answer),
            "used": np.where(used, "yes", "no"),
        }
    )
