"""The SMART check of a draft."""

from typing import TYPE_CHECKING

from steelyard.engine.smart.achievable import achievable
from steelyard.engine.smart.findings import Draft, SmartCheck
from steelyard.engine.smart.letters import measurable, relevant, specific, time_bound
from steelyard.engine.smart.reading import read

if TYPE_CHECKING:
    from steelyard.engine.forecast import Outlook


def check(draft: Draft, *, outlook: "Outlook | None" = None) -> SmartCheck:
    """Judge each letter of a goal by rule, with reasons and repairs.

    Parameters
    ----------
    draft
        The text and the fields that are filled in so far.
    outlook
        The forecast of the KPI, where it is known already; else it is made from the draft's history.

    Returns
    -------
    SmartCheck
        Five letters; `achievable` is None without a history, an outlook or a target.

    Notes
    -----
    The text is read once by rule: purposes are set aside, then times, then what is left is read for
    measures and things. No clock is asked: relative times count as ends without being dated.
    Without a forecast a check takes well under a millisecond.

    Source: G. T. Doran (1981), There's a S.M.A.R.T. way to write management's goals and objectives.

    Examples
    --------
    >>> found = check(Draft("提升赢单率至 63%"))
    >>> found.specific.verdict, found.time_bound.verdict
    (True, False)
    """
    reading = read(draft.text, draft.lang)
    letter, chance = achievable(draft, reading, outlook=outlook)
    return SmartCheck(
        lang=reading.lang,
        specific=specific(draft, reading),
        measurable=measurable(draft, reading),
        achievable=letter,
        relevant=relevant(draft, reading),
        time_bound=time_bound(draft, reading),
        chance=chance,
    )
