"""What a goal is said to be, checked before it is kept. Nothing but what cannot be kept is refused."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django.utils import timezone

from steelyard.apps.causes.models import Cause
from steelyard.apps.diagnose.models import Finding
from steelyard.apps.goals.models import Goal, GoalVersion, Theme
from steelyard.apps.measure.queries.definitions import known_kpis
from steelyard.apps.people.models import Person, Team
from steelyard.engine.kpi import Definitions
from steelyard.engine.periods import Period
from steelyard.errors import Refused
from steelyard.web.ids import new_public_id

Kind = GoalVersion.Kind
LONGEST_TITLE = 300
LONGEST_WHY = 4000
LONGEST_CONSEQUENCE = 300
LEVELS = ("floor", "stretch", "challenge")
CONSEQUENCES = ("pay", "growth", "recognition")
WHOLE = Decimal(100)
SMALLEST = Decimal("0.000001")
LARGEST = Decimal(10) ** 17
MOST_OVER = 100
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Share:
    """A part in a goal, in percent; of a team or of a person."""

    of: Team | Person
    share: Decimal

    @property
    def team_id(self) -> int | None:
        return self.of.pk if isinstance(self.of, Team) else None

    @property
    def person_id(self) -> int | None:
        return self.of.pk if isinstance(self.of, Person) else None


@dataclass(frozen=True)
class Step:
    """A milestone; `key` is its public id where it stood in the version before."""

    title: str
    due_on: datetime.date
    key: str = ""


@dataclass(frozen=True)
class GoalSaid:
    """Everything a version says. `levels`, `plan` and `consequences` as `GoalVersion` keeps them."""

    title: str
    kind: str
    starts: datetime.date | None = None
    ends: datetime.date | None = None
    kpi: str = ""
    unit: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None
    target_high: Decimal | None = None
    levels: Sequence[Mapping[str, Any]] = ()
    plan: Sequence[Sequence[str]] = ()
    parent: Goal | None = None
    theme: Theme | None = None
    over: Decimal = Decimal(0)
    why: str = ""
    finding: Finding | None = None
    cause: Cause | None = None
    consequences: Sequence[Mapping[str, Any]] = ()
    credits: Sequence[Share] = ()
    milestones: Sequence[Step] = ()


def said_of(version: GoalVersion) -> GoalSaid:
    """What a version says, to change a part of it: `replace(said_of(version), title=…)`."""
    steps = [
        Step(each["title"], datetime.date.fromisoformat(each["due_on"]), each["key"])
        for each in version.steps
    ]
    shares = [
        Share(of, each.share)
        for each in version.credits.all()
        if (of := each.team or each.person) is not None
    ]
    plain = {name: getattr(version, name) for name in PLAIN}
    return GoalSaid(**plain, credits=tuple(shares), milestones=tuple(steps))


PLAIN = (
    "title",
    "kind",
    "starts",
    "ends",
    "kpi",
    "unit",
    "baseline",
    "target",
    "target_high",
    "levels",
    "plan",
    "parent",
    "theme",
    "over",
    "why",
    "finding",
    "cause",
    "consequences",
)


def fields_of(said: GoalSaid) -> dict[str, Any]:
    """What of it stands in the version's own row."""
    steps = [
        {"key": each.key, "title": each.title, "due_on": each.due_on.isoformat()} for each in said.milestones
    ]
    return {name: getattr(said, name) for name in PLAIN} | {"steps": steps}


def checked(said: GoalSaid, *, kpis: Definitions | None = None) -> GoalSaid:
    """The same, as it is kept. A goal with a number needs that number, its unit and its end.

    `kpis` are the known ones, for who checks thousands at once.
    """
    known = known_kpis() if kpis is None else kpis
    if said.kind not in Kind.values:
        raise Refused("goals.unknown-kind", kind=str(said.kind)[:40])
    has_number = said.kind in GoalVersion.WITH_KPI
    told = replace(
        said,
        title=line(said.title, longest=LONGEST_TITLE),
        why=text(said.why),
        unit=_unit(said, known, is_needed=has_number),
        baseline=number(said.baseline),
        target=number(said.target),
        target_high=number(said.target_high) if said.kind == Kind.BAND else None,
        over=_over(said.over),
        levels=_levels(said.levels),
        consequences=_consequences(said.consequences),
        credits=_shares(said.credits),
        milestones=_steps(said.milestones),
    )
    _check_number(told, is_needed=has_number)
    told = _with_days(told, is_needed=has_number)
    if told.kind == Kind.DELIVERABLE and not told.milestones and told.ends:
        told = replace(told, milestones=(Step(told.title[:200], told.ends - DAY, new_public_id()),))
    return replace(told, plan=_plan(told, known))


def line(given: str, *, longest: int) -> str:
    """One line of text; refused when there is none, or too much of it."""
    told = " ".join(given.split())
    if not told:
        raise Refused("goals.no-title")
    if len(told) > longest:
        raise Refused("goals.text-too-long", most=longest)
    return told


def text(given: str, *, longest: int = LONGEST_WHY) -> str:
    told = given.strip()
    if len(told) > longest:
        raise Refused("goals.text-too-long", most=longest)
    return told


def number(given: Any) -> Decimal | None:
    """Exact to six decimals; what cannot be kept so is refused rather than rounded."""
    if given is None or given == "":
        return None
    try:
        read = Decimal(str(given))
        if read.is_finite() and abs(read) < LARGEST and read == read.quantize(SMALLEST):
            return read
    except InvalidOperation:
        pass  # no number at all is refused like one that cannot be kept
    raise Refused("goals.bad-number", value=str(given)[:40])


def _over(given: Any) -> Decimal:
    """A share with four decimals; what has no room in its column could not be read back."""
    over = number(given) or Decimal(0)
    if not -1 <= over < MOST_OVER or over != over.quantize(Decimal("0.0001")):
        raise Refused("goals.bad-over", over=shown(over))
    return over


def _unit(said: GoalSaid, known: Definitions, *, is_needed: bool) -> str:
    if said.kpi and said.kpi not in known:
        raise Refused("kpi.unknown", 404, kpi=said.kpi[:63])
    unit = said.unit.strip() or (known[said.kpi].unit if said.kpi else "")
    if is_needed and not unit:
        raise Refused("goals.no-unit")
    if len(unit) > 20:
        raise Refused("goals.text-too-long", most=20)
    return unit


def _check_number(told: GoalSaid, *, is_needed: bool) -> None:
    if is_needed and told.target is None:
        raise Refused("goals.no-number")
    if told.kind != Kind.BAND or told.target is None:
        return
    if told.target_high is None:
        raise Refused("goals.no-upper-edge")
    if told.target_high <= told.target:
        raise Refused("goals.band-upside-down")


def _with_days(told: GoalSaid, *, is_needed: bool) -> GoalSaid:
    """Begins today unless said; without a number it ends with its last milestone, or with the year."""
    starts = told.starts or timezone.localdate()
    if told.ends is None and is_needed:
        raise Refused("goals.no-end")
    last = max((each.due_on + DAY for each in told.milestones), default=datetime.date(starts.year + 1, 1, 1))
    ends = told.ends or max(last, starts + DAY)
    if ends <= starts:
        raise Refused("goals.ends-before-start")
    return replace(told, starts=starts, ends=ends)


def _levels(levels: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    named = [str(each.get("level")) for each in levels]
    if any(each not in LEVELS for each in named) or len(set(named)) < len(named):
        raise Refused("goals.bad-levels")
    values = [number(each.get("value")) for each in levels]
    if None in values:
        raise Refused("goals.bad-levels")
    return [{"level": level, "value": str(value)} for level, value in zip(named, values, strict=True)]


def _consequences(said: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [_consequence(each) for each in said]


def _consequence(said: Mapping[str, Any]) -> dict[str, Any]:
    """`at` is the attainment from which it follows: 1.00 is the whole target."""
    at, amount = number(said.get("at", "1.00")), number(said.get("amount"))
    if at is None or at < 0 or said.get("kind") not in CONSEQUENCES:
        raise Refused("goals.bad-consequence")
    told = text(str(said.get("text") or ""), longest=LONGEST_CONSEQUENCE)
    if not told and amount is None:
        raise Refused("goals.bad-consequence")
    kind = str(said["kind"])
    kept = None if amount is None or kind != "pay" else str(amount)
    return {"at": str(at), "kind": kind, "text": told, "amount": kept}


def _shares(shares: Sequence[Share]) -> tuple[Share, ...]:
    """Either nobody shares the goal, or the parts are 100 %."""
    if not shares:
        return ()
    owners = {(each.team_id, each.person_id) for each in shares}
    if len(owners) < len(shares):
        raise Refused("goals.shared-twice")
    if any(each.share <= 0 or each.share != each.share.quantize(Decimal("0.01")) for each in shares):
        raise Refused("goals.bad-share")
    if (whole := sum(each.share for each in shares)) != WHOLE:
        raise Refused("goals.shares-not-whole", whole=shown(Decimal(whole)))
    return tuple(shares)


def _steps(steps: Sequence[Step]) -> tuple[Step, ...]:
    return tuple(
        Step(line(each.title, longest=200), each.due_on, each.key or new_public_id()) for each in steps
    )


def _plan(told: GoalSaid, known: Definitions) -> list[list[str]]:
    """By period, each once; months of what sums over time come to the target."""
    rows = [[str(cell) for cell in row] for row in told.plan]
    if not rows:
        return []
    labels = [row[0] for row in rows]
    for row in rows:
        _check_planned(row)
    if len(set(labels)) < len(labels):
        raise Refused("goals.bad-plan", text=labels[0][:40])
    if told.target is not None and sums_over_time(told, known) and all(len(row) == 2 for row in rows):
        whole = sum((Decimal(row[1]) for row in rows), Decimal(0))
        if whole != told.target:
            raise Refused("goals.plan-not-whole", whole=shown(whole), target=shown(told.target))
    return rows


def _check_planned(row: Sequence[str]) -> None:
    if len(row) not in (2, 4) or any(number(cell) is None for cell in row[1:]):
        raise Refused("goals.bad-plan", text=" ".join(row)[:40])
    if not _is_period(row[0]):
        raise Refused("goals.bad-plan", text=row[0][:40])


@lru_cache(maxsize=500)
def _is_period(label: str) -> bool:
    try:
        Period.parse(label)
    except Refused:
        return False
    return True


def sums_over_time(told: GoalSaid | GoalVersion, known: Definitions) -> bool:
    """Whether the months of the number make the whole: a sum to be reached, not a level or a ratio."""
    kpi = known.get(told.kpi) if told.kpi else None
    return told.kind == Kind.REACH and (kpi is None or kpi.additive_over_time)


def shown(value: Decimal) -> str:
    """Without the zeros that only its column has."""
    told = f"{value:f}"
    return told.rstrip("0").rstrip(".") if "." in told else told
