"""From a gap to its drivers: KPI formulas, Shapley, LMDI, mix and rate."""

from steelyard.engine.drivers.formula import Formula, order
from steelyard.engine.drivers.lmdi import lmdi_additive, lmdi_multiplicative
from steelyard.engine.drivers.mix import CategoryEffect, MixAndRate, mix_and_rate
from steelyard.engine.drivers.shapley import shapley, shapley_product
from steelyard.engine.drivers.tree import Contribution, Decomposition, decompose
from steelyard.engine.drivers.uncertainty import (
    ContributionInterval,
    contribution_intervals,
    count_variance,
    mean_variance,
    rate_variance,
)

__all__ = [
    "CategoryEffect",
    "Contribution",
    "ContributionInterval",
    "Decomposition",
    "Formula",
    "MixAndRate",
    "contribution_intervals",
    "count_variance",
    "decompose",
    "lmdi_additive",
    "lmdi_multiplicative",
    "mean_variance",
    "mix_and_rate",
    "order",
    "rate_variance",
    "shapley",
    "shapley_product",
]
