"""The KPIs of this site: those that ship, and its own, checked as a whole."""

from steelyard.engine.kpi import Definitions, Kpi, catalogue, kpi_of


def known_kpis() -> Definitions:
    """Every KPI that is computed, by id, in the order of the catalogue."""
    return catalogue()


def once_known_kpis() -> Definitions:
    """Those and the retired ones: what was computed of them still has to be told."""
    return known_kpis()


def known_kpi(kpi: str) -> Kpi:
    """One KPI; Refused `kpi.unknown` (404) when there is none."""
    return kpi_of(kpi, definitions=known_kpis())
