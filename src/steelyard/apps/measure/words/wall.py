"""What the trend wall says."""

from django.utils.translation import gettext as _

from steelyard.apps.measure.queries.standings import Standing
from steelyard.apps.measure.queries.wall import Wall
from steelyard.apps.measure.words import names, sentences
from steelyard.engine.periods import periods


def headline(wall: Wall) -> str:
    """Nov 2025: 2 of 14 KPIs show a signal; which."""
    shown = {
        "period": names.period_name(wall.month),
        "signals": sentences.signals(len(wall.signals), len(wall.told)),
    }
    if not wall.signals:
        return _("%(period)s: %(signals)s.") % shown
    shown["kpis"] = sentences.listed([each.kpi for each in wall.signals])
    return _("%(period)s: %(signals)s, %(kpis)s.") % shown


def lede(wall: Wall) -> str:
    first = periods("month", wall.month.year_ago(), wall.month)[1].year_ago()
    return _(
        "%(first)s to %(last)s. The grey band holds the natural process limits; a brass dot is a signal; the "
        "dashed line is the target. Inside the band there is nothing to react to."
    ) % {"first": names.period_name(first), "last": names.period_name(wall.month)}


def quiet(each: Standing) -> str:
    return _("too early to tell a signal") if each.signal.status == "too-early" else _("no signal")
