"""The findings of a diagnosis by name: what a cause can answer."""

from steelyard.apps.diagnose.models import Diagnosis, Finding
from steelyard.apps.diagnose.queries.reading import Reading, reading_of
from steelyard.apps.diagnose.words import figures, names


def findings_named(diagnosis: Diagnosis) -> list[tuple[Finding, str]]:
    """Drivers, then segments, with what each adds to the gap."""
    reading = reading_of(diagnosis.result)
    found = diagnosis.findings.exclude(kind=Finding.Kind.BRIGHT_SPOT)
    return [(each, _name(reading, each)) for each in found]


def _name(reading: Reading, finding: Finding) -> str:
    is_driver = finding.kind == Finding.Kind.DRIVER
    name = names.kpi_name(finding.key["kpi"]) if is_driver else names.segment_name(finding.key, reading.names)
    return f"{name} · {figures.part(reading, finding.contribution)}"
