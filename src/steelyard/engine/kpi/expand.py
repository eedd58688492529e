"""From KPIs to the parts to read: formulas are opened until only parts are left."""

from steelyard.engine.drivers.formula import Formula
from steelyard.engine.kpi.catalogue import Definitions, kpi_of
from steelyard.engine.kpi.definitions import Kpi, Part


def components_of(kpi: Kpi, *, definitions: Definitions | None = None) -> list[Kpi]:
    """Return the KPIs with parts that a KPI needs: itself, or those that its formula names."""
    if kpi.formula is None:
        return [kpi]
    named = (kpi_of(name, definitions=definitions) for name in Formula.parse(kpi.formula).names)
    found = [one for each in named for one in components_of(each, definitions=definitions)]
    return list({one.id: one for one in found}.values())


def parts_of(kpi: Kpi, *, definitions: Definitions | None = None) -> list[Part]:
    """Return every part that a KPI reads, each once."""
    parts = (part for one in components_of(kpi, definitions=definitions) for part in one.parts)
    return list(dict.fromkeys(parts))
