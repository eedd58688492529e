"""Which lens explains a gap: goals, process, skills, resources, morale, market and product, strategy."""

from steelyard.engine.lenses.findings import (
    LENSES,
    Check,
    Fact,
    LensFinding,
    LensReport,
    Missing,
    Place,
    Series,
)
from steelyard.engine.lenses.report import test_lenses

__all__ = [
    "LENSES",
    "Check",
    "Fact",
    "LensFinding",
    "LensReport",
    "Missing",
    "Place",
    "Series",
    "test_lenses",
]
