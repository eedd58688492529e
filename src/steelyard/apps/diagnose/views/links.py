"""Where the figures of a diagnosis lead: records, and a diagnosis of one part."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from steelyard.apps.diagnose.queries.reading import TARGET, Reading
from steelyard.apps.measure.views.links import WHERE

Where = Mapping[str, Any]


def records(reading: Reading, where: Where | None = None, *, kpi: str = "", period: str = "") -> str:
    """The records behind a figure: those of the KPI that was cut, unless another one is named."""
    held = {**reading.asked, **(where or {})}
    asked = {"period": period or reading.period}
    if isinstance(team := reading.asked.get("team"), str) and "team" not in (where or {}):
        asked["unit"] = f"team:{team}"
        del held["team"]
    query = urlencode([*asked.items(), *conditions(held)])
    return f"{reverse('kpi_records', args=[kpi or reading.cut or reading.kpi])}?{query}"


def kpi(reading: Reading, name: str, *, period: str | None = "") -> str | None:
    """A driver's own records in the period, or in another; the target has none."""
    if name == TARGET or period is None:
        return None
    return records(reading, kpi=name, period=period)


def question(kpi: str, period: str, against: str, where: Where) -> str:
    """The start form, filled in."""
    asked = {"kpi": kpi, "period": period, "against": against}
    return f"{reverse('new_diagnosis')}?{urlencode([*asked.items(), *conditions(where)])}"


def onward(public_id: str) -> str:
    """The panel of the causes, a room above this one: by its name, which need not be there."""
    return named("causes_panel", public_id)


def process_panel(period: str, where: Where) -> str:
    """The panel of the work itself, for the period and the team that were asked about."""
    if not (address := named("process_panel")):
        return ""
    asked = {"period": period} | ({"team": where["team"]} if isinstance(where.get("team"), str) else {})
    return f"{address}?{urlencode(asked)}"


def named(name: str, *keys: str) -> str:
    """The address of a page by its name; "" where no room has it."""
    try:
        return reverse(name, args=keys)
    except NoReverseMatch:
        return ""


def conditions(where: Where) -> list[tuple[str, str]]:
    """`where.region=East`, as the pages of measuring have it; an empty value asks for none."""
    return [
        (f"{WHERE}{name}", "" if each is None else str(each))
        for name, held in where.items()
        for each in (held if isinstance(held, list | tuple) else [held])
    ]
