"""What was planned: targets of teams and members, headcount and capacity, exchange rates."""

from datetime import date

import numpy as np
import polars as pl

from .causes import PERIOD, TARGET, Cause
from .customers import REGION_SHARE, REGIONS
from .days import FIRST_YEAR, LAST_YEAR, WorkingDays
from .funnel import Funnel
from .organisation import SALES_TEAMS, Staff, headcount_on, is_member, managers

_STEP = 10_000
_TEAMS = (*SALES_TEAMS, "MKT", "CS")
_COMPANY = ("company",)
_AND_SALES = (*_COMPANY, *SALES_TEAMS)
# What is asked for in every quarter and month: KPI → value, units. Of what is counted a month is a third.
_STANDING: dict[str, tuple[float, tuple[str, ...]]] = {
    "revenue_growth": (0.05, _COMPANY),
    "gross_margin": (0.37, _AND_SALES),
    "collection_rate": (0.90, _AND_SALES),
    "dso": (60.0, _COMPANY),
    "win_rate": (0.21, _AND_SALES),
    "pipeline_coverage": (2.0, _COMPANY),
    "speed_to_lead": (24.0, (*_COMPANY, "MKT")),
    "nps": (35.0, _COMPANY),
    "repeat_rate": (0.75, _COMPANY),
    "engagement_index": (0.70, (*_COMPANY, *_TEAMS)),
}
_COUNTED: dict[str, tuple[float, tuple[str, ...]]] = {
    "leads": (201.0, _COMPANY),
    "learning_hours": (3.0, (*_COMPANY, *_TEAMS)),
}


def plan_tables(
    funnel: Funnel, staff: Staff, causes: tuple[Cause, ...], days: WorkingDays, *, seed: int
) -> dict[str, pl.DataFrame]:
    rng = np.random.default_rng([seed, 12])
    return {
        "targets": _targets(funnel, staff, causes, days),
        "headcount": _headcount(days, staff, rng),
        "exchange_rates": _exchange_rates(rng),
    }


def _targets(funnel: Funnel, staff: Staff, causes: tuple[Cause, ...], days: WorkingDays) -> pl.DataFrame:
    """Won revenue from the company's quarter a year ago, shared out by region; members share equally."""
    rows: list[tuple[str, str, str, float]] = []
    reach = {cause.where["team"]: cause.strength for cause in causes if cause.kind == TARGET}
    for year in range(FIRST_YEAR + 1, LAST_YEAR + 1):
        for quarter in range(1, 5):
            period = f"{year}-Q{quarter}"
            company = _won_yuan(funnel, days, year - 1, quarter)
            for team, region in SALES_TEAMS.items():
                fair = company * float(REGION_SHARE[REGIONS.tolist().index(region)]) * 1.02
                raised = fair * (1.0 + (reach.get(team, 0.0) if period == PERIOD else 0.0))
                value = float(max(1, round(raised / _STEP)) * _STEP)
                rows.append(("won_revenue", period, team, value))
                if year == LAST_YEAR:
                    rows += _member_targets(team, staff, period, value, date(year, quarter * 3 - 2, 1))
    return pl.DataFrame([*rows, *_standing()], schema=["kpi", "period", "unit", "value"], orient="row").sort(
        "kpi", "period", "unit"
    )


def _standing() -> list[tuple[str, str, str, float]]:
    """Targets that do not hang on the year before: the same in every quarter, and in every month."""
    years = range(FIRST_YEAR + 1, LAST_YEAR + 1)
    quarters = [f"{year}-Q{quarter}" for year in years for quarter in range(1, 5)]
    months = [f"{year}-{month:02}" for year in years for month in range(1, 13)]
    rows = []
    for kpi, (value, units) in {**_STANDING, **_COUNTED}.items():
        of_month = value / 3 if kpi in _COUNTED else value
        rows += [(kpi, period, unit, value) for period in quarters for unit in units]
        rows += [(kpi, period, unit, of_month) for period in months for unit in units]
    return rows


def _member_targets(
    team: str, staff: Staff, period: str, value: float, day: date
) -> list[tuple[str, str, str, float]]:
    """To the cent; what does not divide goes to the first."""
    bosses = managers().values()
    members = [person.code for person in staff if is_member(person, team, day) and person not in bosses]
    cents = round(value * 100)
    shares = [cents // len(members) + (number < cents % len(members)) for number in range(len(members))]
    return [("won_revenue", period, code, share / 100) for code, share in zip(members, shares, strict=True)]


def _won_yuan(funnel: Funnel, days: WorkingDays, year: int, quarter: int) -> float:
    month = (quarter - 1) * 3 + 1
    start = days.at(date(year, month, 1))
    end = days.at(date(year + (quarter == 4), month % 12 + 3 if quarter < 4 else 1, 1))
    inside = funnel.won & (funnel.ended >= start) & (funnel.ended < end)
    return float(funnel.amount_fen[inside].sum()) / 100


def _headcount(days: WorkingDays, staff: Staff, rng: np.random.Generator) -> pl.DataFrame:
    months = np.arange(f"{FIRST_YEAR}-01", f"{LAST_YEAR + 1}-01", dtype="datetime64[M]")
    rows = []
    for month in months:
        first = month.astype("datetime64[D]").item()
        hours = (days.at((month + 1).astype("datetime64[D]").item()) - days.at(first)) * 8
        for team in _TEAMS:
            heads = headcount_on(team, first, staff)
            cost = heads * (21_000 + int(rng.integers(-600, 600)))
            rows.append((team, str(month), heads, heads * hours, cost))
    return pl.DataFrame(rows, schema=["team", "month", "people", "capacity_hours", "cost"], orient="row")


def _exchange_rates(rng: np.random.Generator) -> pl.DataFrame:
    """Yuan for one unit of the currency, from the first day of each quarter."""
    starts = [date(year, month, 1) for year in range(FIRST_YEAR, LAST_YEAR + 1) for month in (1, 4, 7, 10)]
    rows: list[tuple[str, date, float]] = [("CNY", starts[0], 1.0)]
    for currency, level in (("USD", 6.9), ("EUR", 7.5)):
        walk = level * np.exp(np.cumsum(rng.normal(0.0, 0.012, len(starts))))
        rows += [(currency, day, round(float(rate), 4)) for day, rate in zip(starts, walk, strict=True)]
    return pl.DataFrame(rows, schema=["currency", "valid_from", "rate"], orient="row")
