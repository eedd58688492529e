"""What a proposal would save, by playing the log again without the step, or with it merged."""

import numpy as np

from steelyard.engine.process.approvals.findings import Saving
from steelyard.engine.process.approvals.proposals import SAMPLED, Proposed
from steelyard.engine.process.approvals.recognise import Recognised
from steelyard.engine.process.log import Longs
from steelyard.engine.process.order import run_starts
from steelyard.engine.process.shares import Estimate, interval_of, quantile_estimate
from steelyard.engine.process.whatif.apply import in_one_go, without
from steelyard.engine.process.whatif.numbers import numbers_of
from steelyard.engine.process.whatif.replay import Replay
from steelyard.engine.process.whatif.resample import resample_of

DAY = 86_400_000_000
HOUR = 3_600_000_000


def saving_of(
    replay: Replay,
    step: Recognised,
    answer: Proposed,
    leans_on: Recognised | None,
    *,
    runs: int,
    seed: int,
) -> Saving | None:
    """The saving of the proposal in the cases that it touches; None where it leaves the step as it is."""
    if answer.proposal in ("keep", "cannot-tell"):
        return None
    events = _events(replay, step, answer)
    if answer.proposal == "merge" and leans_on is not None:
        changed = in_one_go(replay, np.union1d(events, leans_on.events))
    else:
        changed = without(replay, events)
    cases = replay.log.case[events[run_starts(replay.log.case[events])]]
    saved = (replay.cycles() - changed.cycles())[cases]
    days = saved / DAY
    random = np.random.default_rng(seed)
    resample = resample_of(replay.arrival[cases], runs=runs, random=random, is_joint=False)
    mean = float(days.mean())
    part = 1 - SAMPLED if answer.proposal == "sample" else 1.0
    return Saving(
        cases=round(len(cases) * part),
        median_days=quantile_estimate(days, 0.5, runs=runs, random=random),
        mean_days=Estimate(mean, *interval_of(resample.scaled(resample.draws(days, None), mean))),
        total_hours=int(saved.sum()) / HOUR * part,
    )


def _events(replay: Replay, step: Recognised, answer: Proposed) -> Longs:
    if answer.limit is None:
        return step.events
    numbers = numbers_of(replay.log, answer.limit.column)
    return step.events[numbers[replay.log.case[step.events]] < answer.limit.value]
