"""Words of goals: refusals, names, and the sentences that are made of codes and figures."""

from steelyard.apps.goals.words import cascade_refusals, refusals

WORDS = {**refusals.WORDS, **cascade_refusals.WORDS}

__all__ = ["WORDS"]
