"""Words of measuring: refusals, names of KPIs and periods, and the sentences that open its pages."""

from steelyard.apps.measure.words.refusals import WORDS

__all__ = ["WORDS"]
