"""Words of causes: refusals, names, and the sentences that are made of codes and figures."""

from steelyard.apps.causes.words.refusals import WORDS

__all__ = ["WORDS"]
