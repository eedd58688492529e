"""What to do with an approval: the rule, from what it changes and what stands beside it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from steelyard.engine.process.approvals.effects import Effects
from steelyard.engine.process.approvals.findings import Overlap, Proposal, Reason
from steelyard.engine.process.approvals.limits import Limit
from steelyard.engine.process.shares import wilson

# Surely affecting less than one case in fifty is little; with no case affected that takes 189 cases.
NEEDLESS = 0.02
# Dropped is only what hardly ever did anything.
NEARLY_NONE = 0.005
LEAST_CASES = 30
ENOUGH_CASES = 189
MOST_UNDECIDED = 0.2
SAME_CASES = 0.9
SAME_PERSON = 0.8
ADJACENT = 0.8
SAME_ROUND = 0.8
SAME_DECISION = 0.98
# The part of the cases that is still looked at where an approval is sampled.
SAMPLED = 0.1


@dataclass(frozen=True)
class Proposed:
    """A proposal, the approval that it leans on, its limit, and its reasons."""

    proposal: Proposal
    reasons: tuple[Reason, ...]
    other: Overlap | None = None
    limit: Limit | None = None


def proposed(
    effects: Effects,
    undecided: int,
    overlaps: Sequence[Overlap],
    limit: Limit | None,
    *,
    has_refusals: bool,
    is_leaned_on: bool,
) -> Proposed:
    """Choose; `overlaps` are with approvals that stay, below `limit` a decision could be delegated.

    One that is leaned on, because another is dropped or merged for its sake, neither goes nor merges.
    """
    cases, affected = len(effects.cases), int(effects.is_affected.sum())
    decisions = len(effects.events)
    if not decisions:
        return Proposed("cannot-tell", (("no-outcomes", {"missing": "outcome"}),))
    if undecided > MOST_UNDECIDED * (decisions + undecided):
        share = undecided / (decisions + undecided)
        return Proposed("cannot-tell", (("outcomes-missing", {"share": share}),))
    if cases < LEAST_CASES:
        return Proposed("cannot-tell", (("too-few-cases", {"cases": cases, "needed": ENOUGH_CASES}),))
    low, high = wilson(affected, cases)
    figures = {"affected": affected, "cases": cases, "low": low, "high": high, "limit": NEEDLESS}
    if high <= NEEDLESS:
        little: Reason = ("rarely-changes", figures)
        if is_leaned_on:
            return Proposed("sample", (little, ("others-lean-on-it", {"sampled": SAMPLED})))
        if not has_refusals:
            return Proposed("sample", (little, ("no-refusal-in-log", {"sampled": SAMPLED})))
        if affected > NEARLY_NONE * cases:
            return Proposed("sample", (little, ("not-never", {"sampled": SAMPLED, "affected": affected})))
        return _needless(little, _beside(overlaps))
    joint = None if is_leaned_on else _joint(overlaps)
    if joint is not None:
        reason = ("one-person-in-turn", _told(joint, share=joint.same_performer, adjacent=joint.adjacent))
        return Proposed("merge", (reason,), other=joint)
    if limit is not None:
        return Proposed("delegate", (("only-above", asdict(limit)),), limit=limit)
    if low > NEEDLESS:
        return Proposed("keep", (("changes-things", figures),))
    return Proposed("cannot-tell", (("interval-too-wide", {**figures, "needed": _needed(affected, cases)}),))


def _needed(affected: int, cases: int) -> int:
    """About how many cases would settle it, if as large a share of them were affected; 0: no number would."""
    share = affected / cases
    for factor in (2, 3, 5, 10, 20, 50, 100):
        low, high = wilson(round(share * cases * factor), cases * factor)
        if high <= NEEDLESS or low > NEEDLESS:
            return max(ENOUGH_CASES, cases * factor)
    return 0


def _needless(little: Reason, beside: Overlap | None) -> Proposed:
    """Drop it where another approval of the same round stays; else keep looking at a sample."""
    if beside is None:
        return Proposed("sample", (little, ("only-control", {"sampled": SAMPLED})))
    reasons = [little, ("another-approval-stays", _told(beside, share=beside.share_of_cases))]
    if (beside.same_performer or 0) >= SAME_PERSON:
        reasons.append(("same-person", _told(beside, share=beside.same_performer)))
    if beside.same_decision >= SAME_DECISION:
        reasons.append(("same-decision", _told(beside, share=beside.same_decision)))
    return Proposed("drop", tuple(reasons), other=beside)


def _told(overlap: Overlap, **figures: float | None) -> dict[str, str | int | float | None]:
    return {"activity": overlap.activity, "turn": overlap.turn, **figures}


def _beside(overlaps: Sequence[Overlap]) -> Overlap | None:
    """Another approval of the same cases and round: by the same person, if any, else the one most alike."""
    found = [one for one in overlaps if one.share_of_cases >= SAME_CASES and one.same_round >= SAME_ROUND]
    return max(
        found,
        key=lambda one: (one.same_performer or 0, one.same_decision, one.activity, one.turn),
        default=None,
    )


def _joint(overlaps: Sequence[Overlap]) -> Overlap | None:
    """An approval that directly comes before, by the same person, in the same cases."""
    found = [
        one
        for one in overlaps
        if one.share_of_cases >= SAME_CASES
        and (one.same_performer_low or 0) >= SAME_PERSON
        and one.adjacent >= ADJACENT
        and one.comes_before >= ADJACENT
    ]
    return max(found, key=lambda one: (one.share_of_cases, one.activity, one.turn), default=None)
