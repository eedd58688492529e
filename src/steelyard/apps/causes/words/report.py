"""Words of the report alone."""

from django.utils.translation import ngettext

from steelyard.apps.causes.queries.reading import ReportReading
from steelyard.apps.causes.words import amounts


def kept_back(count: int) -> str:
    """Evidence that is not for everybody stays where it is."""
    if not count:
        return ""
    return ngettext(
        "%(n)s piece of evidence is not for everybody and is not in this report.",
        "%(n)s pieces of evidence are not for everybody and are not in this report.",
        count,
    ) % {"n": count}


def unexplained(found: ReportReading | None) -> str:
    return amounts.share(found.unexplained) if found else ""
