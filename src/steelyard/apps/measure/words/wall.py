"""What the trend wall says."""

from django.utils.translation import gettext as _

from steelyard.apps.measure.queries.standings import Standing
from steelyard.apps.measure.queries.wall import Wall
from steelyard.apps.measure.words import names, sentences


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


def quiet(each: Standing) -> str:
    return _("too early to tell a signal") if each.signal.status == "too-early" else _("no signal")
