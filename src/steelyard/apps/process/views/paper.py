"""The map on paper: one page across, with the transitions that wait most."""

from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from steelyard.apps.measure.queries.calendar import read_period
from steelyard.apps.measure.words.names import period_name
from steelyard.apps.process.queries import findings
from steelyard.apps.process.queries.seen import Asked, Seen
from steelyard.apps.process.views.map import edge_lines, label_of, lede_of
from steelyard.apps.process.words import headlines, names
from steelyard.web.pdf import ProcessSheet, process_pdf

LINES = 12


def map_pdf(seen: Seen, svg: str, *, view: str, viewer: Any) -> bytes:
    found = findings.map_of(seen)
    label = label_of(seen, view)
    sheet: ProcessSheet = {
        "language": get_language() or "en",
        "brand": str(_("Steelyard")),
        "title": label,
        "crumb": [label, *told_of(seen)],
        "headline": headlines.map_headline(found),
        "lede": lede_of(seen, found),
        "footer": footer(seen, viewer),
        "page_of": _("Page %(number)s of %(count)s") % {"number": "{n}", "count": "{m}"},
        "map": {"title": label, "note": "", "image": "map.svg", "alt": label},
        "edges": {
            "title": _("Where the waiting is"),
            "note": _("the transitions with most waiting in all"),
            "headings": [
                _("Transition"),
                pgettext("how often", "Times"),
                _("Median wait"),
                _("P90 wait"),
                _("Total wait"),
                _("Share of all waiting"),
            ],
            "rows": [
                [
                    f"{line['source']} → {line['target']}",
                    *(line[name] for name in ("count", "median", "p90", "total", "share")),
                ]
                for line in edge_lines(found)[:LINES]
            ],
        },
    }
    return process_pdf(sheet, {"map.svg": svg.encode()})


def told_of(seen: Seen) -> list[str]:
    """What was asked for, in words."""
    return told_asked(seen.asked)


def told_asked(asked: Asked) -> list[str]:
    """A filter in words."""
    found = [asked.process] if asked.process else []
    found += [asked.team] if asked.team else []
    found += [period_name(read_period(asked.period))] if asked.period else []
    return [
        *found,
        *(f"{names.attribute_name(name)}: {value}" for name, value in sorted(asked.where.items())),
    ]


def footer(seen: Seen, viewer: Any) -> list[str]:
    snapshot = _("Snapshot %(snapshot)s") % {"snapshot": seen.snapshot.pk}
    name = getattr(viewer, "name", "")
    printed = [_("Printed for %(name)s") % {"name": name}] if name else []
    return [*told_of(seen), snapshot, *printed]
