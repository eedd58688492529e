"""The SMART check of a draft."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from steelyard.engine.smart import repairs
from steelyard.engine.smart.achievable import achievable
from steelyard.engine.smart.findings import Draft, Letter, Repair, SmartCheck
from steelyard.engine.smart.letters import measurable, relevant, specific, time_bound
from steelyard.engine.smart.reading import Reading, read

if TYPE_CHECKING:
    from steelyard.engine.forecast import Outlook

Judge = Callable[[Draft, Reading], Letter]


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

    Raises
    ------
    Refused
        `smart.bad-field` with `field` and `value` for a figure that is no number or beyond any business.

    Notes
    -----
    The text is read once by rule: purposes are set aside, then times, then what is left is read for
    measures and things. No clock is asked: relative times count as ends without being dated.
    Without a forecast a check takes about a millisecond; of a long text the first 1,000 signs are read.

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
        specific=_judged(draft, reading, specific),
        measurable=_judged(draft, reading, measurable),
        achievable=letter,
        relevant=_judged(draft, reading, relevant),
        time_bound=_judged(draft, reading, time_bound),
        chance=chance,
    )


def _judged(draft: Draft, reading: Reading, judge: Judge) -> Letter:
    """The letter with only such new texts as pass it; else the person is asked to write it anew."""
    letter = judge(draft, reading)
    if letter.verdict:
        return letter
    kept = tuple(each for each in letter.repairs if _mends(draft, judge, each))
    if len(kept) < len(letter.repairs):
        kept += (repairs.asked("smart.rewrite", "text"),)
    return replace(letter, repairs=kept)


def _mends(draft: Draft, judge: Judge, repair: Repair) -> bool:
    if repair.value is None or repair.field not in ("text", "split"):
        return True
    texts = repair.value if isinstance(repair.value, tuple) else (str(repair.value),)
    return all(judge(replace(draft, text=text), read(text, draft.lang)).verdict for text in texts)
