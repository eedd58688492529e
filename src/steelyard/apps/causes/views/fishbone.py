"""The fishbone: a picture for the wall, and the list behind it for reading and writing."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from steelyard.apps.causes.models import Evidence
from steelyard.apps.causes.queries.bones import Bone, bones_of
from steelyard.apps.causes.queries.reading import ReportReading
from steelyard.apps.causes.queries.seen import diagnosis_for, standing_evidence
from steelyard.apps.causes.views.frame import frame, report_of
from steelyard.apps.causes.views.lines import (
    CauseLine,
    EvidenceLine,
    cause_lines,
    evidence_lines,
)
from steelyard.apps.causes.words import amounts, facts, figures, names
from steelyard.apps.causes.words import fishbone as words
from steelyard.apps.diagnose.models import Diagnosis
from steelyard.charts import fishbone as picture
from steelyard.web.doors import door

MOST = picture.MOST_ITEMS
LONGEST = 70


@dataclass(frozen=True)
class BoneLine:
    """A bone as the list shows it."""

    lens: str
    name: str
    question: str
    verdict: str
    share: str
    found: str
    causes: tuple[CauseLine, ...]
    evidence: tuple[EvidenceLine, ...]


@door("causes.see")
@require_safe
def fishbone(request: HttpRequest, public_id: str) -> HttpResponse:
    diagnosis = diagnosis_for(request.user, public_id)
    report = report_of(diagnosis)
    evidence = standing_evidence(request.user, diagnosis)
    bones = bones_of(diagnosis, report, evidence)
    around = frame(request, diagnosis, "fishbone")
    drawn = picture.layout(
        [drawn_bone(diagnosis, report, each) for each in bones],
        problem=around["gap"],
        note=words.unexplained(report),
    )
    shown = {
        "headline": words.headline(bones),
        "drawn": drawn,
        "bones": [
            BoneLine(
                lens=each.lens,
                name=names.lens_name(each.lens),
                question=names.lens_question(each.lens),
                verdict=each.found.verdict if each.found else "",
                share=share_of(each),
                found=found_by(report, each),
                causes=tuple(cause_lines(diagnosis, each.causes, evidence)),
                evidence=tuple(evidence_lines(request.user, diagnosis, each.evidence)),
            )
            for each in bones
        ],
        "legend": words.legend(),
    }
    return render(request, "causes/fishbone.html", shown | around)


def share_of(bone: Bone) -> str:
    return amounts.share(bone.found.share) if bone.found and bone.found.is_supported else ""


def found_by(report: ReportReading | None, bone: Bone) -> str:
    """What the test of a lens found, where nobody has made a cause of it yet."""
    is_named = any(each.test is not None for each in bone.causes)
    if report is None or bone.found is None or not bone.found.is_supported or is_named:
        return ""
    return next((text for each in bone.found.facts if (text := facts.fact(report, each))), "")


def drawn_bone(diagnosis: Diagnosis, report: ReportReading | None, bone: Bone) -> picture.Bone:
    """Causes by their status, then what people brought, shortened; the list has all of it whole."""
    currency = diagnosis.result["currency"]
    lens = reverse("lenses", args=[diagnosis.public_id]) + f"#lens-{bone.lens}"
    found = found_by(report, bone)
    items = [picture.Item(shortened(found), words.VERDICTS["supported"], "tested", lens)] if found else []
    items += [
        picture.Item(
            shortened(each.text),
            mark=words.MARKS[each.status],
            kind=each.status,
            href=reverse("cause", args=[diagnosis.public_id, each.public_id]),
        )
        for each in bone.causes
    ]
    items += [
        picture.Item(shortened(told_by(each, currency)), mark=words.EVIDENCE_MARK, kind="evidence")
        for each in bone.evidence
    ]
    verdict = words.VERDICTS[bone.found.verdict] if bone.found else ""
    return picture.Bone(
        name=names.lens_name(bone.lens),
        items=tuple(items),
        note=" ".join(part for part in (verdict, share_of(bone)) if part),
        href=lens,
        more=words.more(len(items) - MOST) if len(items) > MOST else "",
    )


def told_by(each: Evidence, currency: str) -> str:
    return each.text or figures.told(each.figure or {}, currency=currency) or each.file_name


def shortened(text: str) -> str:
    """For the picture alone."""
    line = " ".join(text.split()).lstrip('“"‘「')
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"
