"""Where a goal stands by now, against how its year usually falls on its periods."""

from collections.abc import Sequence

from steelyard.engine.forecast.findings import Pace
from steelyard.errors import Refused


def pace(
    actuals_so_far: Sequence[float | None],
    *,
    target: float,
    profile: Sequence[float] | None,
    elapsed: float,
    periods: int | None = None,
) -> Pace:
    """Say what should have come in by now.

    Parameters
    ----------
    actuals_so_far
        What came in, one figure per period or in any parts: they are added up. None counts as nothing yet.
    target
        For all periods of the goal.
    profile
        Share of each period of the goal (`Profile.for_year`, `Profile.for_periods`); scaled to sum to 1.
        None where there is none: then each period counts alike, and `rule` says `equal`.
    elapsed
        How many periods are over; 4.5 is half of the fifth.
    periods
        Of the goal; needed without a profile.

    Returns
    -------
    Pace
        Amounts in the unit of the target.

    Raises
    ------
    Refused
        `forecast.bad-elapsed` with `elapsed` and `count`.

    Examples
    --------
    Four quarters of which the last brings most: after two, 30 of 100 are expected.

    >>> pace([12, 16], target=100, profile=[0.1, 0.2, 0.2, 0.5], elapsed=2)
    Pace(expected_by_now=30.0, actual=28.0, difference=-2.0, share_elapsed=0.3, rule='profile')
    >>> pace([12, 16], target=100, profile=None, elapsed=2, periods=4).expected_by_now
    50.0
    """
    shares = list(profile or ())
    is_equal = sum(shares) <= 0
    if is_equal:
        shares = [1.0] * (periods or 1)
    if not 0 <= elapsed <= len(shares):
        raise Refused("forecast.bad-elapsed", elapsed=elapsed, count=len(shares))
    full = int(elapsed)
    passed = sum(shares[:full])
    if full < len(shares):
        passed += (elapsed - full) * shares[full]
    share = float(f"{passed / sum(shares):.12g}")
    expected = target * share
    actual = float(sum(value for value in actuals_so_far if value is not None))
    return Pace(expected, actual, actual - expected, share, "equal" if is_equal else "profile")
