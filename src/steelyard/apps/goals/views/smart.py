"""The SMART check on a page: letters with verdict and reason, and repairs that fill a field."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from steelyard.apps.goals.forms import amounts
from steelyard.apps.goals.forms.goals import GoalForm
from steelyard.apps.goals.models import Goal
from steelyard.apps.goals.queries.rights import sees_chance
from steelyard.apps.goals.views.drafting import outlook_for, past_targets
from steelyard.apps.goals.views.saying import as_goal
from steelyard.apps.goals.words import smart as words
from steelyard.apps.measure.queries.definitions import known_kpis
from steelyard.apps.measure.queries.units import Unit
from steelyard.engine.forecast.rates import usual_rate
from steelyard.engine.smart import LETTERS, Draft, Letter, Repair
from steelyard.engine.smart.check import check
from steelyard.web import smart_words

AMOUNTS = ("target", "baseline")
# Where a repair leads when only a person can know what to write.
FIELDS = {"text": "title", "start": "starts", "end": "period", "split": "title"}


@dataclass(frozen=True)
class Checked:
    """Lines for the template, and the repairs by the name that their button sends."""

    lines: tuple[dict[str, Any], ...]
    repairs: Mapping[str, Repair]


def check_of(
    viewer: Any, draft: Draft, told: Mapping[str, Any], *, goal: Goal | None, owner: Unit | None
) -> Checked:
    """Achievable is told to who sets and approves, beside the rate that was usual; others see why not."""
    unit = told.get("unit") or ""
    found = check(draft, outlook=outlook_for(viewer, told, owner=owner, goal=goal))
    thing = goal or (as_goal(owner) if owner else None)
    is_told = thing is not None and sees_chance(viewer, thing)
    repairs: dict[str, Repair] = {}
    lines = []
    for name, letter in found.letters.items():
        reasons = [smart_words.reason(each, unit=unit) for each in letter.reasons]
        if name == "achievable":
            reasons = achievable(viewer, draft, letter, reasons, thing=thing, owner=owner, is_told=is_told)
        lines.append(line_of(name, letter, reasons, repairs, unit=unit))
    return Checked(tuple(lines), repairs)


def achievable(
    viewer: Any,
    draft: Draft,
    letter: Letter,
    reasons: list[str],
    *,
    thing: Goal | None,
    owner: Unit | None,
    is_told: bool,
) -> list[str]:
    if not is_told:
        return [words.not_shown()]
    if letter.verdict is None and not reasons:
        reasons = [words.no_history(has_kpi=bool(draft.kpi and draft.target is not None))]
    if thing is None or owner is None or draft.kpi not in known_kpis():
        return reasons
    pairs = past_targets(viewer, thing, owner=owner, kpi=draft.kpi)
    if not pairs:
        return reasons
    rate = usual_rate(pairs, higher_is_better=known_kpis()[draft.kpi].direction != "down")
    return [*reasons, words.usual(rate.reached, rate.of, low=rate.low, high=rate.high)]


def line_of(
    name: str, letter: Letter, reasons: list[str], repairs: dict[str, Repair], *, unit: str
) -> dict[str, Any]:
    listed = []
    for repair in letter.repairs:
        key = f"repair:{name}:{repair.code}"
        repairs[key] = repair
        is_given = repair.value is not None
        listed.append(
            {
                "label": smart_words.repair(repair, unit=unit),
                "do": key if is_given else "",
                "field": f"id_{FIELDS.get(repair.field, repair.field)}",
            }
        )
    return {
        "letter": "SMART"[LETTERS.index(name)],
        "name": words.letter_name(name),
        "sign": words.sign(letter.verdict),
        "tone": words.tone(letter.verdict),
        "words": words.verdict_words(letter.verdict),
        "reasons": reasons,
        "told": " ".join(reasons),
        "repairs": listed,
    }


def repaired(typed: Mapping[str, Any], checked: Checked, do: str, *, today: datetime.date) -> dict[str, Any]:
    """The typed texts with one repair in them; a repair that is no longer offered changes nothing."""
    repair = checked.repairs.get(do)
    if repair is None:
        return dict(typed)
    value, field = repair.value, repair.field
    if field == "split" and isinstance(value, tuple):
        return {**typed, "title": value[0], "other": value[1] if len(value) > 1 else ""}
    if field in AMOUNTS and isinstance(value, int | float):
        unit = known_kpis()[typed["kpi"]].unit if typed.get("kpi") in known_kpis() else typed.get("unit", "")
        return {**typed, field: amounts.write(value, unit=unit)}
    if field in ("start", "end"):
        day = value.isoformat() if isinstance(value, datetime.date) else str(value)
        starts = typed.get("starts") or today.isoformat()
        return {**typed, "period": "", "starts": starts} | (
            {"starts": day} if field == "start" else {"last": day}
        )
    return {**typed, FIELDS.get(field, field): str(value)}


def texts_of(form: GoalForm) -> dict[str, Any]:
    """What the fields of a form hold as it is first shown, as it would be sent."""
    texts = {name: form[name].value() for name in form.fields}
    texts = {name: "" if value is None else str(value) for name, value in texts.items()}
    for rows in form.rows:
        for line in rows.shown:
            texts |= {cell["name"]: cell["value"] for cell in line["cells"].values()}
    return texts
