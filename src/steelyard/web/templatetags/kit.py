"""The components. Each is one template under `web/kit/`; `/kit/` shows them all."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from steelyard.web import numbers, verdicts
from steelyard.web.beams import beam_row

register = template.Library()


def part(component: str, /, **values: Any) -> SafeString:
    return mark_safe(render_to_string(f"web/kit/{component}.html", values))  # noqa: S308  a rendered template


@register.simple_block_tag
def card(content: str, title: str = "", note: str = "", width: str = "", anchor: str = "") -> SafeString:
    return part("card", content=content, title=title, note=note, width=width, anchor=anchor)


@register.simple_tag
def beam(label: str, actual: numbers.Number | None, **options: Any) -> SafeString:
    """A row: label, beam, value, distance to target. Options: see `beams.beam_row`.

    A variable that the template does not have reads "" and counts as not given.
    """
    given = {name: value for name, value in options.items() if value != ""}
    return part("beam", row=beam_row(label, actual, **given))


@register.simple_tag
def figure(
    value: numbers.Number | None, unit: str = "count", currency: str = "CNY", href: str = ""
) -> SafeString:
    """A figure that opens the records behind it; exact on hover."""
    shown = numbers.figure(value, unit=unit, currency=currency)
    return part("figure", shown=shown, href=href)


@register.simple_tag
def change(
    actual: numbers.Number | None, base: numbers.Number | None, unit: str = "count", currency: str = "CNY"
) -> str:
    return numbers.change(actual, base, unit=unit, currency=currency)


@register.simple_tag
def verdict(code: str, detail: str = "") -> SafeString:
    """supported, not-supported or cannot-tell, with what it rests on."""
    return part("verdict", code=code, words=verdicts.word(code), detail=detail)


@register.simple_block_tag
def table(content: str, label: str = "") -> SafeString:
    """Wide tables scroll inside their card; the region is reachable by keyboard."""
    return part("table", content=content, label=label)


@register.simple_block_tag
def empty_state(content: str, href: str = "", label: str = "") -> SafeString:
    """What is missing, and the one next step."""
    return part("empty", content=content, href=href, label=label)


@register.simple_tag
def pill(label: str, href: str = "") -> SafeString:
    return part("pill", label=label, href=href)


@register.simple_tag
def button(label: str, href: str = "", kind: str = "", name: str = "", value: str = "") -> SafeString:
    """A link that looks like a button, or with no `href` the button that sends its form."""
    return part("button", label=label, href=href, kind=kind, name=name, value=value)


@register.simple_tag
def field(bound: Any) -> SafeString:
    return part("field", field=bound, is_group=getattr(bound, "use_fieldset", False))


@register.simple_tag
def form_errors(form: Any) -> SafeString:
    """What is wrong with the form as a whole."""
    return part("form_errors", errors=form.non_field_errors())


@register.simple_tag
def tabs(items: Sequence[Mapping[str, Any]], label: str = "") -> SafeString:
    """Items of {"label", "href", "is_here"}."""
    return part("tabs", items=items, label=label or _("Views"))


@register.simple_tag
def progress(done: int, total: int, label: str = "") -> SafeString:
    # Rounded down: 100% is shown when it is so.
    share = f"{100 * done // total}%" if total else ""
    return part("progress", done=done, total=total, label=label, share=share)


@register.simple_block_tag
def notice(content: str, kind: str = "") -> SafeString:
    tone = {"success": "done", "error": "refused", "warning": "refused"}.get(kind, kind)
    return part("notice", content=content, kind=tone)


@register.simple_tag(takes_context=True)
def pager(context: template.Context, page: Page) -> SafeString:
    """Which rows are shown of how many, and the pages before and after, with the query kept."""
    query = context["request"].GET.copy()
    links = {}
    for name, number in (
        ("before", page.number - 1 if page.has_previous() else None),
        ("after", page.number + 1 if page.has_next() else None),
    ):
        if number:
            query["page"] = str(number)
            links[name] = f"?{query.urlencode()}"
    return part("pager", page=page, **links)


@register.simple_tag
def legend(has_peers: bool = False) -> SafeString:
    """What the marks of a beam mean; once a page."""
    return part("legend", has_peers=has_peers)


@register.simple_tag
def steps(items: Sequence[str], current: int) -> SafeString:
    """The steps of a task; `current` counts from 1."""
    states = [
        {"label": label, "is_done": number < current, "is_here": number == current}
        for number, label in enumerate(items, start=1)
    ]
    return part("steps", steps=states)


@register.simple_tag
def chart(
    spec: Mapping[str, Any],
    label: str,
    columns: Sequence[str] = (),
    rows: Sequence[Sequence[Any]] = (),
) -> SafeString:
    """A chart by its spec, and the same as a table for those who cannot see it."""
    return part("chart", spec=spec, label=label, columns=columns, rows=rows)


@register.simple_tag
def chart_scripts() -> SafeString:
    """For the `scripts` block of a page that has charts."""
    return part("chart_scripts")


@register.simple_tag
def bar(share: float, tone: str = "") -> SafeString:
    """A bar of a table cell, 0 to 1 of its width; `tone` is better, worse or nothing."""
    width = f"{min(max(float(share), 0.0), 1.0) * 100:.1f}%"
    return format_html(
        '<svg class="bar" aria-hidden="true"><rect class="{}" width="{}" height="8" rx="2"/></svg>',
        tone,
        width,
    )


@register.filter
def size(value: int | None) -> str:
    return numbers.size(value)


@register.filter
def unbroken(text: str) -> str:
    return numbers.unbroken(text)


@register.filter
def money(value: numbers.Number | None, currency: str = "CNY") -> str:
    return numbers.money(value, currency=currency)


@register.filter
def percent(value: numbers.Number | None) -> str:
    return numbers.percent(value)


@register.filter
def count(value: numbers.Number | None) -> str:
    return numbers.count(value)
