"""What is planted, where and since when: chosen by the seed, written beside the files as the truth.

Power at scale 1 (about 1,500 opportunities closed in the last quarter, about 22 % of them won): twelve points
on a segment of 20 to 33 % of them are four to six standard errors of that segment's own change against a year
ago and 10 to 25 % of won revenue, where the noise of the quarter's win rate is about 7 % and that of its deal
size about 4 %. Fifteen points on the negotiations of one team's joiners are about three standard errors over
the last year. Three working days on the logged approvals are more than ten. At half strength each is half as
many.
"""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from .days import FIRST_YEAR, LAST_DAY, LAST_YEAR

PERIOD, BASELINE = f"{LAST_YEAR}-Q4", f"{LAST_YEAR - 1}-Q4"
APPROVAL_WAIT, WIN_RATE, JOINERS, TARGET = (
    "approval-wait",
    "win-rate",
    "joiners-negotiation",
    "target-out-of-reach",
)
KINDS = (APPROVAL_WAIT, WIN_RATE, JOINERS, TARGET)

_FULL_STRENGTH = {APPROVAL_WAIT: 3.0, WIN_RATE: -0.12, JOINERS: -0.15, TARGET: 0.4}
_UNIT = {
    APPROVAL_WAIT: "working-days",
    WIN_RATE: "percentage-points",
    JOINERS: "percentage-points",
    TARGET: "share-above-history",
}
_KPI = {
    APPROVAL_WAIT: "work_cycle_days",
    WIN_RATE: "win_rate",
    JOINERS: "stage_conversion",
    TARGET: "won_revenue",
}
# Each holds at least 18 % of all opportunities, or the effect would drown in one quarter's counts.
_SEGMENTS: tuple[dict[str, str], ...] = (
    {"product": "Beam One", "region": "East"},
    {"product": "Beam One", "segment": "Small"},
    {"product": "Beam One", "source": "Direct"},
    {"segment": "Mid"},
    {"product": "Beam Pro"},
    {"source": "Partner"},
)


@dataclass(frozen=True)
class Cause:
    """One planted cause; `strength` is in `unit`, already multiplied by the strength asked for."""

    kind: str
    where: dict[str, str]
    since: date
    strength: float
    unit: str
    kpi: str
    period: str
    baseline: str


@dataclass(frozen=True)
class Truth:
    """What a company was made of: nothing in `causes` means nothing was planted."""

    seed: int
    scale: float
    strength: float
    first_day: date
    last_day: date
    reorganised_on: date
    period: str
    baseline: str
    causes: tuple[Cause, ...]
    rows: dict[str, int]

    def cause(self, kind: str) -> Cause | None:
        return next((cause for cause in self.causes if cause.kind == kind), None)

    def as_json(self) -> dict[str, Any]:
        """The truth file: dates as text, everything else as it is."""
        raw = asdict(self)
        raw["causes"] = [{**cause, "since": cause["since"].isoformat()} for cause in raw["causes"]]
        return {
            **raw,
            **{name: raw[name].isoformat() for name in ("first_day", "last_day", "reorganised_on")},
        }


def choose_causes(seed: int, *, strength: float, planted: bool) -> tuple[Cause, ...]:
    """The four causes of this seed, or none; the place does not depend on the strength."""
    rng = np.random.default_rng([seed, 1])
    places = {
        APPROVAL_WAIT: (
            {
                "activity": str(rng.choice(["discount approval", "legal approval"])),
                "region": str(rng.choice(["East", "South", "North", "West"])),
            },
            date(LAST_YEAR, int(rng.integers(3, 10)), 1),
        ),
        WIN_RATE: (
            dict(_SEGMENTS[int(rng.integers(len(_SEGMENTS)))]),
            date(LAST_YEAR, int(rng.integers(6, 11)), 1),
        ),
        JOINERS: (
            {"team": str(rng.choice(["EAST", "SOUTH", "NORTH"])), "stage": "negotiation"},
            date(LAST_YEAR, 1, 1),
        ),
        TARGET: ({"team": str(rng.choice(["EAST", "SOUTH", "NORTH", "WEST"]))}, date(LAST_YEAR, 10, 1)),
    }
    if not planted or strength == 0:
        return ()
    return tuple(
        Cause(
            kind=kind,
            where=where,
            since=since,
            strength=_FULL_STRENGTH[kind] * strength,
            unit=_UNIT[kind],
            kpi=_KPI[kind],
            period=PERIOD,
            baseline="target" if kind == TARGET else BASELINE,
        )
        for kind, (where, since) in places.items()
    )


def truth_of(
    *,
    seed: int,
    scale: float,
    strength: float,
    reorganised_on: date,
    causes: tuple[Cause, ...],
    rows: dict[str, int],
) -> Truth:
    return Truth(
        seed=seed,
        scale=scale,
        strength=strength,
        first_day=date(FIRST_YEAR, 1, 1),
        last_day=LAST_DAY,
        reorganised_on=reorganised_on,
        period=PERIOD,
        baseline=BASELINE,
        causes=causes,
        rows=rows,
    )
