"""Ratio KPIs: what a leaf's rate usually is, and what each leaf adds to the change of the whole ratio."""

import numpy as np

from steelyard.engine.localise.evidence import Kind, Mask, Rates, Relative
from steelyard.engine.localise.lattice import Codes, Floats
from steelyard.engine.localise.table import Leaves
from steelyard.errors import Refused

# A leaf's own rate weighs as much as the rate of its dimension values once it rests on this many trials.
PRIOR_TRIALS = 5.0
SWEEPS = 6


def contributions(leaves: Leaves) -> Floats:
    """Kitagawa's rate and mix effect of each leaf, together.

    Source: Kitagawa (1955), Components of a difference between two rates; the leaf terms add up to the gap.
    """
    figures = leaves.figures
    now, before = figures["actual_denominator"], figures["expected_denominator"]
    total_now, total_before = now.sum(), before.sum()
    if total_now == 0 or total_before == 0:
        raise Refused("localise.no-denominator")
    ratio_now = float(figures["actual_numerator"].sum() / total_now)
    ratio_before = float(figures["expected_numerator"].sum() / total_before)
    middle = (ratio_now + ratio_before) / 2
    terms = (figures["actual_numerator"] - middle * now) / total_now
    return terms - (figures["expected_numerator"] - middle * before) / total_before


def rate(leaves: Leaves, inside: Mask, side: str) -> float:
    """The ratio of a group of leaves, 0 where nothing is below the line."""
    below = float(leaves.figures[f"{side}_denominator"][inside].sum())
    return float(leaves.figures[f"{side}_numerator"][inside].sum()) / below if below else 0.0


def kind_of(leaves: Leaves) -> Kind:
    """Rates where every leaf has at most as many events as trials, else the numerator beside what was due."""
    figures = leaves.figures
    events, trials = figures["actual_numerator"], figures["actual_denominator"]
    usual_events, usual_trials = figures["expected_numerator"], figures["expected_denominator"]
    if not (_is_share(events, trials) and _is_share(usual_events, usual_trials)):
        due = trials * _usual(usual_events, usual_trials, leaves)
        return Relative(events, due)
    if events.sum() > trials.sum() / 2:
        events, usual_events = trials - events, usual_trials - usual_events
    return Rates(events, trials, np.clip(_usual(usual_events, usual_trials, leaves), 0, 1))


def _is_share(events: Floats, trials: Floats) -> bool:
    return bool(np.all(events >= 0) and np.all(events <= trials * (1 + 1e-12)))


def _usual(events: Floats, trials: Floats, leaves: Leaves) -> Floats:
    """Each leaf's rate, drawn towards what its dimension values suggest as far as its trials are few."""
    prior = _suggested(events, trials, leaves.codes, leaves.sizes)
    return (events + PRIOR_TRIALS * prior) / (np.maximum(trials, 0) + PRIOR_TRIALS)


def _suggested(events: Floats, trials: Floats, codes: Codes, sizes: tuple[int, ...]) -> Floats:
    """Rates as a product of one factor a dimension value, fitted until the margins agree."""
    total = trials.sum()
    rates = np.full(len(events), events.sum() / total if total else 0.0)
    for _ in range(SWEEPS):
        for axis, size in enumerate(sizes):
            seen = np.bincount(codes[:, axis], events, minlength=size)
            due = np.bincount(codes[:, axis], rates * trials, minlength=size)
            factor = (seen + 0.5) / (due + 0.5) if np.all(due >= 0) and np.all(seen >= 0) else np.ones(size)
            rates = rates * factor[codes[:, axis]]
    return rates
