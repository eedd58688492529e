"""Paper and ink for charts: colours by role, fonts by language, one frame for every chart.

A spec names its colours as CSS custom properties (`var(--chart-ink)`). On a page `plot.css` gives
them their values, so a chart follows the theme, also into print, without being drawn again;
`painted` replaces them by the values below where no style sheet exists (SVG, PNG, PDF).
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from steelyard.charts.wording import Wording

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
FONT_SIZE = 12

LIGHT = {
    "ink": "#1d1b17",
    "muted": "#6d685d",
    "line": "#e6e1d6",
    "card": "#fffefb",
    "band": "#eae7df",
    "limit": "#978c70",
    "accent": "#83580f",
    "better": "#226a4a",
    "worse": "#a63822",
}
DARK = {
    "ink": "#efece4",
    "muted": "#a29c8f",
    "line": "#33302a",
    "card": "#1e1d19",
    "band": "#312f27",
    "limit": "#7f765e",
    "accent": "#d9a650",
    "better": "#6cc39b",
    "worse": "#e98670",
}
THEMES: Mapping[str, Mapping[str, str]] = {"light": LIGHT, "dark": DARK}

LATIN_FONTS = 'system-ui, "Noto Sans", "Liberation Sans", "PingFang SC", "Noto Sans CJK SC", sans-serif'
CHINESE_FONTS = '"PingFang SC", "Source Han Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif'


def colour(role: str) -> str:
    """The colour of a role, as a spec names it."""
    return f"var(--chart-{role})"


def judged_colour(judged: str | None, *, otherwise: str = "ink") -> str:
    """Colour judges against a target only; without one it is ink."""
    return colour(judged if judged in ("better", "worse") else otherwise)


def fonts(language: str) -> str:
    return CHINESE_FONTS if language.startswith("zh") else LATIN_FONTS


def painted(spec: Mapping[str, Any], *, theme: str = "light") -> dict:
    """The spec with every role replaced by its colour in a theme."""
    palette = THEMES[theme]
    text = json.dumps(spec, ensure_ascii=False)
    return json.loads(re.sub(r"var\(--chart-([a-z]+)\)", lambda match: palette[match.group(1)], text))


def frame(layers: list[dict], *, words: Wording, height: float) -> dict:
    """A whole chart: as wide as its container, read aloud by its description alone.

    The marks themselves are hidden from a screen reader: the table beside the chart reads better.
    """
    return {
        "$schema": SCHEMA,
        "description": words.description,
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "config": config(words.language),
        "layer": layers,
    }


def config(language: str) -> dict:
    """Vega-Lite configuration: hairlines, 12 px text, no boxes."""
    font = fonts(language)
    text = {"font": font, "fontSize": FONT_SIZE}
    return {
        "background": "transparent",
        "font": font,
        "padding": {"left": 1, "right": 1, "top": 4, "bottom": 4},
        "view": {"stroke": None},
        "mark": {"aria": False},
        "text": text | {"fill": colour("ink")},
        "axis": {
            "aria": False,
            "labelFont": font,
            "labelFontSize": FONT_SIZE,
            "labelColor": colour("muted"),
            "labelPadding": 6,
            "domain": False,
            "ticks": False,
            "gridColor": colour("line"),
        },
        "legend": {
            "aria": False,
            "orient": "bottom",
            "title": None,
            "labelFont": font,
            "labelFontSize": FONT_SIZE,
            "labelColor": colour("muted"),
            "labelLimit": 300,
            "symbolSize": 80,
            "offset": 10,
        },
    }


def values(rows: list[dict]) -> dict:
    return {"values": rows}


def field(name: str, **more: Any) -> dict:
    """An encoding of a number in a field, on the shared scale."""
    return {"field": name, "type": "quantitative", **more}


def named(name: str) -> dict:
    """An encoding of a field that holds words."""
    return {"field": name, "type": "nominal"}


def as_given(name: str) -> dict:
    """An encoding of a field that holds the very colour to draw."""
    return {"field": name, "type": "nominal", "scale": None}
