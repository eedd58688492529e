"""Words and marks of the fishbone."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from steelyard.apps.causes.queries.bones import Bone
from steelyard.apps.causes.queries.reading import ReportReading
from steelyard.apps.causes.words import amounts, names

MARKS = {"hypothesis": "–", "tested": "◆", "confirmed": "✓", "rejected": "✕"}
VERDICTS = {"supported": "●", "not-supported": "○", "cannot-tell": "?"}
EVIDENCE_MARK = "“"


def headline(bones: Sequence[Bone]) -> str:
    confirmed = [cause for bone in bones for cause in bone.causes if cause.is_confirmed]
    every = sum(len(bone.causes) for bone in bones)
    if len(confirmed) == 1:
        return _("One cause is confirmed: %(text)s") % {"text": confirmed[0].text}
    if confirmed:
        return _("%(n)s of %(all)s causes are confirmed.") % {"n": len(confirmed), "all": every}
    if every:
        return ngettext(
            "One cause is named, and none is confirmed yet.",
            "%(n)s causes are named, and none is confirmed yet.",
            every,
        ) % {"n": every}
    return _("No cause is named yet: hang what you think, and what people say, on its bone.")


def unexplained(report: ReportReading | None) -> str:
    """Under the problem, at the head."""
    rest = amounts.share(report.unexplained) if report else ""
    return _("%(share)s unexplained") % {"share": rest} if rest else ""


def more(count: int) -> str:
    return ngettext("and %(n)s more", "and %(n)s more", count) % {"n": count}


def legend() -> list[tuple[str, str]]:
    told = [(mark, names.status_name(status)) for status, mark in MARKS.items()]
    return [*told, (EVIDENCE_MARK, _("what people say"))]
