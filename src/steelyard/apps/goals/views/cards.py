"""Goal cards: what, how far, why, and what follows. Many at a time, with few questions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.apps.causes.models import Cause
from steelyard.apps.diagnose.models import Finding
from steelyard.apps.goals.models import Goal, GoalVersion
from steelyard.apps.goals.queries.progress import Progress, progress_of
from steelyard.apps.goals.queries.rights import may_check_in, stands_above
from steelyard.apps.goals.queries.seen import settings_now
from steelyard.apps.goals.queries.versions import consequences_seen_by
from steelyard.apps.goals.views.choosing import sees_diagnosis
from steelyard.apps.goals.views.frame import currency
from steelyard.apps.goals.words import names, standing
from steelyard.apps.goals.words.progress import Words, words_of
from steelyard.engine.kpi.definitions import UNITS
from steelyard.web import numbers
from steelyard.web.beams import Row, beam_row


def cards_of(viewer: Any, goals: Iterable[Goal]) -> list[dict[str, Any]]:
    """What asks for a reaction first; the owner's own order otherwise."""
    listed = list(goals)
    progress = progress_of(viewer, listed)
    answers = answers_of(viewer, [goal.current for goal in listed if goal.current])
    made = [
        card_of(viewer, goal, goal.current, progress=progress.get(goal.pk), answers=answers)
        for goal in listed
        if goal.current
    ]
    return sorted(made, key=lambda card: standing.place(card["status"]))


def card_of(
    viewer: Any,
    goal: Goal,
    version: GoalVersion,
    *,
    progress: Progress | None,
    answers: Mapping[int, Mapping[str, Any]],
) -> dict[str, Any]:
    version.goal = goal  # it is here already, and need not be asked for again
    made = progress or Progress("no-data")
    told = words_of(version, made, currency=currency())
    is_open = goal.state == Goal.State.ACTIVE
    return {
        "goal": goal,
        "version": version,
        "href": reverse("goal", args=[goal.public_id]),
        "title": version.title,
        "owner": names.owner_name(goal),
        "stretch": names.stretch_of(version),
        "status": made.status,
        "told": told,
        "state": "" if is_open else names.state_name(goal.state),
        "beam": beam_of(version, made, told),
        "why": version.why,
        "answers": answers.get(version.pk, {}),
        "follows": follows(consequences_seen_by(viewer, version)),
        "levels": levels(version),
        "next": standing.next_step(made.status, may_close=stands_above(viewer, goal))
        if is_open and may_check_in(viewer, goal)
        else "",
    }


def beam_of(version: GoalVersion, made: Progress, told: Words) -> Row | None:
    """Against the whole target; the usual variation lies on it where the target stands at any time.

    What runs is judged by its pace, not by how far the whole is.
    """
    if version.target is None or made.status == "withheld":
        return None
    target: Any = float(version.target)
    if version.kind == GoalVersion.Kind.BAND and version.target_high is not None:
        target = (target, float(version.target_high))
    limits = made.limits if made.rule == "standing" and made.limits else (None, None)
    direction = {"keep-below": "down", "band": "band"}.get(version.kind, made.direction)
    row = beam_row(
        version.title,
        made.actual,
        target=target,
        low=limits[0],
        high=limits[1],
        direction=direction,
        unit=beam_unit(version),
        currency=currency(),
    )
    judgement = {"good": "better", "bad": "worse"}.get(told.tone, "usual")
    asked = names.target_words(version, currency=currency())
    distance = row.distance if made.actual is not None else asked
    if made.mode == "total" and told.attainment:
        distance = _("%(share)s of %(target)s") % {"share": told.attainment, "target": asked}
    return replace(
        row,
        beam=replace(row.beam, judgement=judgement if made.actual is not None else "missing"),
        value=names.amount(made.actual, version.unit, currency=currency()),
        distance=numbers.unbroken(distance),
        tone=told.tone,
        judgement=told.status,
        sentence=f"{version.title}: {told.sentence}",
    )


def beam_unit(version: GoalVersion) -> str:
    return version.unit if version.unit in UNITS else "count"


def answers_of(viewer: Any, versions: Sequence[GoalVersion]) -> dict[int, dict[str, Any]]:
    """Version's id → the cause or finding that it answers, for who may open it."""
    causes = Cause.objects.select_related("diagnosis").in_bulk(
        [each.cause_id for each in versions if each.cause_id]
    )
    findings = Finding.objects.select_related("diagnosis").in_bulk(
        [each.finding_id for each in versions if each.finding_id]
    )
    found: dict[int, dict[str, Any]] = {}
    for each in versions:
        cause, finding = causes.get(each.cause_id or 0), findings.get(each.finding_id or 0)
        if cause is not None and sees_diagnosis(viewer, cause.diagnosis):
            href = reverse("cause", args=[cause.diagnosis.public_id, cause.public_id])
            found[each.pk] = {"cause": cause.text, "href": href}
        elif finding is not None and sees_diagnosis(viewer, finding.diagnosis):
            href = reverse("diagnosis", args=[finding.diagnosis.public_id])
            found[each.pk] = {"finding": True, "href": href}
    return found


def follows(consequences: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """By the share of the target, from low to high: what is paid, and what else comes of it."""
    steps: dict[str, dict[str, Any]] = {}
    for each in sorted(consequences, key=lambda each: float(each["at"])):
        at = names.reached_at(Decimal(each["at"]))
        step = steps.setdefault(at, {"at": at, "amounts": [], "texts": []})
        if each.get("is_hidden"):
            step["texts"].append(_("pay, shown to the owner and to who leads there"))
            continue
        if each.get("amount") is not None:
            step["amounts"].append(money(each["amount"]))
        if each.get("text"):
            step["texts"].append(each["text"])
    return list(steps.values())


def money(amount: str) -> str:
    """Whole units without their cents: what is paid is never told in thousands."""
    exact = numbers.money(Decimal(amount), currency=currency(), exact=True)
    return exact.removesuffix(".00")


def levels(version: GoalVersion) -> list[dict[str, str]]:
    """The further levels beside the target, by what the site calls them."""
    if not version.levels:
        return []
    given = {each["level"]: each["value"] for each in version.levels}
    renamed = settings_now().level_names
    if version.target is not None:
        given["target"] = str(version.target)
    return [
        {
            "name": names.level_name(level, renamed),
            "amount": names.amount(Decimal(given[level]), version.unit, currency=currency()).text,
        }
        for level in names.LEVELS
        if level in given
    ]
