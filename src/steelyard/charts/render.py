"""A spec as a picture, without a browser: SVG for the PDF, PNG for the command line."""

from collections.abc import Mapping
from typing import Any

import vl_convert

from steelyard.charts.theme import painted

WIDTH = 680
BACKGROUND = "card"


def to_svg(spec: Mapping[str, Any], *, theme: str = "light", width: int = WIDTH) -> str:
    """The chart as SVG text, `width` pixels wide, on a transparent ground."""
    return vl_convert.vegalite_to_svg(_standing(spec, theme=theme, width=width), allowed_base_urls=[])


def to_png(spec: Mapping[str, Any], *, scale: float = 2.0, theme: str = "light", width: int = WIDTH) -> bytes:
    """The chart as PNG bytes on the theme's card colour, `scale` pixels to the pixel."""
    grounded = {**spec, "background": f"var(--chart-{BACKGROUND})", "padding": 16}
    standing = _standing(grounded, theme=theme, width=width)
    return vl_convert.vegalite_to_png(standing, scale=scale, allowed_base_urls=[])


def _standing(spec: Mapping[str, Any], *, theme: str, width: int) -> dict:
    """The spec with a width of its own and a theme's colours instead of a page's."""
    return painted({**spec, "width": width}, theme=theme)
