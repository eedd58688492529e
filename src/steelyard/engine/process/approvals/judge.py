"""Needless approvals: what each approval step decides, what it costs, and what could be done with it."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import numpy.typing as npt

from steelyard.engine.calendars import Calendars
from steelyard.engine.process.approvals.effects import (
    APPROVED,
    CHANGED,
    REJECTED,
    Effects,
    effects_of,
)
from steelyard.engine.process.approvals.findings import Approval, Overlap
from steelyard.engine.process.approvals.limits import limit_of
from steelyard.engine.process.approvals.overlap import overlap_of, surroundings_of
from steelyard.engine.process.approvals.proposals import NEEDLESS, Proposed, proposed
from steelyard.engine.process.approvals.recognise import Recognised, recognised
from steelyard.engine.process.approvals.saving import saving_of
from steelyard.engine.process.log import NO_TIME, EventLog
from steelyard.engine.process.order import run_starts
from steelyard.engine.process.shares import wilson
from steelyard.engine.process.whatif.replay import Replay, replay_of
from steelyard.engine.process.worktime import MICROS, clock_of

RUNS = 1000
HOUR = 3600 * MICROS
CENT = Decimal("0.01")


def approvals(
    log: EventLog,
    *,
    is_approval: Collection[str] | None = None,
    hourly_cost: Decimal | None = None,
    calendars: Calendars | None = None,
    limits: Collection[str] | None = None,
    runs: int = RUNS,
    seed: int = 0,
) -> tuple[Approval, ...]:
    """Judge the approval steps of a process.

    Parameters
    ----------
    log
        The events, with outcomes (approved, rejected, changed).
    is_approval
        The activities to judge. If left out: those with outcomes; those whose names tell a decision
        ("Claim APPROVED by X" beside "Claim REJECTED by X" are one step); and, as "cannot-tell",
        those merely called approval, review, sign-off, 审批, 审核, 复核, …
    hourly_cost
        Of an approver's hour, in money.
    calendars
        Count waits and savings in working time; without them time runs by the clock.
    limits
        Number columns of cases by which a decision could be delegated; those called amount, price, cost,
        discount, quantity, 金额, …, if left out. It must be known before the step: what a case came to
        in the end tells nothing.
    runs, seed
        Of the bootstrap for what a proposal would save.

    Returns
    -------
    tuple of Approval
        The longest total wait first, ties by name. `cost` is work hours × `hourly_cost`, rounded once, half
        to even, to the cent; None without either.

    Raises
    ------
    Refused
        `approvals.unknown-activity` with `activity`.

    Notes
    -----
    A case is *affected* when the step rejected it, asked for a change, sent it back (the next step is one
    that the case did before it first came here), or when a case column was another at the step or directly
    after it. A column that is so after more than half of the approvals is a mark of the step and not counted.

    The rule, first match:

    1. *cannot-tell*: no outcomes, more than a fifth of them missing, or fewer than 30 decided cases.
    2. The upper end of Wilson's 95 % interval of the share of affected cases is at most 2 % (with none
       affected from 189 cases on; the rule of three would ask for 150): *drop*, if at most 0.5 % were
       affected, refusals are told at all (in the log; by name, for a step told by names), and another
       approval, which stays, decides at least 90 % of the same cases in the same round (in 80 % nothing
       but approvals lies between). *sample* (one in ten) otherwise: the only control keeps people
       honest by being there, and a log without any refusal may have lost the refused cases.
    3. *merge*: the approval directly before it, in 90 % of the cases, is by the same person (lower end
       at least 80 %), with nothing in between in 80 %.
    4. *delegate* below a limit of a number column: below it the share is surely at most 2 %, above it
       surely more, at least 30 % of the cases lie below; intervals corrected for all limits tried.
    5. *keep*, where the lower end is above 2 %; else *cannot-tell*.

    A performer with four fifths of all events, or more than three roles, is a placeholder and nobody's
    "same person". Steps are judged from the longest total wait down, so that of two that could stand in
    for each other only one is dropped. An approval may prevent what it never has to refuse; the rule
    cannot see that. What would be saved comes from a replay of the log (`whatif`), per case touched.
    Source: Wilson (1927); Hanley & Lippman-Hand (1983), If nothing goes wrong, is everything all right?,
    JAMA 249. Cost: some passes over the events, and for each step a pass over its cases per run.

    Examples
    --------
    >>> import datetime, pyarrow
    >>> from steelyard.engine.process.log import log_of
    >>> day = [datetime.datetime(2024, 5, day) for day in (1, 2)]
    >>> log = log_of(pyarrow.table({"case_id": ["1", "1"], "finished_at": day,
    ...                             "activity": ["ask", "Legal review"]}))
    >>> [(one.activity, one.proposal, one.reasons) for one in approvals(log)]
    [('Legal review', 'cannot-tell', (('no-outcomes', {'missing': 'outcome'}),))]
    """
    steps = recognised(log, is_approval)
    if not steps:
        return ()
    replay = replay_of(log, calendars=calendars)
    judged = _judged(log, steps, replay, limits=limits)
    return tuple(
        _approval(one, replay, hourly_cost=hourly_cost, calendars=calendars, runs=runs, seed=seed)
        for one in judged
    )


@dataclass(frozen=True, eq=False)
class _Judged:
    """A step, what it did, what stands beside it, and what is proposed."""

    step: Recognised
    effects: Effects
    wait: npt.NDArray[np.int64]
    overlaps: tuple[Overlap, ...]
    proposed: Proposed
    leans_on: Recognised | None


def _judged(
    log: EventLog, steps: list[Recognised], replay: Replay, *, limits: Collection[str] | None
) -> list[_Judged]:
    is_any = np.zeros(len(log), bool)
    for step in steps:
        is_any[step.events] = True
    around = surroundings_of(log, is_any)
    effects = [effects_of(log, step, is_approval=is_any) for step in steps]
    has_refusals = any(bool(np.any(one.outcome != APPROVED)) for one in effects)
    waits = [replay.wait[step.events] for step in steps]
    order = sorted(
        range(len(steps)), key=lambda at: (-int(waits[at].sum()), steps[at].activity, steps[at].turn)
    )
    gone: set[int] = set()
    leaned_on: set[int] = set()
    found = []
    for at in order:
        beside = [
            (other, overlap)
            for other in range(len(steps))
            if other != at
            and (overlap := overlap_of(log, effects[at], steps[other], effects[other], around=around))
        ]
        staying = [pair for pair in beside if pair[0] not in gone]
        answer = proposed(
            effects[at],
            int(np.sum(steps[at].outcome == 0)),
            [overlap for _, overlap in staying],
            limit_of(log, effects[at], needless=NEEDLESS, columns=limits),
            has_refusals=has_refusals and steps[at].can_refuse,
            is_leaned_on=at in leaned_on,
        )
        leans_on = next((other for other, overlap in staying if overlap is answer.other), None)
        if leans_on is not None:
            gone.add(at)
            leaned_on.add(leans_on)
        overlaps = tuple(overlap for _, overlap in beside)
        other = None if leans_on is None else steps[leans_on]
        found.append(_Judged(steps[at], effects[at], waits[at], overlaps, answer, other))
    return found


def _approval(
    one: _Judged,
    replay: Replay,
    *,
    hourly_cost: Decimal | None,
    calendars: Calendars | None,
    runs: int,
    seed: int,
) -> Approval:
    log, step, effects, answer = replay.log, one.step, one.effects, one.proposed
    decisions, yes = len(effects.events), int(np.sum(effects.outcome == APPROVED))
    affected = int(effects.is_affected.sum())
    work = _work_micros(replay, step)
    saving = saving_of(replay, step, answer, one.leans_on, runs=runs, seed=seed)
    rate, low, high = _rate(yes, decisions)
    affected_rate, affected_low, affected_high = _rate(affected, len(effects.cases))
    return Approval(
        activity=step.activity,
        activities=step.activities,
        turn=step.turn,
        cases=len(run_starts(log.case[step.events])),
        decided=len(effects.cases),
        decisions=decisions,
        undecided=len(step.events) - decisions,
        approve_rate=rate,
        low=low,
        high=high,
        changed=int(np.sum(effects.outcome == CHANGED)),
        rejected=int(np.sum(effects.outcome == REJECTED)),
        affected=affected,
        affected_rate=affected_rate,
        affected_low=affected_low,
        affected_high=affected_high,
        changed_after=effects.changed_after,
        overlap=tuple(sorted(one.overlaps, key=lambda each: (-each.cases, each.activity, each.turn))),
        approvers=_approvers(log, step),
        clock=clock_of(calendars),
        median_wait_s=float(np.median(one.wait)) / MICROS if len(one.wait) else 0.0,
        total_wait_s=int(one.wait.sum()) / MICROS,
        work_hours=None if work is None else work / HOUR,
        cost=_cost(work, hourly_cost),
        proposal=answer.proposal,
        with_activity=one.leans_on.activity if one.leans_on else None,
        with_turn=one.leans_on.turn if one.leans_on else 0,
        below=(answer.limit.column, answer.limit.value) if answer.limit else None,
        saving_days=saving.median_days if saving else None,
        saving=saving,
        reasons=answer.reasons,
    )


def _rate(hits: int, total: int) -> tuple[float, float, float] | tuple[None, None, None]:
    return (hits / total, *wilson(hits, total)) if total else (None, None, None)


def _work_micros(replay: Replay, step: Recognised) -> int | None:
    started = replay.log.started
    if started is None or not np.any(started[step.events] != NO_TIME):
        return None
    return int(replay.work[step.events].sum())


def _cost(work: int | None, hourly_cost: Decimal | None) -> Decimal | None:
    if work is None or hourly_cost is None:
        return None
    return (Decimal(work) * hourly_cost / HOUR).quantize(CENT, ROUND_HALF_EVEN)


def _approvers(log: EventLog, step: Recognised) -> int:
    if log.performer is None:
        return 0
    who = log.performer[step.events]
    return int(np.count_nonzero(np.bincount(who[who >= 0])))
