"""Accounts: who buys, of what size, where, and how late they pay."""

from dataclasses import dataclass
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray

from . import columns
from .days import Floats, Ints, WorkingDays
from .organisation import SALES_TEAMS, Staff, people, sellers

REGIONS = np.array(["East", "South", "North", "West"])
REGION_SHARE = np.array([0.40, 0.25, 0.19, 0.16])
SEGMENTS = np.array(["Small", "Mid", "Enterprise"])
SEGMENT_SHARE = np.array([0.45, 0.33, 0.22])
INDUSTRIES = np.array(["Manufacturing", "Retail", "Healthcare", "Logistics", "Education", "Energy"])
INDUSTRY_SHARE = np.array([0.30, 0.22, 0.15, 0.14, 0.11, 0.08])

_AT_SCALE_ONE = 700
_CITIES = {
    "East": ("上海", "杭州", "苏州", "南京", "宁波"),
    "South": ("广州", "深圳", "佛山", "厦门", "南宁"),
    "North": ("北京", "天津", "济南", "青岛", "沈阳"),
    "West": ("成都", "重庆", "西安", "昆明", "贵阳"),
}
_FIRST = tuple("云鼎海辰金瑞恒宏启嘉锐德远博泰盛")
_SECOND = tuple("杉和川丰诚源信科达通华安凯利创联")
_TRADE = ("科技", "制造", "商贸", "医疗", "物流", "教育", "能源", "装备")
_LATIN = ("Evergreen", "Harbour", "Lotus", "Northgate", "Silver Oak", "Blue River", "Summit", "Orient")
_LATIN_TRADE = ("Logistics", "Foods", "Medical", "Textiles", "Energy", "Components", "Retail", "Learning")


@dataclass(frozen=True)
class Accounts:
    """Columns side by side; an account's number is its place."""

    ids: NDArray[np.str_]
    names: NDArray[np.str_]
    region: NDArray[np.str_]
    segment: NDArray[np.str_]
    industry: NDArray[np.str_]
    owner: Ints
    since: NDArray[np.datetime64]
    habit: Floats
    """Working days by which this customer usually pays after the due date."""

    def pick(self, region: NDArray[np.str_], segment: NDArray[np.str_], rng: np.random.Generator) -> Ints:
        """One account of that region and size for each element; some buy far more often than others."""
        chosen = np.zeros(len(region), dtype=np.int64)
        drawn = rng.random(len(region)) ** 1.7
        for here, size in product(REGIONS, SEGMENTS):
            accounts = np.flatnonzero((self.region == here) & (self.segment == size))
            asked = np.flatnonzero((region == here) & (segment == size))
            chosen[asked] = accounts[(drawn[asked] * len(accounts)).astype(np.int64)]
        return chosen

    def table(self, first_met: NDArray[np.datetime64]) -> pl.DataFrame:
        """`first_met` is the day of the first opportunity: nobody is a customer later than that."""
        codes = np.array([person.code for person in people()])
        level = np.select([self.segment == "Enterprise", self.segment == "Mid"], ["A", "B"], "C")
        return pl.DataFrame(
            {
                "account_id": self.ids,
                "name": self.names,
                "owner": codes[self.owner],
                "industry": self.industry,
                "region": self.region,
                "level": level,
                "size": self.segment,
                "since": columns.day(np.minimum(self.since, first_met)),
            }
        )


def make_accounts(days: WorkingDays, staff: Staff, *, seed: int, scale: float) -> Accounts:
    rng = np.random.default_rng([seed, 2])
    count = max(120, round(_AT_SCALE_ONE * scale))
    # Every region has every size, whatever the draw.
    corner = np.array(list(product(range(len(REGIONS)), range(len(SEGMENTS)))))
    region = np.concatenate([corner[:, 0], rng.choice(len(REGIONS), count - len(corner), p=REGION_SHARE)])
    segment = np.concatenate([corner[:, 1], rng.choice(len(SEGMENTS), count - len(corner), p=SEGMENT_SHARE)])
    started = rng.integers(days.at("2020-07-01"), days.at("2025-07-01"), count)
    late = rng.random(count) < 0.22
    team = np.array(list(SALES_TEAMS))[region]
    owner = np.zeros(count, dtype=np.int64)
    for code in SALES_TEAMS:
        here = np.flatnonzero(team == code)
        owner[here] = sellers(days, staff).pick(code, np.full(len(here), float(days.at("2025-12-31"))), rng)
    return Accounts(
        ids=np.array([f"A{number:05}" for number in range(1, count + 1)]),
        names=_names(REGIONS[region], rng),
        region=REGIONS[region],
        segment=SEGMENTS[segment],
        industry=rng.choice(INDUSTRIES, count, p=INDUSTRY_SHARE),
        owner=owner,
        since=days.dates(started),
        habit=np.where(late, rng.gamma(4.0, 7.0, count), rng.normal(-1.0, 2.0, count)),
    )


def _names(region: NDArray[np.str_], rng: np.random.Generator) -> NDArray[np.str_]:
    """Mostly Chinese, one in six English; a number ends a name that was taken already."""
    taken: dict[str, int] = {}
    names = []
    for here, draw in zip(region.tolist(), rng.random((len(region), 5)).tolist(), strict=True):
        name = _latin_name(draw) if draw[0] < 1 / 6 else _chinese_name(here, draw)
        taken[name] = taken.get(name, 0) + 1
        names.append(name if taken[name] == 1 else f"{name} {taken[name]}")
    return np.array(names)


def _chinese_name(region: str, draw: list[float]) -> str:
    parts = zip(draw[1:], (_CITIES[region], _FIRST, _SECOND, _TRADE), strict=True)
    return "".join(words[int(u * len(words))] for u, words in parts) + "有限公司"


def _latin_name(draw: list[float]) -> str:
    return f"{_LATIN[int(draw[1] * len(_LATIN))]} {_LATIN_TRADE[int(draw[2] * len(_LATIN_TRADE))]} Ltd"
