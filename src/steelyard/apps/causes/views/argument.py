"""The whole argument of a diagnosis, made once for page and paper: from the gap to what is done about it."""

from dataclasses import dataclass, replace
from typing import Any

from steelyard.apps.causes.models import Cause, Countermeasure, Evidence
from steelyard.apps.causes.queries.bones import bones_of
from steelyard.apps.causes.queries.reading import ReportReading, unnamed
from steelyard.apps.causes.queries.seen import (
    causes_of,
    countermeasures_of,
    standing_evidence,
)
from steelyard.apps.causes.queries.tree import whys_in
from steelyard.apps.causes.views.countermeasures import ORDERS
from steelyard.apps.causes.views.fishbone import drawn_bone
from steelyard.apps.causes.views.frame import report_of
from steelyard.apps.causes.views.lenses import lens_lines, ordered
from steelyard.apps.causes.views.lines import (
    CauseLine,
    EvidenceLine,
    LensLine,
    cause_line,
    evidence_lines,
)
from steelyard.apps.causes.views.whys import TreeLine, tree_line
from steelyard.apps.causes.words import fishbone as bone_words
from steelyard.apps.causes.words import headline, report
from steelyard.apps.diagnose.models import Diagnosis
from steelyard.apps.diagnose.views.parts import Sheet, sheet_of
from steelyard.charts import fishbone

# Lenses whose charts have a row for each person.
OF_PEOPLE = ("skills",)


@dataclass(frozen=True)
class CauseTold:
    """A cause with the evidence that goes on with the report."""

    line: CauseLine
    evidence: tuple[EvidenceLine, ...]


@dataclass(frozen=True)
class Report:
    """What page and paper show, made once: the same data give the same text."""

    diagnosis: Diagnosis
    sheet: Sheet
    gap: str
    lenses: ReportReading | None
    lines: tuple[LensLine, ...]
    causes: tuple[CauseTold, ...]
    beside: tuple[EvidenceLine, ...]
    trees: tuple[TreeLine, ...]
    options: tuple[Countermeasure, ...]
    drawn: fishbone.Drawn
    kept_back: int

    @property
    def explained(self) -> str:
        return headline.headline(self.lenses)

    @property
    def supported(self) -> list[LensLine]:
        return [line for line in self.lines if line.verdict == "supported"]

    @property
    def pictured(self) -> list[LensLine]:
        """Those with a chart to show; a chart of people by name is not passed on."""
        return [line for line in self.supported if line.charts and line.lens not in OF_PEOPLE]

    @property
    def untold(self) -> list[LensLine]:
        """What cannot be told, each with what it would take."""
        return [line for line in self.lines if line.verdict == "cannot-tell" and line.missing]

    @property
    def kept_back_line(self) -> str:
        return report.kept_back(self.kept_back)

    @property
    def legend(self) -> list[tuple[str, str]]:
        return bone_words.legend()


def report_for(viewer: Any, diagnosis: Diagnosis, *, gap: str) -> Report:
    """Evidence that is not for everybody who sees the diagnosis stays out, and the report says so."""
    tested, causes = report_of(diagnosis), list(causes_of(diagnosis))
    lenses = unnamed(tested) if tested else None
    every = standing_evidence(viewer, diagnosis)
    open_to_all = [each for each in every if each.audience == Evidence.Audience.ALL]
    bones = bones_of(diagnosis, lenses, open_to_all)
    alone = [each for each in open_to_all if each.cause_id is None and each.why_id is None]
    options = [each for each in countermeasures_of(diagnosis) if each.withdrawn_at is None]
    return Report(
        diagnosis=diagnosis,
        sheet=sheet_of(diagnosis),
        gap=gap,
        lenses=lenses,
        lines=tuple(lens_lines(viewer, diagnosis, lenses, [], [])) if lenses else (),
        causes=tuple(causes_told(viewer, diagnosis, causes, open_to_all)),
        beside=passed_on(viewer, diagnosis, alone),
        trees=tuple(
            tree_line(viewer, diagnosis, each, problem=gap)
            for each in whys_in(diagnosis, open_to_all).trees
            if each.branches
        ),
        options=tuple(sorted(options, key=lambda each: (not each.chosen, *ORDERS["worth"](each)))),
        drawn=fishbone.layout(
            [drawn_bone(diagnosis, lenses, each) for each in bones],
            problem=gap,
            note=bone_words.unexplained(lenses),
        ),
        kept_back=len(every) - len(open_to_all),
    )


def causes_told(
    viewer: Any, diagnosis: Diagnosis, causes: list[Cause], evidence: list[Evidence]
) -> list[CauseTold]:
    """Confirmed ones first."""
    beside: dict[int, list[Evidence]] = {}
    for each in evidence:
        if each.cause_id:
            beside.setdefault(each.cause_id, []).append(each)
    lines = ordered([cause_line(diagnosis, cause) for cause in causes])
    return [CauseTold(line, passed_on(viewer, diagnosis, beside.get(line.cause.pk, []))) for line in lines]


def passed_on(viewer: Any, diagnosis: Diagnosis, evidence: list[Evidence]) -> tuple[EvidenceLine, ...]:
    """As it is read; nothing is withdrawn from a report."""
    return tuple(replace(line, may_keep=False) for line in evidence_lines(viewer, diagnosis, evidence))
