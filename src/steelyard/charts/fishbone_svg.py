"""A fishbone as SVG that stands alone, for paper: light colours, no links."""

from xml.sax.saxutils import escape, quoteattr

from steelyard.charts.fishbone import Drawn, Stroke, Words
from steelyard.charts.theme import LIGHT, fonts


def standing_svg(drawn: Drawn, *, label: str, language: str) -> str:
    """The picture as a file; `label` is what it tells to whom cannot see it."""
    x, y, width, height = drawn.head
    marks = [
        _stroke(drawn.spine, "spine"),
        f'<rect class="head" x="{x}" y="{y}" width="{width}" height="{height}" rx="6"/>',
        *(_stroke(bone, "bone") for bone in drawn.bones),
        *(_stroke(rib, "rib") for rib in drawn.ribs),
        *(_words(name, "name") for name in drawn.names),
        *(_words(note, "quiet") for note in drawn.notes),
        *(_words(item, f"item item-{item.kind}") for item in drawn.items),
        _words(drawn.head_words, "problem"),
        *([_words(drawn.head_note, "quiet")] if drawn.head_note else []),
    ]
    size = f'viewBox="0 0 {drawn.width} {drawn.height}" width="{drawn.width}" height="{drawn.height}"'
    opened = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label={quoteattr(label)}>'
    return f"{opened}{_style(language)}{''.join(marks)}</svg>"


def _stroke(line: Stroke, kind: str) -> str:
    return f'<path class="{kind}" d="M{line.x1} {line.y1}L{line.x2} {line.y2}"/>'


def _words(words: Words, kind: str) -> str:
    lines = (f'<tspan x="{words.x}" y="{y}">{escape(line)}</tspan>' for y, line in words.placed)
    return f'<text class="{kind}">{"".join(lines)}</text>'


def _style(language: str) -> str:
    ink, muted, line = LIGHT["ink"], LIGHT["muted"], LIGHT["line"]
    rules = (
        f"text{{font-family:{escape(fonts(language))};font-size:12px;fill:{ink}}}"
        f"path{{fill:none;stroke:{muted};stroke-width:1.2}}"
        f".spine{{stroke:{ink};stroke-width:2}}.rib{{stroke:{line}}}"
        f".head{{fill:{LIGHT['band']};stroke:{line}}}"
        ".name{font-weight:600;text-anchor:middle}.item{text-anchor:end}.item-confirmed{font-weight:600}"
        f".quiet,.item-hypothesis,.item-more,.item-rejected{{fill:{muted}}}"
        ".item-rejected{text-decoration:line-through}"
    )
    return f"<style>{rules}</style>"
