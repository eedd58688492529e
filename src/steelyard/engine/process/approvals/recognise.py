"""Which events are approvals, and what they decided: told by outcomes, or by names that tell one."""

import re
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from steelyard.engine.process.log import OUTCOMES, EventLog, Longs
from steelyard.engine.process.order import run_starts
from steelyard.errors import Refused

APPROVED = OUTCOMES.index("approved")
_WORDS = {
    "rejected": ("rejected", "declined", "denied", "refused", "不同意", "不通过", "未通过", "驳回", "拒绝"),
    "changed": ("returned", "sent back", "退回", "打回", "退改"),
    "approved": ("approved", "同意", "审批通过", "审核通过", "已通过", "批准"),
}
_LATIN = {
    outcome: re.compile(rf"\b(?:\w+_)?(?:{'|'.join(word for word in words if word.isascii())})\b", re.I)
    for outcome, words in _WORDS.items()
}
_HAN = {
    outcome: re.compile("|".join(word for word in words if not word.isascii()))
    for outcome, words in _WORDS.items()
}
_NAMED = re.compile(r"approv|review|sign[- ]?off|审批|审核|复核|会签|签批|批准|核准", re.I)
# To ask for an approval is none.
_ASKED = re.compile(
    r"^\s*(?:submit|request|send|ask|for\b)|for[_ ]approval|^\s*(?:提交|发起|申请|送)|待审", re.I
)
# A row of approvers: half of the cases have one after the other under one name.
ROW_SHARE = 0.5
LONGEST_ROW = 6


@dataclass(frozen=True, eq=False)
class Recognised:
    """One approval step: its name, all names that tell it, its place in a row, and its events.

    `outcome` is what each event of it decided, as a place in `OUTCOMES`. A step told by names of which none
    is a refusal may have lost its refusals: `can_refuse` is False.
    """

    activity: str
    activities: tuple[str, ...]
    turn: int
    events: Longs
    outcome: npt.NDArray[np.int8]
    can_refuse: bool = True


def recognised(log: EventLog, names: Collection[str] | None) -> list[Recognised]:
    """The approval steps of a log, by name.

    Raises
    ------
    Refused
        `approvals.unknown-activity` with `activity` for a name that the log does not have.
    """
    for name in names or ():
        if name not in log.activities:
            raise Refused("approvals.unknown-activity", activity=name)
    decided = np.zeros(len(log), np.int8) if log.outcome is None else log.outcome.copy()
    by_outcome = np.bincount(log.activity[decided > 0], minlength=len(log.activities)) > 0
    families = _families(log, by_outcome)
    found = []
    for members, outcomes in families:
        is_asked = names is None or any(log.activities[code] in names for code in members)
        if not is_asked or (names is None and not outcomes and not by_outcome[members[0]]):
            continue
        events = np.flatnonzero(np.isin(log.activity, members))
        outcome = decided[events]
        for code, told in outcomes.items():
            outcome[log.activity[events] == code] = told
        can_refuse = not outcomes or set(outcomes.values()) != {APPROVED}
        found += _in_turns(log, members, events, outcome, can_refuse=can_refuse)
    if names is None:
        known = {name for one in found for name in one.activities}
        found += [_unproven(log, name) for name in log.activities if _is_named(name) and name not in known]
    return sorted(found, key=lambda one: (one.activity, one.turn))


def _families(log: EventLog, by_outcome: npt.NDArray[np.bool_]) -> list[tuple[list[int], dict[int, int]]]:
    """Activities that tell one step between them, and what each decides (nothing: outcomes do)."""
    of_step: dict[str, dict[int, int]] = {}
    for code, name in enumerate(log.activities):
        found = None if by_outcome[code] else _decision_in(name)
        if found is not None:
            of_step.setdefault(found[0], {})[code] = OUTCOMES.index(found[1])
    # Where the log tells no refusal by name, "… approved" may be a mere state that every case reaches.
    can_refuse = any(told != APPROVED for outcomes in of_step.values() for told in outcomes.values())
    families = [
        (sorted(outcomes), outcomes)
        for outcomes in of_step.values()
        if can_refuse and APPROVED in outcomes.values()
    ]
    grouped = {code for members, _ in families for code in members}
    return families + [([code], {}) for code in range(len(log.activities)) if code not in grouped]


def _decision_in(name: str) -> tuple[str, str] | None:
    """The step and the decision that a name tells: "Claim REJECTED by X" is "claim by x", rejected."""
    for patterns in (_LATIN, _HAN):
        for outcome, pattern in patterns.items():
            match = pattern.search(name)
            if match:
                rest = f"{name[: match.start()]} {name[match.end() :]}"
                return " ".join(rest.split()).casefold(), outcome
    return None


def _is_named(name: str) -> bool:
    return bool(_NAMED.search(name)) and not _ASKED.search(name)


def _unproven(log: EventLog, name: str) -> Recognised:
    events = np.flatnonzero(log.activity == log.activities.index(name))
    return Recognised(name, (name,), 0, events, np.zeros(len(events), np.int8))


def _in_turns(
    log: EventLog, members: list[int], events: Longs, outcome: npt.NDArray[np.int8], *, can_refuse: bool
) -> list[Recognised]:
    """One step; or, where one approver follows another under one name in most cases, one for each place."""
    counts = np.bincount(log.activity, minlength=len(log.activities))
    name = log.activities[max(members, key=lambda code: (counts[code], -code))]
    activities = tuple(log.activities[code] for code in members)
    turn = _turns(log, events)
    cases = len(run_starts(log.case[events]))
    if len(run_starts(log.case[events[turn > 1]])) < ROW_SHARE * cases or not cases:
        return [Recognised(name, activities, 0, events, outcome, can_refuse)]
    return [
        Recognised(name, activities, place, events[turn == place], outcome[turn == place], can_refuse)
        for place in np.flatnonzero(np.bincount(turn)).tolist()
    ]


def _turns(log: EventLog, events: Longs) -> npt.NDArray[np.int64]:
    """Each event's place in an unbroken row of different performers within its case, from 1 up."""
    if log.performer is None or len(events) < 2:
        return np.ones(len(events), np.int64)
    who, case = log.performer[events], log.case[events]
    goes_on = np.zeros(len(events), bool)
    goes_on[1:] = (np.diff(events) == 1) & (case[1:] == case[:-1]) & (who[1:] != who[:-1]) & (who[1:] >= 0)
    begin = np.maximum.accumulate(np.where(goes_on, 0, np.arange(len(events))))
    return np.minimum(np.arange(len(events)) - begin + 1, LONGEST_ROW)
