"""Words of goals: refusals, names, and the sentences that are made of codes and figures."""

from steelyard.apps.goals.words.refusals import WORDS

__all__ = ["WORDS"]
