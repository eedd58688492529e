"""The chances at each stage of an opportunity, with what is planted taken in."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .causes import APPROVAL_WAIT, JOINERS, MARKET, MIX, MORALE, OVERLOAD, TEAM_OF, WIN_RATE, Cause, cause_of
from .days import Floats, Ints, WorkingDays
from .organisation import LATE_JOINERS_FROM, Staff

Words = NDArray[np.str_]
Flags = NDArray[np.bool_]

STAGES = ("qualification", "proposal", "negotiation")
SOURCES = np.array(["Direct", "Partner", "Online"])
SOURCE_SHARE = np.array([0.48, 0.30, 0.22])
_BASE = (0.60, 0.58, 0.62)
# What comes from online is often not meant seriously: a third less of it is won, in every year.
_SOURCE_GAIN = {"Direct": 0.055, "Partner": 0.033, "Online": -0.165}
_A_DAY_OF_WAITING = 0.06
_LEAST = 0.03
# An opportunity closes about this many working days after it came in.
_USUAL_LENGTH = 30


@dataclass(frozen=True)
class Passed:
    """How far each opportunity came, and which were lost only because an approval took so long."""

    stages: Ints
    waited_out: Flags


def draw_sources(
    ended: Floats, causes: tuple[Cause, ...], days: WorkingDays, rng: np.random.Generator
) -> Words:
    """Where each came from; a planted shift of the mix comes in with what was created since."""
    mix = cause_of(MIX, causes)
    since = ended - _USUAL_LENGTH >= days.at(mix.since) if mix else np.zeros(len(ended), dtype=bool)
    shift = (mix.strength if mix else 0.0) * since
    others = 1.0 - shift / (1.0 - SOURCE_SHARE[2])
    bounds = np.cumsum(SOURCE_SHARE[:2])[:, None] * others
    return SOURCES[(rng.random(len(ended)) >= bounds).sum(axis=0)]


def approval_delay(
    at_contract: Flags, region: Words, ended: Floats, causes: tuple[Cause, ...], days: WorkingDays, seed: int
) -> Floats:
    """Working days that the planted wait adds to each opportunity that needs a contract."""
    cause = cause_of(APPROVAL_WAIT, causes)
    if cause is None:
        return np.zeros(len(ended))
    drawn = np.random.default_rng([seed, 14]).gamma(2.0, cause.strength / 2.0, len(ended))
    return drawn * (at_contract & (region == cause.where["region"]) & (ended >= days.at(cause.since)))


def pass_stages(odds: Floats, delay: Floats, rng: np.random.Generator) -> Passed:
    """Each working day of a planted delay takes some off the chance to be signed."""
    drawn = rng.random((len(odds), 3))
    undisturbed = np.cumprod(drawn < odds, axis=1).sum(axis=1)
    late = odds.copy()
    late[:, 2] = np.where(delay > 0, np.maximum(late[:, 2] - _A_DAY_OF_WAITING * delay, _LEAST), late[:, 2])
    stages = np.cumprod(drawn < late, axis=1).sum(axis=1)
    return Passed(stages, stages < undisturbed)


def conversions(
    days: WorkingDays,
    dimensions: dict[str, Words],
    owner: Ints,
    ended: Floats,
    causes: tuple[Cause, ...],
    staff: Staff,
    rng: np.random.Generator,
) -> Floats:
    """(opportunity, stage) → probability of leaving the stage upwards, with what is planted taken off."""
    talent = rng.normal(0.0, 0.03, len(staff))
    segment, product, source = (dimensions[name] for name in ("segment", "product", "source"))
    first = _BASE[0] + 0.02 * (segment == "Small") - 0.02 * (segment == "Enterprise")
    first = first + sum(gain * (source == name) for name, gain in _SOURCE_GAIN.items())
    second = _BASE[1] + 0.02 * (product == "Beam Pro") - 0.02 * (product == "Pivot")
    odds = np.stack([first, second, _BASE[2] + talent[owner]], axis=1)
    for cause in causes:
        since = ended >= days.at(cause.since)
        if cause.kind == WIN_RATE:
            loss = cause.strength / (odds[:, 0] * odds[:, 2])
            odds[:, 1] += loss * since * _inside(cause, dimensions)
        if cause.kind == JOINERS:
            odds[:, 2] += cause.strength * _joiner_of(cause.where["team"], staff)[owner]
        if cause.kind == OVERLOAD:
            odds[:, 0] += cause.strength * since * (dimensions["region"] == cause.where["region"])
        if cause.kind == MORALE:
            here = ended >= days.at(month_after(cause))
            odds += (cause.strength * here * _is_of_team(dimensions["region"], cause))[:, None]
        if cause.kind == MARKET:
            odds[:, STAGES.index(cause.where["stage"])] += cause.strength * since
    return np.maximum(odds, _LEAST)


def month_after(cause: Cause) -> str:
    """The first day of the month after a cause began, when its result begins."""
    return str((np.datetime64(cause.since, "M") + 1).astype("datetime64[D]"))


def _is_of_team(region: Words, cause: Cause) -> Flags:
    return np.isin(region, [name for name, team in TEAM_OF.items() if team == cause.where["team"]])


def _inside(cause: Cause, dimensions: dict[str, Words]) -> Flags:
    return np.logical_and.reduce([dimensions[name] == value for name, value in cause.where.items()])


def _joiner_of(team: str, staff: Staff) -> Flags:
    return np.array([person.team == team and person.joined_on >= LATE_JOINERS_FROM for person in staff])
