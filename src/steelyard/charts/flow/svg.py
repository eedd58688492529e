"""A drawing as SVG text: with classes for a page, whose style sheet colours it, or standing alone."""

from xml.sax.saxutils import escape, quoteattr

from steelyard.charts.flow.drawing import DOT, LINE, PADDING, Arrow, Box, Drawing
from steelyard.charts.flow.order import START
from steelyard.charts.theme import LIGHT, fonts

FONT = 12
SHADES = 5


def page_svg(drawing: Drawing, *, label: str) -> str:
    """For a page: the colours are those of its style sheet, and a step's `href` opens."""
    return _svg(drawing, label=label, style="", has_links=True)


def standing_svg(drawing: Drawing, *, label: str, language: str) -> str:
    """For a file: with the light colours, and no link that would lead nowhere."""
    return _svg(drawing, label=label, style=_style(language), has_links=False)


def _svg(drawing: Drawing, *, label: str, style: str, has_links: bool) -> str:
    size = f'viewBox="0 {drawing.top:.1f} {drawing.width:.1f} {drawing.height:.1f}"'
    given = f'width="{drawing.width:.0f}" height="{drawing.height:.0f}"'
    marks = [_line(arrow) for arrow in sorted(drawing.arrows, key=lambda each: each.link.weight)]
    marks += [_box(box, has_links=has_links) for box in drawing.boxes]
    marks += [_label(arrow) for arrow in drawing.arrows if arrow.link.label]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="flow" {size} {given} role="img"'
        f" aria-label={quoteattr(label)}>{style}{''.join(marks)}</svg>"
    )


def _line(arrow: Arrow) -> str:
    title = f"<title>{escape(arrow.link.title)}</title>" if arrow.link.title else ""
    return (
        f'<g class="link{" marked" if arrow.link.is_marked else ""}">{title}'
        f'<path class="line" d="{arrow.path}" stroke-width="{arrow.width:.1f}"/>'
        f'<path class="head" d="{arrow.head}"/></g>'
    )


def _label(arrow: Arrow) -> str:
    x, y = arrow.label_at
    kind = "label marked" if arrow.link.is_marked else "label"
    inner = f'x="{x:.1f}" y="{y + 4:.1f}">{escape(arrow.link.label)}</text>'
    # A halo of its own: not everything that draws an SVG knows the order of painting.
    return f'<text class="halo" {inner}<text class="{kind}" {inner}'


def _box(box: Box, *, has_links: bool) -> str:
    if box.step is None:
        x, y = box.middle
        ring = f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{DOT:.0f}"/>'
        if box.number == START:
            return f'{ring}<path class="sign" d="M{x - 3:.1f} {y - 5:.1f}l8 5l-8 5z"/>'
        return f'{ring}<rect class="sign" x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8"/>'
    step = box.step
    shade = min(int(step.share * SHADES), SHADES - 1)
    frame = f'x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="6"'
    first = box.y + PADDING + LINE * 0.75
    words = [_words(box, text, first + LINE * place, "name") for place, text in enumerate(box.lines)]
    if step.note:
        words.append(_words(box, step.note, first + LINE * len(box.lines), "note"))
    title = f"<title>{escape(step.title or step.name)}</title>"
    inner = f'{title}<rect class="box shade-{shade}" {frame}/>{"".join(words)}'
    if has_links and step.href:
        return f"<a href={quoteattr(step.href)}>{inner}</a>"
    return f"<g>{inner}</g>"


def _words(box: Box, text: str, y: float, kind: str) -> str:
    return f'<text class="{kind}" x="{box.middle[0]:.1f}" y="{y:.1f}">{escape(text)}</text>'


def _style(language: str) -> str:
    shades = "".join(
        f".shade-{number}{{fill:{LIGHT['accent']};fill-opacity:{number * 0.09:.2f}}}"
        for number in range(SHADES)
    )
    family = escape(fonts(language))
    rules = (
        f"text{{font-family:{family};font-size:{FONT}px;fill:{LIGHT['ink']};text-anchor:middle}}"
        f".note{{fill:{LIGHT['muted']}}}.box{{stroke:{LIGHT['limit']}}}{shades}"
        f".line{{fill:none;stroke:{LIGHT['limit']}}}.head{{fill:{LIGHT['limit']}}}"
        f".marked .line{{stroke:{LIGHT['accent']}}}.marked .head{{fill:{LIGHT['accent']}}}"
        f".dot{{fill:{LIGHT['card']};stroke:{LIGHT['limit']}}}.sign{{fill:{LIGHT['muted']}}}"
        f".halo{{fill:{LIGHT['card']};stroke:{LIGHT['card']};stroke-width:6px}}.name{{font-weight:600}}"
        f"text.marked{{fill:{LIGHT['accent']};font-weight:600}}"
    )
    return f"<style>{rules}</style>"
