"""Words of diagnosing: refusals, names, and the sentences that are made of codes and figures."""

from steelyard.apps.diagnose.words.refusals import WORDS

__all__ = ["WORDS"]
