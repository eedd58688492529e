"""One call writes the whole sample company."""

import math
from collections.abc import Collection
from pathlib import Path

from steelyard.errors import Refused

from .causes import Truth, choose_causes, truth_of
from .customers import make_accounts
from .days import WorkingDays
from .files import write_json, write_tables
from .funnel import first_met, make_funnel, opportunity_table, stage_change_table
from .marketing import lead_ids_of, make_campaigns, make_leads, marketing_tables
from .money import money_tables
from .organisation import REORGANISED_ON, organisation_tables
from .plans import plan_tables
from .signals import signal_tables
from .staff import roster
from .work import activity_table, work_event_table

SMALLEST, LARGEST = 0.05, 1000.0


def write_company(
    folder: Path,
    *,
    seed: int = 7,
    scale: float = 1,
    strength: float = 1.0,
    planted: bool = True,
    kinds: Collection[str] | None = None,
) -> Truth:
    """Write four years of a fictional company as CSV and XLSX files, with `truth.json` beside them.

    Parameters
    ----------
    folder
        Made when absent; files of the same names are overwritten.
    seed
        Chooses every draw and the places of the planted causes; the same seed gives the same bytes.
    scale
        Multiplies rows (about 70,000 at 1), never people, teams or years; 0.05 to 1000.
    strength
        Multiplies what is planted: 0.5 is half strength, 0 nothing, at most 1.
    planted
        False writes the same company with nothing planted.
    kinds
        What to plant, of `causes.KINDS`; the five of `causes.STANDARD` where none is given.

    Returns
    -------
    Truth
        What was planted where and since when, and the rows of each table.

    Raises
    ------
    Refused
        `sample.seed-out-of-range`, `sample.scale-out-of-range`, `sample.strength-out-of-range`,
        `sample.unknown-kind`.
    """
    if seed < 0:
        raise Refused("sample.seed-out-of-range", low=0)
    if not (math.isfinite(scale) and SMALLEST <= scale <= LARGEST):
        raise Refused("sample.scale-out-of-range", low=SMALLEST, high=LARGEST)
    if not 0 <= strength <= 1:
        raise Refused("sample.strength-out-of-range", low=0, high=1)
    causes = choose_causes(seed, strength=strength, planted=planted, kinds=kinds)
    days, staff = WorkingDays(), roster(causes)
    accounts = make_accounts(days, staff, seed=seed, scale=scale)
    funnel = make_funnel(days, accounts, staff, causes, seed=seed, scale=scale)
    campaigns = make_campaigns(days, seed=seed, scale=scale)
    leads = make_leads(funnel, campaigns, causes, days, seed=seed, scale=scale)
    lead_ids = lead_ids_of(funnel, leads)
    tables = {
        **organisation_tables(staff),
        "accounts": accounts.table(first_met(funnel, accounts, days)),
        "opportunities": opportunity_table(funnel, accounts, lead_ids, causes, days, seed=seed),
        "stage_changes": stage_change_table(funnel, days),
        **money_tables(funnel, accounts, days, seed=seed),
        **marketing_tables(funnel, campaigns, leads, staff, causes, days, seed=seed, scale=scale),
        "work_events": work_event_table(funnel, causes, days, seed=seed),
        "activities": activity_table(accounts, staff, causes, days, seed=seed, scale=scale),
        **signal_tables(funnel, accounts, staff, causes, days, seed=seed, scale=scale),
        **plan_tables(funnel, staff, causes, days, seed=seed),
    }
    rows = write_tables(folder, tables)
    truth = truth_of(
        seed=seed, scale=scale, strength=strength, reorganised_on=REORGANISED_ON, causes=causes, rows=rows
    )
    write_json(folder / "truth.json", truth.as_json())
    return truth
