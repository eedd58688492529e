"""What is planted, where and since when: chosen by the seed, written beside the files as the truth.

Power at scale 1, where about 1,500 opportunities close in the last quarter and about 22 % of them are won;
the noise of the quarter's win rate is about 7 % of it and that of its deal size about 4 %. In standard errors
of the change against a year ago:

- win-rate: −12 points on a segment of 20 to 33 % of all are four to six, and 10 to 25 % of won revenue.
- joiners-negotiation (skills): −15 points on the negotiations of one team's joiners, about three over the
  last year; their assessed level in negotiation is two lower.
- approval-wait (process): three working days on the approvals of one region are more than ten; each such day
  takes six points off the chance to be signed, which over the months since is two (West) to three (East).
- target-out-of-reach (goals): 40 % above what the share of the year before would give; a team's quarter
  varies by 8 (East) to 13 % (West).
- overload (resources): the joiners of one region went to customer success and one more left, so that its load
  per head is a third to a double above that of a year ago, where it fell elsewhere; −16 points out of
  qualification are three and a half (West) to six (East), a first contact takes nearly three times as long
  (more than five), and a third of the calls and visits for each account are not made (two to three).
- morale: −30 points of favourable answers in one team of six to nine are about four from one wave on; a month
  later a third fewer activities (two to three) and −8 points at each of three stages (two to four).
- market: −14 points at one stage for everybody are six in all and two in the smallest region; ten points more
  losses to price and ten to competitors (six), four points more discount (ten).
- mix (strategy): 32 points more of what closes come from online, which wins a third less often than the
  others in every year: −2.4 points of the win rate; nearly twenty for the share, one and a half for the rate.
- needless-approval: one more signature by the manager who signed before, always given, waits a working day.

At half strength each is half as many.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from steelyard.errors import Refused

from .days import FIRST_YEAR, LAST_DAY, LAST_YEAR, LOGGED_FROM

PERIOD, BASELINE = f"{LAST_YEAR}-Q4", f"{LAST_YEAR - 1}-Q4"
APPROVAL_WAIT, WIN_RATE, JOINERS, TARGET, NEEDLESS, OVERLOAD, MORALE, MARKET, MIX = (
    "approval-wait",
    "win-rate",
    "joiners-negotiation",
    "target-out-of-reach",
    "needless-approval",
    "overload",
    "morale",
    "market",
    "mix",
)
TEAM_OF = {"East": "EAST", "South": "SOUTH", "North": "NORTH", "West": "WEST"}


@dataclass(frozen=True)
class Kind:
    """A kind of cause: the lens that should find it ("" for none), its size at full strength."""

    lens: str
    strength: float
    unit: str
    kpi: str
    baseline: str = BASELINE


KINDS = {
    APPROVAL_WAIT: Kind("process", 3.0, "working-days", "work_cycle_days"),
    WIN_RATE: Kind("", -0.12, "percentage-points", "win_rate"),
    JOINERS: Kind("skills", -0.15, "percentage-points", "stage_conversion"),
    TARGET: Kind("goals", 0.4, "share-above-history", "won_revenue", "target"),
    NEEDLESS: Kind("process", 1.0, "working-days", "work_cycle_days"),
    OVERLOAD: Kind("resources", -0.16, "percentage-points", "stage_conversion"),
    MORALE: Kind("morale", -0.08, "percentage-points", "win_rate"),
    MARKET: Kind("market", -0.14, "percentage-points", "stage_conversion"),
    MIX: Kind("strategy", 0.32, "share", "win_rate"),
}
STANDARD = (APPROVAL_WAIT, WIN_RATE, JOINERS, TARGET, NEEDLESS)
"""What is planted where nothing else is asked for."""

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
    lens: str
    where: dict[str, str]
    since: date
    strength: float
    unit: str
    kpi: str
    period: str
    baseline: str

    @property
    def force(self) -> float:
        """The strength asked for: 1 is full."""
        return self.strength / KINDS[self.kind].strength


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
        return cause_of(kind, self.causes)

    def as_json(self) -> dict[str, Any]:
        """The truth file: dates as text, everything else as it is."""
        raw = asdict(self)
        raw["causes"] = [{**cause, "since": cause["since"].isoformat()} for cause in raw["causes"]]
        return {
            **raw,
            **{name: raw[name].isoformat() for name in ("first_day", "last_day", "reorganised_on")},
        }


def cause_of(kind: str, causes: tuple[Cause, ...]) -> Cause | None:
    return next((cause for cause in causes if cause.kind == kind), None)


def choose_causes(
    seed: int, *, strength: float, planted: bool, kinds: Collection[str] | None = None
) -> tuple[Cause, ...]:
    """The causes of this seed, or none; the place depends neither on the strength nor on the other kinds."""
    asked = STANDARD if kinds is None else tuple(kinds)
    unknown = sorted(set(asked) - set(KINDS))
    if unknown:
        raise Refused("sample.unknown-kind", kind=unknown[0], kinds=", ".join(KINDS))
    if not planted or strength == 0:
        return ()
    places = {**_first_places(seed), **_more_places(seed)}
    return tuple(
        Cause(
            kind=kind,
            lens=KINDS[kind].lens,
            where=where,
            since=since,
            strength=KINDS[kind].strength * strength,
            unit=KINDS[kind].unit,
            kpi=KINDS[kind].kpi,
            period=PERIOD,
            baseline=KINDS[kind].baseline,
        )
        for kind, (where, since) in places.items()
        if kind in asked
    )


def _first_places(seed: int) -> dict[str, tuple[dict[str, str], date]]:
    rng = np.random.default_rng([seed, 1])
    return {
        APPROVAL_WAIT: (
            {
                "activity": str(rng.choice(["discount approval", "legal approval"])),
                "region": str(rng.choice(list(TEAM_OF))),
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
        TARGET: ({"team": str(rng.choice(list(TEAM_OF.values())))}, date(LAST_YEAR, 10, 1)),
    }


def _more_places(seed: int) -> dict[str, tuple[dict[str, str], date]]:
    """Overload and morale never share a team, nor does overload share the joiners' one: it has none."""
    joiners = _first_places(seed)[JOINERS][0]["team"]
    rng = np.random.default_rng([seed, 15])
    order = [str(region) for region in rng.permutation(list(TEAM_OF))]
    overloaded = next(region for region in order if TEAM_OF[region] != joiners)
    weary = next(region for region in order if region != overloaded)
    return {
        NEEDLESS: ({"activity": "finance approval"}, LOGGED_FROM),
        OVERLOAD: (
            {"region": overloaded, "stage": "qualification"},
            date(LAST_YEAR, int(rng.integers(4, 9)), 1),
        ),
        # The day of the survey wave; what is done and won falls from the month after.
        MORALE: ({"team": TEAM_OF[weary]}, date(LAST_YEAR, int(rng.choice([6, 9])), 1)),
        MARKET: (
            {"stage": str(rng.choice(["proposal", "negotiation"]))},
            date(LAST_YEAR, int(rng.integers(5, 10)), 1),
        ),
        MIX: ({"source": "Online"}, date(LAST_YEAR, int(rng.integers(3, 8)), 1)),
    }


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
