"""Causes, evidence and lenses as pages show them: words and figures made once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from steelyard.apps.causes.models import Cause, Evidence, Wording
from steelyard.apps.causes.queries.reading import LensReading, ReportReading, lens_reading
from steelyard.apps.causes.queries.seen import may_keep
from steelyard.apps.causes.views.charts import Drawn, drawn_of
from steelyard.apps.causes.words import amounts, facts, figures, names
from steelyard.apps.diagnose.models import Diagnosis
from steelyard.web import numbers


@dataclass(frozen=True)
class EvidenceLine:
    evidence: Evidence
    kind: str
    text: str
    told: str
    source: str
    audience: str
    by: str
    file: str = ""
    file_href: str = ""
    size: str = ""
    href: str = ""
    may_keep: bool = False


@dataclass(frozen=True)
class CauseLine:
    cause: Cause
    href: str
    lens: str
    status: str
    verdict: str
    figures: str
    decided: str
    evidence: int = 0

    @property
    def text(self) -> str:
        return self.cause.text


@dataclass(frozen=True)
class CheckLine:
    text: str
    verdict: str
    word: str
    figures: str


@dataclass(frozen=True)
class LensLine:
    """One lens with everything beside it."""

    lens: str
    name: str
    question: str
    verdict: str = ""
    measure: str = ""
    effect: str = ""
    interval: str = ""
    n: str = ""
    share: str = ""
    share_bar: float = 0.0
    share_span: str = ""
    share_reason: str = ""
    chance: str = ""
    before: str = ""
    place: str = ""
    facts: tuple[str, ...] = ()
    checks: tuple[CheckLine, ...] = ()
    missing: tuple[dict[str, str], ...] = ()
    charts: tuple[Drawn, ...] = ()
    causes: tuple[CauseLine, ...] = ()
    evidence: tuple[EvidenceLine, ...] = ()

    @property
    def short(self) -> str:
        """What fits into a chip: the effect, or how often chance would do as much."""
        return self.effect or (f"n {self.n}" if self.n else "")


@dataclass(frozen=True)
class FormerLine:
    text: str
    by: str
    at: str
    is_set_aside: bool
    is_reason: bool


@dataclass(frozen=True)
class Beside:
    """What people brought, by where it stands."""

    causes: Mapping[str, Sequence[CauseLine]] = field(default_factory=dict)
    evidence: Mapping[str, Sequence[EvidenceLine]] = field(default_factory=dict)


def lens_line(report: ReportReading | None, lens: str, beside: Beside) -> LensLine:
    told: dict[str, Any] = {
        "lens": lens,
        "name": names.lens_name(lens),
        "question": names.lens_question(lens),
        "causes": tuple(beside.causes.get(lens, ())),
        "evidence": tuple(beside.evidence.get(lens, ())),
    }
    found = report.lens(lens) if report else None
    return LensLine(**told) if report is None or found is None else LensLine(**told, **_told(report, found))


def _told(report: ReportReading, found: LensReading) -> dict[str, Any]:
    is_told = found.verdict != "cannot-tell"
    return {
        "verdict": found.verdict,
        "measure": names.lens_measure(found.lens, found.unit) if is_told else "",
        "effect": amounts.effect(found.effect, found.unit, report.currency),
        "interval": amounts.interval(found.low, found.high, found.unit, report.currency),
        "n": numbers.count(found.n) if found.n else "",
        "share": amounts.share(found.share) if found.is_supported else "",
        "share_bar": min(1.0, abs(found.share or 0.0)) if found.is_supported else 0.0,
        "share_span": amounts.share_span(found.share_low, found.share_high) if found.is_supported else "",
        "share_reason": facts.share_reason(found.share_code) if found.is_supported else "",
        "chance": amounts.chance(found.p),
        # What was not found has no place and no time.
        "before": facts.before(found.before, found.since) if found.is_supported else "",
        "place": facts.place(report, found.place) if found.is_supported and found.place else "",
        "facts": tuple(text for each in found.facts if (text := facts.fact(report, each))),
        "checks": tuple(
            CheckLine(text, each.verdict, names.check_name(each.verdict), facts.check_figures(report, each))
            for each in found.checks
            if (text := facts.check(report, each))
        ),
        "missing": tuple({"text": facts.missing(each), "table": each.table} for each in found.missing),
        "charts": tuple(drawn_of(report, each, unit=found.unit) for each in found.charts if each.rows),
    }


def cause_lines(
    diagnosis: Diagnosis, causes: Iterable[Cause], evidence: Sequence[Evidence]
) -> list[CauseLine]:
    counts: dict[int, int] = {}
    for each in evidence:
        if each.cause_id:
            counts[each.cause_id] = counts.get(each.cause_id, 0) + 1
    return [cause_line(diagnosis, each, count=counts.get(each.pk, 0)) for each in causes]


def cause_line(diagnosis: Diagnosis, cause: Cause, *, count: int = 0) -> CauseLine:
    test = lens_reading(cause.test) if cause.test else None
    currency = diagnosis.result["currency"]
    return CauseLine(
        cause=cause,
        href=reverse("cause", args=[diagnosis.public_id, cause.public_id]),
        lens=names.lens_name(cause.lens),
        status=names.status_name(cause.status),
        verdict=test.verdict if test else "",
        figures=_test_figures(test, currency) if test else "",
        decided=_decided(cause),
        evidence=count,
    )


def _test_figures(test: LensReading, currency: str) -> str:
    """+4.2 hours · 54% of the gap."""
    parts = [amounts.effect(test.effect, test.unit, currency)]
    if test.is_supported and amounts.share(test.share):
        parts.append(_("%(share)s of the gap") % {"share": amounts.share(test.share)})
    return " · ".join(part for part in parts if part)


def _decided(cause: Cause) -> str:
    if not (cause.is_decided and cause.decided_by and cause.decided_at):
        return ""
    form = (
        _("Confirmed by %(name)s on %(date)s")
        if cause.is_confirmed
        else _("Rejected by %(name)s on %(date)s")
    )
    return form % {
        "name": cause.decided_by.name,
        "date": day(localtime(cause.decided_at)),
    }


def evidence_lines(viewer: Any, diagnosis: Diagnosis, found: Iterable[Evidence]) -> list[EvidenceLine]:
    return [evidence_line(viewer, diagnosis, each) for each in found]


def evidence_line(viewer: Any, diagnosis: Diagnosis, each: Evidence) -> EvidenceLine:
    has_file = bool(each.file_sha256)
    return EvidenceLine(
        evidence=each,
        kind=names.kind_name(each.kind),
        text=each.text,
        told=figures.told(each.figure or {}, currency=diagnosis.result["currency"]),
        source=_source(each),
        audience="" if each.audience == "all" else names.audience_name(each.audience),
        by=each.created_by.name,
        file=each.file_name,
        file_href=reverse("evidence_file", args=[diagnosis.public_id, each.public_id]) if has_file else "",
        size=numbers.size(each.file_size) if has_file else "",
        href=figures.href(each.figure or {}),
        may_keep=may_keep(viewer, each),
    )


def _source(each: Evidence) -> str:
    """Where it comes from, and its day; a figure names itself, with its period."""
    if each.kind == Evidence.Kind.FIGURE:
        return _("taken on %(date)s") % {"date": day(each.happened_on)}
    return _("%(source)s, %(date)s") % {"source": each.source, "date": day(each.happened_on)}


def by_lens(lines: Iterable[Any], lens: Any) -> dict[str, list[Any]]:
    """Lines under the lens that each belongs to."""
    found: dict[str, list[Any]] = {}
    for each in lines:
        found.setdefault(lens(each), []).append(each)
    return found


def former_lines(found: Iterable[Wording]) -> list[FormerLine]:
    return [
        FormerLine(
            text=each.text,
            by=each.author.name,
            at=date_format(localtime(each.at), "DATETIME_FORMAT"),
            is_set_aside=each.state == Wording.State.SET_ASIDE,
            is_reason=each.kind == Wording.Kind.REASON,
        )
        for each in found
    ]


def day(when: Any) -> str:
    return date_format(when, "DATE_FORMAT")
