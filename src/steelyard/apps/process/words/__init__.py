"""The room in both languages. What it refuses has its words here."""

from steelyard.apps.process.words.refusals import WORDS

__all__ = ["WORDS"]
