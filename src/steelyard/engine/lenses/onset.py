"""Since when a rate is another: the first month of the new level."""

import numpy as np

from steelyard.engine.lenses.case import Case
from steelyard.engine.lenses.funnel import Mask, by_month
from steelyard.engine.lenses.stages import WHOLE
from steelyard.engine.signals import change_point

FEWEST_TRIES = 5


def onset_of(case: Case, step: str, *, inside: Mask | None = None) -> str | None:
    """Return the first month from which on the conversion of a step is lower; None where none is."""
    deals = by_month(case)
    if inside is None:
        inside = np.ones(deals.closed.shape[1], dtype=bool)
    passed, tried = ((each * inside).sum(axis=1) for each in deals.tries(step))
    known = deals.known_share() if step != WHOLE else np.ones(len(passed))
    values = [
        float(good / of) if of >= FEWEST_TRIES and sure >= 0.8 else None
        for good, of, sure in zip(passed, tried, known, strict=True)
    ]
    found = change_point(values)
    if found is None or found.after >= found.before:
        return None
    return deals.periods[found.index].label
