"""Two periods, or two teams, side by side."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from steelyard.apps.measure.queries.calendar import read_period
from steelyard.apps.measure.words.names import period_name
from steelyard.apps.process.queries.choices import choices_for
from steelyard.apps.process.queries.comparing import PERIOD, TEAM, Pair, pair_of
from steelyard.apps.process.queries.seen import Asked, Seen
from steelyard.apps.process.views.frame import page, periods_to_pick, query_of, teams_to_pick
from steelyard.apps.process.words import comparing as words
from steelyard.apps.process.words.durations import duration
from steelyard.engine.process.findings import Difference, EdgeDifference
from steelyard.web import numbers
from steelyard.web.doors import door

ROWS = 30


@door("process.see")
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        "process_compare",
        "process/compare.html",
        lambda seen: compare_parts(request, seen),
        keeps=(TEAM, PERIOD),
    )


def compare_parts(request: HttpRequest, seen: Seen) -> dict[str, Any]:
    choices = choices_for(request.user, seen)
    pair = pair_of(request.user, seen, choices, request.GET)
    asked = pair.base.asked if pair else Asked()
    shown = {
        "with_teams": teams_to_pick(choices, request.GET.get(TEAM, "")),
        "with_periods": periods_to_pick(choices, asked.period),
        "pair": pair,
    }
    if pair is None:
        told = _("Choose a period or a team, and what to hold it against.")
        return {**shown, "headline": told, "lede": ""}
    return {**shown, **pair_parts(pair)}


def pair_parts(pair: Pair) -> dict[str, Any]:
    found = pair.comparison
    now, base = names_of(pair)
    edges = sorted(
        found.edges, key=lambda each: (not words.is_real(each.mean_wait_s), -abs(words.added(each)))
    )
    return {
        "headline": words.headline(found, now=now, base=base),
        "lede": words.lede(found),
        "now": now,
        "base": base,
        "cycle": [
            {"name": _("From end to end, median"), **figures(found.median_cycle_s)},
            {"name": _("From end to end, mean"), **figures(found.mean_cycle_s)},
        ],
        "edges": [edge_line(each) for each in edges[:ROWS]],
        "more": max(len(edges) - ROWS, 0),
        "compare_query": query_of(
            pair.now.asked, **{TEAM: pair.base.asked.team, PERIOD: pair.base.asked.period}
        ),
    }


def names_of(pair: Pair) -> tuple[str, str]:
    """What tells the two apart: the team where it differs, the period where it differs."""
    now, base = pair.now.asked, pair.base.asked
    parts: list[tuple[str, str]] = []
    if now.team != base.team:
        parts.append((now.team or _("all teams"), base.team or _("all teams")))
    if now.period != base.period:
        parts.append((named(now.period), named(base.period)))
    return " ".join(part[0] for part in parts), " ".join(part[1] for part in parts)


def named(period: str) -> str:
    return period_name(read_period(period)) if period else _("the whole log")


def edge_line(each: EdgeDifference) -> dict[str, Any]:
    return {
        "source": each.source,
        "target": each.target,
        "one_count": numbers.count(each.one_count),
        "other_count": numbers.count(each.other_count),
        "share": numbers.points(each.share.difference),
        "is_share_real": words.is_real(each.share),
        **figures(each.mean_wait_s),
    }


def figures(each: Difference) -> dict[str, Any]:
    return {
        "one": duration(each.one),
        "other": duration(each.other),
        "difference": words.change(each.difference),
        "interval": words.interval(each),
        "chance": words.chance(each),
        "is_real": words.is_real(each),
    }
