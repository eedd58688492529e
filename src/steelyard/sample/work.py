"""The work itself: approvals of a contract as an event log, and what sellers did with customers."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from . import columns
from .causes import APPROVAL_WAIT, MORALE, NEEDLESS, Cause, cause_of
from .chances import Flags, Words, month_after
from .customers import Accounts
from .days import LAST_DAY, LOGGED_FROM, Floats, Ints, WorkingDays, spread
from .funnel import Funnel
from .organisation import LEGAL_APPROVERS, SALES_TEAMS, Sellers, Staff, managers, people, sellers

PROCESS = "contract approval"
_DISCOUNT, _LEGAL, _FINANCE = "discount approval", "legal approval", "finance approval"
# Mean working days of waiting for each step, and of working on it.
_WAIT = {
    "quote": 0.0,
    _DISCOUNT: 0.9,
    _LEGAL: 1.1,
    "contract revised": 0.5,
    _FINANCE: 1.0,
    "contract sent": 0.3,
    "signed": 1.6,
    "lost": 2.0,
}
_TOUCH = {
    "quote": 0.25,
    _DISCOUNT: 0.05,
    _LEGAL: 0.15,
    "contract revised": 0.2,
    _FINANCE: 0.03,
    "contract sent": 0.04,
    "signed": 0.02,
    "lost": 0.02,
}
# Working days within which a contract was promised, by the customer's size.
_PROMISED = {"Small": 5.0, "Mid": 6.0, "Enterprise": 7.0}
_KINDS = np.array(["call", "visit", "demo", "meeting", "message"])
_A_HEAD_A_DAY = 0.3  # activities that are kept
_WEARY = 0.35  # share of them that a planted fall of morale takes away


@dataclass(frozen=True)
class _Cases:
    """Opportunities at a contract, and what happens on their way through the approvals."""

    rows: Ints
    dearer: Flags
    """The first discount was refused: the quote is written again."""
    revised: Flags
    """Legal asked for changes to the contract."""
    refused: Flags
    """Legal refused it, which ended the deal."""
    dropped: Flags
    """The customer went before the contract was sent."""
    won: Flags
    first_offer: Ints
    """Fen, with the discount that was asked for at first."""


@dataclass(frozen=True)
class _Step:
    case: Ints
    activity: str
    started: Floats
    finished: Floats
    outcome: Words
    due: Floats
    fen: Ints


def work_event_table(
    funnel: Funnel, causes: tuple[Cause, ...], days: WorkingDays, *, seed: int
) -> pl.DataFrame:
    """quote → discount approval → legal approval (→ finance approval) → contract sent → signed or lost.

    A refused discount leads back to the quote, legal's changes to a revised contract. What is still under way
    when the last day ends is there as far as it came.
    """
    rng = np.random.default_rng([seed, 6])
    started = funnel.ended >= days.at(LOGGED_FROM)
    cases = _cases(funnel, np.flatnonzero(funnel.by_contract & started & (funnel.stages_passed >= 2)), rng)
    deputy = rng.random(len(funnel.ids)) < 0.1
    steps = [_finished(step, days) for step in _walk(funnel, cases, causes, days, rng)]
    table = pl.concat([_events(funnel, step, deputy, days) for step in steps if len(step.case)])
    return table.sort("finished_at", "case_id", "activity")


def _cases(funnel: Funnel, rows: Ints, rng: np.random.Generator) -> _Cases:
    won, fate, count = funnel.stages_passed[rows] == 3, rng.random(len(rows)), len(rows)
    dearer = rng.random(count) < 0.13
    refused = ~won & (fate < 0.1)
    asked = funnel.amount_fen[rows]
    return _Cases(
        rows=rows,
        dearer=dearer,
        revised=(rng.random(count) < 0.08) & ~refused,
        refused=refused,
        dropped=~won & (fate < 0.35),
        won=won,
        first_offer=np.where(dearer, columns.split(asked, rng.uniform(0.94, 0.98, count)), asked),
    )


def _walk(
    funnel: Funnel, cases: _Cases, causes: tuple[Cause, ...], days: WorkingDays, rng: np.random.Generator
) -> list[_Step]:
    """Durations first, then placed so that the last step is the moment of winning or losing."""
    rows, count = cases.rows, len(cases.rows)
    everyone, needless, planted = np.ones(count, dtype=bool), cause_of(NEEDLESS, causes), set()
    legal = np.select([cases.refused, cases.revised], ["rejected", "changed"], "approved")
    path: list[tuple[str, Flags, Words]] = [
        ("quote", everyone, _same("", count)),
        (_DISCOUNT, everyone, np.where(cases.dearer, "changed", "approved")),
        ("quote", cases.dearer, _same("", count)),
        (_DISCOUNT, cases.dearer, _same("approved", count)),
        (_LEGAL, everyone, legal),
        ("contract revised", cases.revised, _same("", count)),
        (_LEGAL, cases.revised, _same("approved", count)),
        (_FINANCE, ~cases.dropped & (needless is not None), _same("approved", count)),
        ("contract sent", ~cases.dropped, _same("", count)),
        ("signed", cases.won, _same("", count)),
        ("lost", ~cases.won, _same("", count)),
    ]
    waits, touches = [], []
    for activity, taken, _ in path:
        mean = _WAIT[activity] * (needless.force if needless and activity == _FINANCE else 1.0)
        wait = rng.gamma(2.0, mean / 2.0, count) if mean else np.zeros(count)
        if activity not in planted:
            wait = wait + _planted(funnel, rows, activity, causes)
        planted.add(activity)
        waits.append(wait * taken)
        touches.append(rng.gamma(3.0, _TOUCH[activity] / 3.0, count) * taken)
    clock, steps = funnel.ended[rows] - sum(waits) - sum(touches), []
    due = clock + np.vectorize(_PROMISED.get)(funnel.segment[rows])
    for number, (activity, taken, outcome) in enumerate(path):
        started = clock + waits[number]
        clock = started + touches[number]
        fen = cases.first_offer if number < 2 else funnel.amount_fen[rows]
        steps.append(
            _Step(rows[taken], activity, started[taken], clock[taken], outcome[taken], due[taken], fen[taken])
        )
    return steps


def _same(text: str, count: int) -> Words:
    return np.full(count, text, dtype="<U8")


def _planted(funnel: Funnel, rows: Ints, activity: str, causes: tuple[Cause, ...]) -> Floats:
    cause = cause_of(APPROVAL_WAIT, causes)
    return funnel.delay[rows] * (cause is not None and cause.where["activity"] == activity)


def _finished(step: _Step, days: WorkingDays) -> _Step:
    """Without what is not done yet when the last day ends."""
    kept = step.finished < days.at(LAST_DAY) + 1
    return _Step(
        step.case[kept],
        step.activity,
        step.started[kept],
        step.finished[kept],
        step.outcome[kept],
        step.due[kept],
        step.fen[kept],
    )


def _events(funnel: Funnel, step: _Step, deputy: Flags, days: WorkingDays) -> pl.DataFrame:
    """The region's manager signs the discount and, but for one in ten, signs again for finance."""
    names, rows = np.array([person.name for person in people()]), step.case
    boss = {SALES_TEAMS[team]: person.name for team, person in managers().items() if team in SALES_TEAMS}
    legal = np.array([names[int(code[1:]) - 1] for code in LEGAL_APPROVERS])
    performer, role = names[funnel.owner[rows]], "seller"
    if step.activity in (_DISCOUNT, _FINANCE):
        performer = np.array([boss[region] for region in funnel.region[rows].tolist()], dtype=names.dtype)
        role = "manager"
    if step.activity == _FINANCE:
        performer = np.where(deputy[rows], names[0], performer)
    if step.activity == _LEGAL:
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
            "amount": columns.money(step.fen),
            "opportunity_id": funnel.ids[rows],
            "process": np.full(len(rows), PROCESS),
        }
    )


def activity_table(
    accounts: Accounts,
    staff: Staff,
    causes: tuple[Cause, ...],
    days: WorkingDays,
    *,
    seed: int,
    scale: float,
) -> pl.DataFrame:
    """Calls and visits of each seller with accounts of the own region, by name; some far more often."""
    rng = np.random.default_rng([seed, 7])
    team_sellers, names = sellers(days, staff), np.array([person.name for person in staff])
    done, team = _done(team_sellers, days, rng, scale=scale)
    done, team = _without_weary(done, team, causes, days, rng)
    owner = np.zeros(len(done), dtype=np.int64)
    account = np.zeros(len(done), dtype=np.int64)
    for number, (code, region) in enumerate(SALES_TEAMS.items()):
        here, known = np.flatnonzero(team == number), np.flatnonzero(accounts.region == region)
        owner[here] = team_sellers.pick(code, done[here], rng)
        account[here] = known[(rng.random(len(here)) ** 4 * len(known)).astype(np.int64)]
    kind = rng.choice(_KINDS, len(done), p=[0.36, 0.24, 0.12, 0.16, 0.12])
    contact = rng.integers(1, 5, len(done))
    level = np.array(["user", "manager", "director", "executive"])[contact - 1]
    return pl.DataFrame(
        {
            "activity_id": columns.ids("ACT", len(done)),
            "done_at": columns.moment(days.times(done)),
            "owner": names[owner],
            "kind": kind,
            "account_id": accounts.ids[account],
            "contact_id": np.char.add(np.char.add(accounts.ids[account], "-"), contact.astype(str)),
            "contact_level": level,
            "minutes": np.maximum(5, np.rint(rng.gamma(3.0, 14.0, len(done)))).astype(np.int64),
            "region": accounts.region[account],
        }
    )


def _done(
    team_sellers: Sellers, days: WorkingDays, rng: np.random.Generator, *, scale: float
) -> tuple[Floats, Ints]:
    """When each was done and in which team: as many a head in each, whoever comes and goes."""
    start, end = days.at(LOGGED_FROM), days.at(LAST_DAY) + 1
    axis = np.arange(float(start), float(end))
    heads = np.stack([team_sellers.heads(team, axis) for team in SALES_TEAMS], axis=1)
    weights = np.sqrt(days.season()[start:end]) * heads.sum(axis=1)
    done = start + spread(weights, round(_A_HEAD_A_DAY * scale * float(weights.sum())), rng)
    bounds = np.cumsum(heads, axis=1)[np.floor(done).astype(np.int64) - start]
    drawn = rng.random(len(done)) * bounds[:, -1]
    return done, (bounds <= drawn[:, None]).sum(axis=1)


def _without_weary(
    done: Floats, team: Ints, causes: tuple[Cause, ...], days: WorkingDays, rng: np.random.Generator
) -> tuple[Floats, Ints]:
    cause = cause_of(MORALE, causes)
    if cause is None:
        return done, team
    here = np.array(list(SALES_TEAMS))[team] == cause.where["team"]
    hit = here & (done >= days.at(month_after(cause))) & (rng.random(len(done)) < _WEARY * cause.force)
    return done[~hit], team[~hit]
