"""A goal's months as a fan chart and as the lines of a table."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from steelyard.apps.goals.models import GoalVersion
from steelyard.apps.goals.queries.track import Step, Track
from steelyard.apps.goals.words import names
from steelyard.apps.measure.views.showing import Chart, tick
from steelyard.apps.measure.words.names import period_name
from steelyard.charts import fan
from steelyard.charts.wording import Wording
from steelyard.engine.kpi.definitions import UNITS
from steelyard.web import numbers


def chart_of(version: GoalVersion, track: Track, *, currency: str) -> Chart:
    """So far in ink, what is asked for dashed, and behind it where the months ahead may end."""
    if _has_fan(track.steps):
        label = _("%(title)s: so far, asked for, and where it may end") % {"title": version.title}
    else:
        label = _("%(title)s: so far, and asked for") % {"title": version.title}
    words = wording(version, label, currency=currency)
    points = points_of(track)
    target = None if version.target is None else float(version.target)
    table = fan.table_of(points, words=words)
    spec = fan.chart(points, target=target, words=words, from_zero=track.mode == "total")
    return Chart(label, spec, table.columns, table.rows)


def wording(version: GoalVersion, label: str, *, currency: str) -> Wording:
    unit = version.unit if version.unit in UNITS else "count"
    return Wording(
        language=get_language() or "en",
        description=label,
        figure=lambda value: names.amount(value, version.unit, currency=currency).text,
        change=lambda value: numbers.difference(value, 0, unit=unit, currency=currency),
        tick=lambda value: tick(value, unit=unit),
        labels={
            "period": _("Month"),
            "actual": _("So far"),
            "asked": _("Asked for so far"),
            "middle": pgettext("of a forecast", "Middle"),
            "half": _("Five times in ten"),
            "most": _("Eight times in ten"),
            "target": pgettext("of a goal", "Target"),
        },
        span=_("{low} to {high}"),
    )


def points_of(track: Track) -> list[fan.Point]:
    """The fan opens at the last complete month."""
    points = []
    last = next((step for step in reversed(track.steps) if step.so_far is not None), None)
    for step in track.steps:
        held = step.so_far if step is last and track.mode == "total" and _has_fan(track.steps) else None
        at = (held, held) if held is not None else None
        points.append(
            fan.Point(
                label=period_name(step.month),
                actual=step.so_far,
                asked=step.asked_so_far,
                middle=held if held is not None else step.middle,
                half=at if at is not None else step.half,
                most=at if at is not None else step.most,
            )
        )
    return points


def _has_fan(steps: Sequence[Step]) -> bool:
    return any(step.middle is not None for step in steps)


def lines_of(version: GoalVersion, track: Track, *, currency: str) -> list[dict[str, Any]]:
    """One line a month, as the plan and the figures have it."""

    def say(value: float | None) -> str:
        return numbers.MISSING if value is None else names.amount(value, version.unit, currency=currency).text

    return [
        {
            "month": period_name(step.month),
            "asked": say(step.asked),
            "actual": say(step.actual),
            "asked_so_far": say(step.asked_so_far),
            "so_far": say(step.so_far),
            "is_ahead": step.so_far is None and not step.is_running,
            "is_running": step.is_running,
            "share": _share(step),
        }
        for step in track.steps
    ]


def _share(step: Step) -> str:
    """How much of what was asked for so far is in."""
    if step.so_far is None or not step.asked_so_far:
        return ""
    return numbers.percent(step.so_far / step.asked_so_far, digits=0)
