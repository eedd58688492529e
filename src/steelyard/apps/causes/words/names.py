"""Names of lenses, statuses, kinds of evidence, and of who may read it."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from steelyard.web.numbers import is_chinese


def lens_name(lens: str) -> str:
    """As a title, and the label of a bone."""
    return {
        "goals": pgettext("lens", "Goals"),
        "process": pgettext("lens", "Process"),
        "skills": pgettext("lens", "Skills"),
        "resources": pgettext("lens", "Resources"),
        "morale": pgettext("lens", "Morale"),
        "market": pgettext("lens", "Market and product"),
        "strategy": pgettext("lens", "Strategy and mix"),
    }[lens]


def lens_inside(lens: str) -> str:
    """Inside a sentence English writes it small."""
    name = lens_name(lens)
    return name if is_chinese() else name.lower()


def lens_question(lens: str) -> str:
    """What the lens asks."""
    return {
        "goals": _("Was the target within reach, and fairly split?"),
        "process": _("Does the work wait, or come back, before one step, whoever does it?"),
        "skills": _("Do some people fall behind at one stage that needs a skill?"),
        "resources": _("Were people, budget or tools too few for the load?"),
        "morale": _("Did engagement fall before the result did?"),
        "market": _("Did it hit everybody at the same stage, the best too?"),
        "strategy": _("Did the mix move to parts that convert worse?"),
    }[lens]


def lens_measure(lens: str, unit: str) -> str:
    """What the effect of a lens is an effect on."""
    if lens == "process" and unit == "percentage-points":
        return _("share of cases in which a step is done again")
    return {
        "goals": _("target above what was to be expected"),
        "process": _("wait before the step, more than before"),
        "skills": _("conversion of the group against the others"),
        "resources": _("work a head against before"),
        "morale": _("favourable answers against the year before"),
        "market": _("conversion of the step against before"),
        "strategy": _("what the mix alone did to conversion"),
    }[lens]


def status_name(status: str) -> str:
    return {
        "hypothesis": pgettext("of a cause", "hypothesis"),
        "tested": pgettext("of a cause", "tested"),
        "confirmed": pgettext("of a cause", "confirmed"),
        "rejected": pgettext("of a cause", "rejected"),
    }[status]


def kind_name(kind: str) -> str:
    return {
        "interview": pgettext("evidence", "Interview note"),
        "retrospective": pgettext("evidence", "Retrospective item"),
        "survey": pgettext("evidence", "Survey result"),
        "figure": pgettext("evidence", "Figure"),
        "comment": pgettext("evidence", "Comment"),
        "file": pgettext("evidence", "File"),
    }[kind]


def audience_name(audience: str) -> str:
    return {
        "all": _("everybody who sees this diagnosis"),
        "leads": _("leaders and managers"),
        "author": _("only who brought it"),
    }[audience]


def weigh_name(weighed: str) -> str:
    return {
        "impact": pgettext("of a countermeasure", "Impact"),
        "effort": pgettext("of a countermeasure", "Effort"),
        "risk": pgettext("of a countermeasure", "Risk"),
    }[weighed]


def decision_name(status: str) -> str:
    return {
        "confirmed": _("Confirm: this is a cause"),
        "rejected": _("Reject: this is not it"),
    }[status]


def check_name(verdict: str) -> str:
    return {
        "holds": pgettext("a check", "holds"),
        "fails": pgettext("a check", "does not hold"),
        "cannot-tell": pgettext("a check", "cannot tell"),
    }[verdict]
