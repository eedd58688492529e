"""A process as a map from left to right: steps as boxes, transitions as arrows. Plain SVG, no script."""

from steelyard.charts.flow.drawing import Arrow, Box, Drawing, Link, Step, draw
from steelyard.charts.flow.order import END, START
from steelyard.charts.flow.svg import page_svg, standing_svg

__all__ = [
    "END",
    "START",
    "Arrow",
    "Box",
    "Drawing",
    "Link",
    "Step",
    "draw",
    "page_svg",
    "standing_svg",
]
