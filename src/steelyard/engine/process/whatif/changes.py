"""What could be changed in a process: steps removed, merged, run side by side, automated, staffed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from steelyard.engine.process.findings import Finding
from steelyard.errors import Refused

Kind = Literal["remove", "merge", "parallelise", "automate", "staff"]
KINDS: tuple[Kind, ...] = ("remove", "merge", "parallelise", "automate", "staff")
MOST_ACTIVITIES = 20
MOST_SECONDS = 10_000_000.0
MOST_ADDED = 1000


@dataclass(frozen=True)
class Change(Finding):
    """One change; make it by the function of its kind.

    `share` is the part of the cases with the step that it applies to, chosen by lot; `below` narrows it
    to cases whose number in a column lies below a limit.
    """

    kind: Kind
    activities: tuple[str, ...]
    seconds: float = 0.0
    wait_kept: float = 1.0
    added: int = 0
    share: float = 1.0
    below: tuple[str, float] | None = None


def remove(activity: str, *, share: float = 1.0, below: tuple[str, float] | None = None) -> Change:
    """Leave a step out: neither its wait nor its work remain."""
    return _checked(Change("remove", (activity,), share=share, below=below))


def merge(activities: Sequence[str]) -> Change:
    """Do several steps in one go: their work remains, the waits between them do not."""
    return _checked(Change("merge", tuple(activities)))


def parallelise(activities: Sequence[str]) -> Change:
    """Let several steps begin as soon as the first of them may; what comes after waits for all."""
    return _checked(Change("parallelise", tuple(activities)))


def automate(
    activity: str,
    *,
    seconds: float = 0.0,
    wait_kept: float = 1.0,
    share: float = 1.0,
    below: tuple[str, float] | None = None,
) -> Change:
    """Let a machine do a step in so many seconds; `wait_kept` is the part of the wait before it that stays.

    By default all of it stays: a log does not tell how much of a wait was for the hand that is replaced.
    """
    return _checked(
        Change("automate", (activity,), float(seconds), wait_kept=wait_kept, share=share, below=below)
    )


def staff(activity: str, *, added: int) -> Change:
    """Add people to those who do a step."""
    return _checked(Change("staff", (activity,), added=added))


def change_of(document: Mapping[str, Any]) -> Change:
    """Read a change back from its JSON form; what is left out has its usual value.

    Raises
    ------
    Refused
        `whatif.unknown-kind` with `kind`; `whatif.unknown-key` with `key`; `whatif.bad-number` with
        `key` and `value`; `whatif.activities` with the number `needed`.

    Examples
    --------
    >>> change_of({"kind": "automate", "activities": ["check"], "seconds": 5}).seconds
    5.0
    >>> change_of(remove("sign", below=("amount", 5000)).as_json()).below
    ('amount', 5000.0)
    """
    known = Change.__dataclass_fields__
    for key in document:
        if key not in known:
            raise Refused("whatif.unknown-key", key=str(key)[:63])
    activities = document.get("activities")
    if not isinstance(activities, list | tuple) or not all(isinstance(one, str) for one in activities):
        raise Refused("whatif.activities", needed=1)
    return _checked(
        Change(
            kind=document.get("kind"),  # type: ignore[arg-type]
            activities=tuple(activities),
            seconds=_number(document, "seconds", 0.0),
            wait_kept=_number(document, "wait_kept", 1.0),
            added=int(_number(document, "added", 0)),
            share=_number(document, "share", 1.0),
            below=_limit(document.get("below")),
        )
    )


def _checked(change: Change) -> Change:
    if change.kind not in KINDS:
        raise Refused("whatif.unknown-kind", kind=str(change.kind)[:63])
    is_joint = change.kind in ("merge", "parallelise")
    needed = 2 if is_joint else 1
    several = len(set(change.activities))
    if several < needed or several > (MOST_ACTIVITIES if is_joint else 1):
        raise Refused("whatif.activities", needed=needed)
    limits = {
        "share": (0.0, 1.0),
        "wait_kept": (0.0, 1.0),
        "seconds": (0.0, MOST_SECONDS),
        "added": (1 if change.kind == "staff" else 0, MOST_ADDED),
    }
    for key, (low, high) in limits.items():
        value = getattr(change, key)
        if not low <= value <= high:
            raise Refused("whatif.bad-number", key=key, value=value)
    return change


def _number(document: Mapping[str, Any], key: str, usual: float) -> float:
    value = document.get(key, usual)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused("whatif.bad-number", key=key, value=str(value)[:63])
    return value if key == "added" and isinstance(value, int) else float(value)


def _limit(found: Any) -> tuple[str, float] | None:
    if found is None:
        return None
    match found:
        case [str(column), int() | float() as limit] if not isinstance(limit, bool):
            return column, float(limit)
    raise Refused("whatif.bad-number", key="below", value=str(found)[:63])
