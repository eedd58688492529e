"""What `/kit/` shows: every component once, with figures that are made up."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from steelyard.charts import theme


class Example(forms.Form):
    target = forms.CharField(label=_("Target"))
    period = forms.ChoiceField(label=_("Period"), choices=[("q", "2017-Q4"), ("y", "2017")])


def showcase(request: HttpRequest) -> dict[str, Any]:
    field = Example({"target": "120%", "period": "q"})
    field.add_error("target", _("A share of 120% cannot be reached: the highest possible is 100%."))
    return {
        "field": field,
        "tabs": [
            {"label": _("Results"), "href": "#beams", "is_here": True},
            {"label": _("Process"), "href": "#beams", "is_here": False},
            {"label": _("Customer"), "href": "#beams", "is_here": False},
        ],
        "steps": [_("File"), _("Columns"), _("Dry run"), _("Commit")],
        "beams": beams(),
        "page": Paginator(range(230), 50).page(2),
        "chart": chart(),
    }


def beams() -> list[dict[str, Any]]:
    """Every case of the beam."""
    return [
        {
            "label": _("Won revenue"),
            "actual": 4_970_000,
            "target": 6_090_000,
            "before": 5_360_000,
            "low": 5_200_000,
            "high": 6_600_000,
            "unit": "money",
            "is_signal": True,
            "note": _("signal: 8 below the mean"),
            "href": "#beams",
        },
        {
            "label": _("Win rate"),
            "actual": 0.582,
            "target": 0.63,
            "before": 0.613,
            "peers": 0.655,
            "low": 0.5,
            "high": 0.7,
            "unit": "percent",
            "note": _("below target, no signal: leave it"),
        },
        {"label": _("Collection rate"), "actual": 0.932, "target": 0.915, "before": 0.90, "unit": "percent"},
        {
            "label": _("Days sales outstanding"),
            "actual": 52,
            "target": 45,
            "before": 49,
            "unit": "days",
            "direction": "down",
        },
        {
            "label": _("Leads"),
            "actual": 3120,
            "target": 1200,
            "before": 1180,
            "note": _("off the scale to the right"),
        },
        {"label": _("Growth"), "actual": -0.02, "target": -0.05, "before": 0.01, "unit": "percent"},
        {"label": _("Bad debt"), "actual": 12000, "target": 0, "unit": "money", "direction": "down"},
        {"label": _("Opportunities"), "actual": 412, "before": 398, "low": 350, "high": 460},
        {
            "label": _("Work load"),
            "actual": 0.97,
            "target": (0.75, 0.9),
            "unit": "percent",
            "direction": "band",
        },
        {"label": _("Invoiced"), "actual": None, "target": 1_000_000, "unit": "money"},
    ]


def chart() -> dict[str, Any]:
    rows = [["2017-Q1", 4.1], ["2017-Q2", 4.8], ["2017-Q3", 5.3], ["2017-Q4", 4.97]]
    return {
        "spec": {
            "$schema": theme.SCHEMA,
            "config": theme.config(get_language() or "en"),
            "width": "container",
            "height": 160,
            "data": {"values": [{"quarter": quarter, "value": value} for quarter, value in rows]},
            "mark": {"type": "line", "point": True, "color": theme.colour("ink")},
            "encoding": {
                "x": {"field": "quarter", "type": "ordinal", "title": None, "axis": {"labelAngle": 0}},
                "y": {"field": "value", "type": "quantitative", "title": None},
            },
        },
        "columns": [_("Quarter"), _("Won revenue")],
        "rows": rows,
    }
