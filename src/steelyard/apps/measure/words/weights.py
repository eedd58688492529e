"""What the pages of weights say, and how a weight is read."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from steelyard.apps.measure.models import UnitKind
from steelyard.apps.measure.queries.effects import Effects
from steelyard.apps.measure.queries.staff import Staff
from steelyard.apps.measure.queries.templates import EVER, Template
from steelyard.apps.measure.words import names, totals
from steelyard.errors import Refused


def weight_typed(text: str) -> int:
    """20 or 20%: whole percents."""
    bare = text.strip().removesuffix("%").removesuffix("％").strip()
    if not (bare.isdecimal() and len(bare) <= 3):
        raise Refused("measure.bad-weight")
    return int(bare)


def whole_of(typed: Mapping[str, str]) -> int:
    """What the weights come to so far; a cell that is no number counts as nothing here."""
    bare = (text.strip().rstrip("%％").strip() for text in typed.values())
    return sum(int(text) for text in bare if text.isdecimal())


def whom(template: Template, staff: Staff) -> str:
    """Sales teams: EAST, WEST; people in the role “account manager”."""
    kind = {
        UnitKind.COMPANY.value: pgettext("kind of scorecard", "The company"),
        UnitKind.TEAM.value: pgettext("kind of scorecard", "Teams"),
        UnitKind.MEMBER.value: pgettext("kind of scorecard", "People"),
    }[str(template.kind)]
    parts = [kind]
    if template.teams:
        known = [staff.teams[code].name for code in template.teams if code in staff.teams]
        parts.append(pgettext("between names", ", ").join(known))
    if template.role:
        parts.append(_("role “%(role)s”") % {"role": template.role})
    if template.kind != UnitKind.COMPANY and not template.teams and not template.role:
        parts.append(_("where its KPIs fit the records best"))
    return " · ".join(parts)


def version(template: Template) -> str:
    if template.version == 0:
        return _("as it ships")
    shown = {
        "version": template.version,
        "day": date_format(template.valid_from, "DATE_FORMAT"),
    }
    if template.is_retired:
        return _("version %(version)d: retired from %(day)s on") % shown
    if template.valid_from == EVER:
        return _("version %(version)d") % shown
    return _("version %(version)d, from %(day)s on") % shown


def effects(found: Effects) -> dict[str, Any]:
    return {
        "period": names.period_name(found.period),
        "hidden": found.hidden,
        "rows": [
            {
                "name": names.unit_name(each.unit),
                "before": totals.score(each.before),
                "before_measured": each.before.measured,
                "after": totals.score(each.after),
                "after_measured": each.after.measured,
            }
            for each in found.listed
        ],
    }
