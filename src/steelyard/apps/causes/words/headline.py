"""The sentence that opens the lenses: what explains most, and how much nothing explains. Never "caused"."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from steelyard.apps.causes.queries.reading import ReportReading
from steelyard.apps.causes.words import amounts, names
from steelyard.apps.diagnose.words import phrases
from steelyard.web.numbers import is_chinese


def headline(report: ReportReading | None) -> str:
    """Same report, same text."""
    if report is None:
        return _("The lenses have not been tested on this gap yet.")
    supported = report.explaining
    if not supported:
        return _nothing(report)
    first, others = supported[0], supported[1:]
    shown = {
        "lens": names.lens_inside(first.lens),
        "share": amounts.share(first.share),
        "rest": amounts.share(report.unexplained),
        "others": phrases.listed([names.lens_inside(each.lens) for each in others]),
    }
    return (_with_others(shown) if others else _alone(shown)) % shown


def _alone(shown: dict[str, str]) -> str:
    """By what can be stated."""
    if not shown["share"]:
        return _("The gap is explained by %(lens)s; how much of it cannot be stated.")
    if not shown["rest"]:
        return _("%(share)s of the gap is explained by %(lens)s.")
    return _("%(share)s of the gap is explained by %(lens)s; %(rest)s stays unexplained.")


def _with_others(shown: dict[str, str]) -> str:
    if not shown["share"]:
        return _(
            "The gap is best explained by %(lens)s, then by %(others)s; how much of it cannot be stated."
        )
    if not shown["rest"]:
        return _("The largest part is explained by %(lens)s, %(share)s of the gap, then by %(others)s.")
    return _(
        "The largest part is explained by %(lens)s, %(share)s of the gap, then by %(others)s; "
        "%(rest)s stays unexplained."
    )


def _nothing(report: ReportReading) -> str:
    if len(report.untold) == len(report.lenses):
        return _("With the data there are, none of the lenses can tell; below stands what each one needs.")
    if report.untold:
        return ngettext(
            "No lens explains the gap; %(n)s of seven cannot tell yet.",
            "No lens explains the gap; %(n)s of seven cannot tell yet.",
            len(report.untold),
        ) % {"n": len(report.untold)}
    return _(
        "No lens explains the gap: look for what is not in the data, and ask the people who do the work."
    )


def lede(report: ReportReading | None) -> str:
    """What the words mean, and what has to be taken along."""
    if report is None:
        return _(
            "Seven usual suspects, each tested on your own data: supported, not supported, or cannot tell."
        )
    lines = []
    if report.is_adverse is False:
        lines.append(_("The gap is one for the better, so no share of it is told."))
    if report.is_scaled:
        lines.append(_("The lenses overlap; together they are scaled to the whole gap."))
    lines.append(
        _(
            "“Explains” means: what must be true if it is the cause was found in the data, beyond chance. "
            "Whether it came first, and where, stands with each lens. "
            "That it was the cause shows only when it is changed."
        )
    )
    return ("" if is_chinese() else " ").join(lines)
