"""The bones of the fishbone: each lens with its causes, and what people brought beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from steelyard.apps.causes.models import LENSES, Cause, Evidence
from steelyard.apps.causes.queries.reading import LensReading, ReportReading
from steelyard.apps.causes.queries.seen import causes_of
from steelyard.apps.diagnose.models import Diagnosis


@dataclass(frozen=True)
class Bone:
    """`evidence` stands beside the lens alone; that of a cause hangs on the cause."""

    lens: str
    found: LensReading | None
    causes: tuple[Cause, ...]
    evidence: tuple[Evidence, ...]


def bones_of(diagnosis: Diagnosis, report: ReportReading | None, evidence: Sequence[Evidence]) -> list[Bone]:
    """In the order of the lenses, always the same; rejected causes last."""
    causes = list(causes_of(diagnosis))
    alone = [each for each in evidence if each.cause_id is None and each.why_id is None]
    return [
        Bone(
            lens=lens,
            found=report.lens(lens) if report else None,
            causes=tuple(
                sorted(
                    (each for each in causes if each.lens == lens),
                    key=lambda each: (each.status == Cause.Status.REJECTED, not each.is_confirmed, each.pk),
                )
            ),
            evidence=tuple(each for each in alone if each.lens == lens),
        )
        for lens in LENSES
    ]
