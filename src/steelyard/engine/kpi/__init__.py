"""KPIs: declared in YAML, evaluated in Ibis."""

from steelyard.engine.kpi.catalogue import Definitions, catalogue, checked, kpi_of
from steelyard.engine.kpi.definitions import Kpi, Part
from steelyard.engine.kpi.dimensions import dimensions
from steelyard.engine.kpi.lacking import lacking
from steelyard.engine.kpi.leaves import leaves
from steelyard.engine.kpi.parsing import parse
from steelyard.engine.kpi.points import Points, available, points
from steelyard.engine.kpi.records import records
from steelyard.engine.kpi.rows import Row
from steelyard.engine.kpi.sources import Prepared, prepared
from steelyard.engine.kpi.summary import Summary, judge, summarise
from steelyard.engine.kpi.targets import Targets, read_targets, target_for

__all__ = [
    "Definitions",
    "Kpi",
    "Part",
    "Points",
    "Prepared",
    "Row",
    "Summary",
    "Targets",
    "available",
    "catalogue",
    "checked",
    "dimensions",
    "judge",
    "kpi_of",
    "lacking",
    "leaves",
    "parse",
    "points",
    "prepared",
    "read_targets",
    "records",
    "summarise",
    "target_for",
]
