"""The work itself: approvals of a contract as an event log, and what sellers did with customers."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from . import columns
from .causes import APPROVAL_WAIT, Cause
from .customers import Accounts
from .days import FIRST_DAY, LAST_DAY, Floats, Ints, WorkingDays, spread
from .funnel import Flags, Funnel, Words
from .organisation import LEGAL_APPROVERS, SALES_TEAMS, managers, people, sellers

_STEPS = ("quote", "discount approval", "legal approval", "contract sent", "signed")
_WAIT = {"quote": 0.0, "discount approval": 0.9, "legal approval": 1.1, "contract sent": 0.3, "signed": 1.6}
_TOUCH = {
    "quote": 0.25,
    "discount approval": 0.05,
    "legal approval": 0.15,
    "contract sent": 0.04,
    "signed": 0.02,
}
# Working days within which a contract was promised, by the customer's size.
_PROMISED = {"Small": 4.0, "Mid": 5.0, "Enterprise": 6.0}
_KINDS = np.array(["call", "visit", "demo", "meeting", "message"])


@dataclass(frozen=True)
class _Step:
    case: Ints
    activity: str
    started: Floats
    finished: Floats
    outcome: Words
    due: Floats


def work_event_table(
    funnel: Funnel, causes: tuple[Cause, ...], days: WorkingDays, *, seed: int
) -> pl.DataFrame:
    """quote → discount approval (→ changed quote) → legal approval → contract sent → signed."""
    rng = np.random.default_rng([seed, 6])
    logged = funnel.won & funnel.by_contract & (rng.random(len(funnel.ids)) < 0.5)
    cases = np.flatnonzero(logged)
    steps = _walk(funnel, cases, causes, days, rng)
    table = pl.concat([_events(funnel, step, days) for step in steps])
    return table.sort("finished_at", "case_id", "activity")


def _walk(
    funnel: Funnel, cases: Ints, causes: tuple[Cause, ...], days: WorkingDays, rng: np.random.Generator
) -> list[_Step]:
    """Durations first, then placed so that the last step is the moment of winning."""
    changed = rng.random(len(cases)) < 0.13
    path = [
        ("quote", None),
        ("discount approval", changed),
        ("quote", changed),
        ("discount approval", changed),
    ]
    path += [("legal approval", None), ("contract sent", None), ("signed", None)]
    waits, touches, runs = [], [], []
    for number, (activity, _) in enumerate(path):
        again = number in (2, 3)
        runs.append(changed if again else np.ones(len(cases), dtype=bool))
        wait = rng.gamma(2.0, _WAIT[activity] / 2.0, len(cases)) if _WAIT[activity] else np.zeros(len(cases))
        wait = wait + (0.0 if number == 3 else _planted(funnel, cases, activity, causes, days))
        waits.append(wait * runs[-1])
        touches.append(rng.gamma(3.0, _TOUCH[activity] / 3.0, len(cases)) * runs[-1])
    total = sum(waits) + sum(touches)
    clock, steps = funnel.ended[cases] - total, []
    due = clock + np.vectorize(_PROMISED.get)(funnel.segment[cases])
    for number, (activity, _) in enumerate(path):
        started = clock + waits[number]
        clock = started + touches[number]
        first_try = number == 1
        outcome = np.where(changed & first_try, "changed", "approved" if "approval" in activity else "")
        kept = runs[number]
        steps.append(_Step(cases[kept], activity, started[kept], clock[kept], outcome[kept], due[kept]))
    return steps


def _planted(
    funnel: Funnel, cases: Ints, activity: str, causes: tuple[Cause, ...], days: WorkingDays
) -> Floats:
    extra = np.zeros(len(cases))
    for cause in causes:
        if cause.kind == APPROVAL_WAIT and cause.where["activity"] == activity:
            late = funnel.ended[cases] >= days.at(cause.since)
            extra += cause.strength * (late & (funnel.region[cases] == cause.where["region"]))
    return extra


def _events(funnel: Funnel, step: _Step, days: WorkingDays) -> pl.DataFrame:
    names, rows = np.array([person.name for person in people()]), step.case
    boss = {SALES_TEAMS[team]: person.name for team, person in managers().items() if team in SALES_TEAMS}
    legal = np.array([names[int(code[1:]) - 1] for code in LEGAL_APPROVERS])
    performer, role = names[funnel.owner[rows]], "seller"
    if step.activity == "discount approval":
        performer, role = (
            np.array([boss[region] for region in funnel.region[rows].tolist()], dtype=names.dtype),
            "manager",
        )
    elif step.activity == "legal approval":
        performer, role = legal[rows % len(legal)], "legal"
    return pl.DataFrame(
        {
            "case_id": np.char.replace(funnel.ids[rows], "O", "Q", count=1),
            "activity": np.full(len(rows), step.activity),
            "started_at": columns.moment(days.times(step.started)),
            "finished_at": columns.moment(days.times(step.finished)),
            "performer": performer,
            "role": np.full(len(rows), role),
            "outcome": pl.Series(step.outcome).replace("", None),
            "due_on": columns.day(days.dates(step.due)),
            "region": funnel.region[rows],
            "segment": funnel.segment[rows],
            "product": funnel.product[rows],
            "opportunity_id": funnel.ids[rows],
        }
    )


def activity_table(accounts: Accounts, days: WorkingDays, *, seed: int, scale: float) -> pl.DataFrame:
    """Calls and visits of each seller with accounts of the own region, by name; some far more often."""
    rng = np.random.default_rng([seed, 7])
    start, end = days.at(FIRST_DAY), days.at(LAST_DAY) + 1
    done = start + spread(np.sqrt(days.season()[start:end]), round(1700 * scale), rng)
    account = (rng.random(len(done)) ** 4 * len(accounts.ids)).astype(np.int64)
    kind = rng.choice(_KINDS, len(done), p=[0.36, 0.24, 0.12, 0.16, 0.12])
    contact = rng.integers(1, 5, len(done))
    level = np.array(["user", "manager", "director", "executive"])[contact - 1]
    return pl.DataFrame(
        {
            "activity_id": columns.ids("ACT", len(done)),
            "done_at": columns.moment(days.times(done)),
            "owner": np.array([person.name for person in people()])[
                _seller(accounts.region[account], done, days, rng)
            ],
            "kind": kind,
            "account_id": accounts.ids[account],
            "contact_id": np.char.add(np.char.add(accounts.ids[account], "-"), contact.astype(str)),
            "contact_level": level,
            "minutes": np.maximum(5, np.rint(rng.gamma(3.0, 14.0, len(done)))).astype(np.int64),
            "region": accounts.region[account],
        }
    )


def _seller(region: Words, done: Floats, days: WorkingDays, rng: np.random.Generator) -> Ints:
    team_sellers, owner = sellers(days), np.zeros(len(region), dtype=np.int64)
    for team, name in SALES_TEAMS.items():
        here: Flags = region == name
        owner[here] = team_sellers.pick(team, done[here], rng)
    return owner
