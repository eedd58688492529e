"""What the heat table says."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from steelyard.apps.measure.models import UnitKind
from steelyard.apps.measure.queries.heat import Heat
from steelyard.apps.measure.queries.standings import Standing
from steelyard.apps.measure.words import names
from steelyard.web import beams

NAMED = 3
SIGNS = {"worse": "!", "better": "✓", "on-target": "✓", "usual": "○"}


def headline(heat: Heat) -> str:
    """How many cells of how many teams are a reason to look: outside the usual, and worse than target."""
    teams = [row for row in heat.rows if row.unit.kind == UnitKind.TEAM]
    worse = [row for row in teams if count(row.standings.values(), "worse")]
    shown = {"period": names.period_name(heat.period), "worse": len(worse), "teams": len(teams)}
    if not any(each.target is not None for row in teams for each in row.standings.values()):
        return _("%(period)s: no team has a target, so there is nothing to judge against.") % shown
    if not worse:
        return _("%(period)s: no team is worse than target beyond its usual variation.") % shown
    if len(worse) > NAMED:
        return (
            _("%(period)s: %(worse)d of %(teams)d teams are worse than target beyond their usual variation.")
            % shown
        )
    shown["names"] = pgettext("between names", ", ").join(names.unit_name(row.unit) for row in worse)
    return _("%(period)s: worse than target beyond the usual variation: %(names)s.") % shown


def lede(heat: Heat) -> str:
    text = _(
        "Each figure is the team's with those below it, and opens its KPI. Colour judges against the target; "
        "inside the usual variation there is none."
    )
    if heat.is_complete:
        return text
    return f"{text} {_('The period is still running: its figures grow until it ends.')}"


def count(standings: object, judgement: str) -> int:
    return sum(each.judgement == judgement for each in standings)  # type: ignore[attr-defined]


def judgement(each: Standing) -> str:
    return beams.judgement_words(
        "contrary" if each.is_contrary and each.judgement == "usual" else each.judgement
    )
