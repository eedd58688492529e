"""From the document of a flow to the flow; a mistake is refused with its place."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml

from steelyard.engine.process.declared.flow import LANGUAGES, Flow, Step, Words
from steelyard.errors import Refused

_KEY = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_FLOW_KEYS = frozenset({"key", "version", "names", "effective_from", "steps"})
_STEP_KEYS = frozenset(
    {
        "key",
        "names",
        "activities",
        "owner",
        "input",
        "output",
        "sla",
        "decision_right",
        "checklist",
        "optional",
        "may_repeat",
    }
)
_TRUTHS = {"true": True, "yes": True, "false": False, "no": False}
_LONGEST_SLA = 10_000


def parse_flow(document: str | Mapping[str, Any]) -> Flow:
    """Read a declared flow.

    Parameters
    ----------
    document
        YAML text, or the mapping that it stands for: `key`, `names`, `steps`; `version` (1) and
        `effective_from` (a day) may be there. A step has `key` and `names`; it may have `activities`
        (names in the log; its own names, if left out), `owner`, `input`, `output`, `sla` (working
        hours), `decision_right`, `checklist`, `optional`, `may_repeat`. A text is `{en: …, zh: …}`; a
        bare one stands for both languages.

    Returns
    -------
    Flow

    Raises
    ------
    Refused
        `flow.unreadable` with `line`; all others with the `place` in the document ("steps[2].sla"):
        `flow.not-a-mapping`, `flow.not-a-list`, `flow.unknown-key`, `flow.missing-key`, `flow.not-text`,
        `flow.bad-key`, `flow.not-a-number`, `flow.not-a-date`, `flow.not-a-truth`, `flow.no-steps`,
        `flow.used-twice`, most of them with the `value`.

    Examples
    --------
    >>> flow = parse_flow("{key: buy, names: Buy, steps: [{key: ask, names: Ask, sla: 8}]}")
    >>> flow.steps[0].activities, flow.steps[0].sla
    (('Ask',), Decimal('8'))
    >>> parse_flow(flow.as_yaml()) == flow
    True
    """
    found = _mapping(_parsed(document) if isinstance(document, str) else document, "")
    _check_keys(found, _FLOW_KEYS, needed=("key", "names", "steps"), place="")
    steps = tuple(
        _step(_mapping(part, f"steps[{index}]"), f"steps[{index}]")
        for index, part in enumerate(_list(found["steps"], "steps"))
    )
    if not steps:
        raise Refused("flow.no-steps", place="steps")
    _check_unique(steps)
    return Flow(
        key=_key(found["key"], "key"),
        names=_words(found["names"], "names"),
        steps=steps,
        version=_version(found.get("version", 1)),
        effective_from=_date(found.get("effective_from"), "effective_from"),
    )


def _parsed(text: str) -> Any:
    # Every scalar is text: an activity named `No` or `12` keeps its name.
    try:
        return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        raise Refused("flow.unreadable", line=mark.line + 1 if mark else 1) from fault


def _step(found: Mapping[str, Any], place: str) -> Step:
    _check_keys(found, _STEP_KEYS, needed=("key", "names"), place=place)
    names = _words(found["names"], f"{place}.names")
    activities = [
        _text(one, f"{place}.activities[{index}]")
        for index, one in enumerate(_list(found.get("activities") or [], f"{place}.activities"))
    ]
    checklist = _list(found.get("checklist") or [], f"{place}.checklist")
    return Step(
        key=_key(found["key"], f"{place}.key"),
        names=names,
        activities=tuple(dict.fromkeys(activities or names.values())),
        owner=_optional_words(found, "owner", place),
        input=_optional_words(found, "input", place),
        output=_optional_words(found, "output", place),
        sla=_hours(found.get("sla"), f"{place}.sla"),
        decision_right=_optional_words(found, "decision_right", place),
        checklist=tuple(_words(one, f"{place}.checklist[{at}]") for at, one in enumerate(checklist)),
        optional=_truth(found.get("optional", False), f"{place}.optional"),
        may_repeat=_truth(found.get("may_repeat", False), f"{place}.may_repeat"),
    )


def _check_unique(steps: tuple[Step, ...]) -> None:
    """No key twice, and no activity in two steps: it could not be told which was done."""
    keys: set[str] = set()
    owners: dict[str, str] = {}
    for index, step in enumerate(steps):
        if step.key in keys:
            raise Refused("flow.used-twice", place=f"steps[{index}].key", value=step.key)
        keys.add(step.key)
        for name in step.activities:
            folded = " ".join(name.split()).casefold()
            if owners.setdefault(folded, step.key) != step.key:
                raise Refused("flow.used-twice", place=f"steps[{index}].activities", value=name)


def _words(found: Any, place: str) -> Words:
    if not isinstance(found, Mapping):
        return dict.fromkeys(LANGUAGES, _text(found, place))
    _check_keys(found, frozenset(LANGUAGES), needed=LANGUAGES, place=place)
    return {language: _text(found[language], f"{place}.{language}") for language in LANGUAGES}


def _optional_words(found: Mapping[str, Any], key: str, place: str) -> Words | None:
    return _words(found[key], f"{place}.{key}") if found.get(key) not in (None, "") else None


def _text(found: Any, place: str) -> str:
    if not isinstance(found, str) or not found.strip():
        raise Refused("flow.not-text", place=place)
    return found.strip()


def _key(found: Any, place: str) -> str:
    if not isinstance(found, str) or not _KEY.fullmatch(found):
        raise Refused("flow.bad-key", place=place, value=str(found)[:63])
    return found


def _hours(found: Any, place: str) -> Decimal | None:
    if found is None or found == "":
        return None
    try:
        hours = Decimal(str(found))
    except InvalidOperation as fault:
        raise Refused("flow.not-a-number", place=place, value=str(found)[:63]) from fault
    if isinstance(found, bool) or not hours.is_finite() or not 0 < hours <= _LONGEST_SLA:
        raise Refused("flow.not-a-number", place=place, value=str(found)[:63])
    return hours


def _version(found: Any) -> int:
    text = str(found)
    if isinstance(found, bool) or not re.fullmatch(r"[1-9]\d{0,8}", text, re.ASCII):
        raise Refused("flow.not-a-number", place="version", value=text[:63])
    return int(text)


def _date(found: Any, place: str) -> date | None:
    if found is None or found == "":
        return None
    try:
        return date.fromisoformat(str(found))
    except ValueError as fault:
        raise Refused("flow.not-a-date", place=place, value=str(found)[:63]) from fault


def _truth(found: Any, place: str) -> bool:
    if isinstance(found, bool):
        return found
    if str(found).lower() not in _TRUTHS:
        raise Refused("flow.not-a-truth", place=place, value=str(found)[:63])
    return _TRUTHS[str(found).lower()]


def _mapping(found: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(found, Mapping):
        raise Refused("flow.not-a-mapping", place=place)
    return {str(key): value for key, value in found.items()}


def _list(found: Any, place: str) -> list[Any]:
    if not isinstance(found, list | tuple):
        raise Refused("flow.not-a-list", place=place)
    return list(found)


def _check_keys(
    found: Mapping[str, Any], known: frozenset[str], *, needed: tuple[str, ...], place: str
) -> None:
    for key in found:
        if key not in known:
            raise Refused("flow.unknown-key", place=_under(place, key), value=key)
    for key in needed:
        if key not in found:
            raise Refused("flow.missing-key", place=_under(place, key), value=key)


def _under(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key
