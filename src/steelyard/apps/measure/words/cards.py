"""What the catalogue and the card of a KPI say, so that a team learns to read its data."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from steelyard.apps.data.words import table_label
from steelyard.apps.measure.queries.catalogue import Catalogue, Entry
from steelyard.apps.measure.queries.standings import Standing
from steelyard.apps.measure.words import names
from steelyard.engine.kpi import Kpi
from steelyard.web import numbers

# Under this many records one of them more or less moves a share by some points.
FEW = 30


def headline(found: Catalogue) -> str:
    shown = {"told": found.told, "whole": len(found.everything)}
    if not found.has_points:
        return ngettext(
            "%(whole)d KPI, waiting for data", "%(whole)d KPIs, waiting for data", len(found.everything)
        ) % {"whole": len(found.everything)}
    if found.told == len(found.everything):
        return ngettext(
            "The data tell the one KPI there is", "The data tell all %(whole)d KPIs", shown["whole"]
        ) % {"whole": shown["whole"]}
    return ngettext(
        "The data tell %(told)d of %(whole)d KPI", "The data tell %(told)d of %(whole)d KPIs", shown["whole"]
    ) % {"told": shown["told"], "whole": shown["whole"]}


def lede(found: Catalogue) -> str:
    """What would open most, and how many are the site's own."""
    parts = []
    if found.gains:
        table, count = found.gains[0]
        parts.append(
            ngettext(
                "Most is gained by importing %(table)s: %(count)d KPI more.",
                "Most is gained by importing %(table)s: %(count)d KPIs more.",
                count,
            )
            % {"table": in_sentence(table_label(table)), "count": count}
        )
    if found.own:
        parts.append(
            ngettext("%(count)d is declared by this site.", "%(count)d are declared by this site.", found.own)
            % {"count": found.own}
        )
    parts.append(_("Each has a card that says how it is made, how it is gamed and what moves it."))
    return ("" if numbers.is_chinese() else " ").join(parts)


def in_sentence(label: str) -> str:
    return label if numbers.is_chinese() else label[:1].lower() + label[1:]


def state(entry: Entry) -> str:
    """Whether the data tell it now, else what is missing."""
    if entry.origin == "retired":
        return _("retired")
    if entry.lack is not None:
        return lack(entry)
    return _("told by the data") if entry.is_told else _("not computed yet")


def lack(entry: Entry) -> str:
    if entry.lack is None:
        return ""
    shown = {"table": in_sentence(table_label(entry.lack.table)), "column": entry.lack.column}
    if entry.lack.table == "exchange_rates" and entry.lack.column:
        return _("missing: exchange rates for %(column)s") % shown
    if entry.lack.column:
        return _("missing: column %(column)s of %(table)s") % shown
    return _("missing: %(table)s") % shown


def origin(entry: Entry) -> str:
    return {
        "changed": pgettext("KPI", "changed here"),
        "own": pgettext("KPI", "of this site"),
        "retired": pgettext("KPI", "retired"),
    }.get(entry.origin, "")


def better(kpi: Kpi) -> str:
    return {
        "up": _("higher is better"),
        "down": _("lower is better"),
        "band": _("best within a range"),
    }[kpi.direction]


def card_headline(kpi: Kpi) -> str:
    return _("%(kpi)s: what it says, and how to read it") % {"kpi": names.kpi_name(kpi)}


def signal_lines(each: Standing, *, currency: str) -> list[str]:
    """How its signal is told, with this KPI's own numbers."""
    known = sum(point.value is not None for point in each.history)
    grain = names.grain_name(str(each.period.grain)).lower()
    limits = each.signal.limits
    if limits is None:
        return [
            ngettext(
                "There is %(known)d value by %(grain)s so far. From six on, usual variation can be told "
                "from a signal.",
                "There are %(known)d values by %(grain)s so far. From six on, usual variation can be told "
                "from a signal.",
                known,
            )
            % {"known": known, "grain": grain}
        ]
    shown = {
        "n": limits.n,
        "grain": grain,
        "mean": say(limits.centre, each, currency=currency),
        "low": say(limits.lower, each, currency=currency),
        "high": say(limits.upper, each, currency=currency),
        "step": say(limits.moving_range, each, currency=currency),
    }
    lines = [
        _(
            "Measured from %(n)d values by %(grain)s: the mean is %(mean)s, and from one value to the "
            "next it moves by %(step)s on average."
        )
        % shown,
        _(
            "So its usual variation runs from %(low)s to %(high)s (the mean and 2.66 times that step to "
            "either side, as far as the figure can go). Inside, ups and downs need no reason and no reaction."
        )
        % shown,
        _(
            "A signal is a value outside of that, eight in a row on one side of the mean, or three of four "
            "near the same limit. Then it is worth asking why."
        ),
        season_line(each),
    ]
    if len(each.signal.starts) > 1:
        lines.append(_("Its level changed for good before; the limits count from that change on."))
    return lines


def season_line(each: Standing) -> str:
    """Whether the pattern of the year was taken out first."""
    if each.signal.adjustment is not None:
        return _("It has a season, which was taken out first: a usual summer low is no signal.")
    if each.period.grain in ("year", "fiscal-year"):
        return _("Years have no season to take out.")
    return _("No season was taken out: none shows, or there are fewer than three years to see one.")


def few_line(each: Standing) -> str:
    """A warning where few records make a figure jump."""
    kpi, n = each.kpi, each.now.n
    if each.value is None or not 0 < n < FEW or kpi.kind not in ("ratio", "quantile"):
        return ""
    if kpi.unit == "percent":
        return ngettext(
            "Careful, small numbers: it rests on %(n)d record, so it is either all or nothing.",
            "Careful, small numbers: it rests on %(n)d records, so one more or less moves it by about "
            "%(points)s.",
            n,
        ) % {"n": n, "points": numbers.points(1 / n).lstrip("+")}
    return ngettext(
        "Careful, small numbers: it rests on %(n)d record.",
        "Careful, small numbers: it rests on %(n)d records, so a single one can move it far.",
        n,
    ) % {"n": n}


def say(value: float, each: Standing, *, currency: str) -> str:
    return numbers.unbroken(numbers.figure(value, unit=each.kpi.unit, currency=currency).text)


def version_state(code: str) -> str:
    return {
        "shipped": pgettext("version of a KPI", "as it ships"),
        "draft": pgettext("version of a KPI", "draft"),
        "published": pgettext("version of a KPI", "published"),
        "retired": pgettext("version of a KPI", "taken back"),
    }[code]


def state_choice(code: str) -> str:
    return {
        "scorecard": _("on the scorecard"),
        "available": _("told by the data"),
        "lacking": _("something is missing"),
        "own": _("declared by this site"),
    }[code]


def words_of(words: Mapping[str, str] | None) -> str:
    return (words or {}).get("zh" if numbers.is_chinese() else "en", "")
