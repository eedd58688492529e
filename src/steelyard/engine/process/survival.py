"""How long things last when some of them have not ended yet."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from steelyard.engine.process.findings import SurvivalPoint
from steelyard.engine.process.groups import SECOND
from steelyard.engine.process.log import Longs

# More steps than this are thinned out evenly: a line to draw needs no more.
MOST_POINTS = 200


@dataclass(frozen=True, eq=False)
class Survival:
    """The share that has lasted longer than each of these times, and how many were still watched there."""

    times: Longs
    share: npt.NDArray[np.float64]
    at_risk: Longs

    def quantile(self, ended: float) -> float | None:
        """The seconds by which this share has ended; None where it was never seen to."""
        reached = np.flatnonzero(self.share <= 1 - ended + 1e-12)
        return float(self.times[reached[0]] / SECOND) if len(reached) else None

    def points(self) -> tuple[SurvivalPoint, ...]:
        """The steps of the line, at most `MOST_POINTS`, the last among them."""
        places = np.arange(len(self.times))
        if len(places) > MOST_POINTS:
            places = np.unique(np.linspace(0, len(places) - 1, MOST_POINTS).round().astype(np.int64))
        return tuple(
            SurvivalPoint(
                float(self.times[place] / SECOND), float(self.share[place]), int(self.at_risk[place])
            )
            for place in places
        )


def kaplan_meier(lasted: Longs, has_ended: npt.NDArray[np.bool_]) -> Survival:
    """The Kaplan–Meier estimate: what is still going on counts as watched up to now.

    Parameters
    ----------
    lasted
        Microseconds until the end, or until now.
    has_ended
        Which of them have ended.

    Returns
    -------
    Survival
        One step for each time at which something ended, ascending.

    Notes
    -----
    At equal times ends come before what is cut off. Source: Kaplan, E. L. and Meier, P. (1958),
    Nonparametric estimation from incomplete observations, JASA 53.

    Examples
    --------
    >>> line = kaplan_meier(np.array([1, 2, 2, 3]) * SECOND, np.array([True, True, False, True]))
    >>> line.share.tolist(), line.at_risk.tolist(), line.quantile(0.5)
    ([0.75, 0.5, 0.0], [4, 3, 1], 2.0)
    """
    times, ended = np.unique(lasted[has_ended], return_counts=True)
    at_risk = len(lasted) - np.searchsorted(np.sort(lasted), times)
    share: npt.NDArray[np.float64] = np.cumprod(1.0 - ended / at_risk, dtype=np.float64)
    return Survival(times, share, at_risk.astype(np.int64))
