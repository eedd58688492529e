"""From the document of a plan to the plan; a mistake is refused with its place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from steelyard.engine.cascade import reading
from steelyard.engine.cascade.plan import LOWEST, METHODS, ROOT, TEAMS, Lock, Method, Plan, UnitPlan
from steelyard.engine.cascade.reading import close, is_empty, number, under
from steelyard.engine.cascade.spans import dated, expanded
from steelyard.engine.cascade.units import Found, read_units
from steelyard.errors import Refused


def _names(*groups: str) -> dict[str, str]:
    return {name: group.split()[0] for group in groups for name in group.split()}


KEYS = _names(
    "total target amount goal",
    "periods period year",
    "units unit_list teams people members persons",
    "method",
    "locks lock locked",
    "floors floor",
    "ceilings ceiling",
    "profile seasonality season seasonal_profile",
    "over over_assignment overassignment over_assign",
    "extra",
    "step rounding round_to",
    "minor decimals",
    "fixed closed",
    "kind",
    "denominator base",
    "root",
    "name company title code",
    "grain",
    "start starts",
    "fiscal_start",
    "country",
    "currency",
    "unit",
)
LOCK_KEYS = _names(
    "unit team person member who code name", "period month quarter", "value target amount total lock"
)
_METHODS: dict[str, Method] = {
    **{method: method for method in METHODS},
    "even": "equal",
    "equally": "equal",
    "historical": "history",
    "by_history": "history",
    "by_potential": "potential",
    "by_capacity": "capacity",
    "fairness": "fair",
}
_WHOLE = ("total", "all", "year", "*")
# What stands for exact whole numbers in a double, and so in JSON and in the solver.
MOST = 9 * 10**15


def read_plan(document: str | Mapping[str, Any]) -> Plan:
    """Read and check a whole document."""
    found = reading.mapping(reading.parsed(document) if isinstance(document, str) else document, "")
    if len(found) == 1 and isinstance(found.get("plan"), Mapping):
        found = found["plan"]
    top = reading.named(found, KEYS, place="")
    for key in ("total", "periods", "units"):
        if key not in top:
            raise Refused("cascade.missing-key", place=key)
    fiscal_start = _whole(top.get("fiscal_start", 1), "fiscal_start", least=1, most=12)
    periods = expanded(
        top["periods"], grain=top.get("grain"), start=top.get("start"), fiscal_start=fiscal_start
    )
    kind = _kind(top.get("kind", "sum"))
    units = read_units(top["units"], periods=periods, fiscal_start=fiscal_start, kind=kind)
    root = _root(top, units.units)
    plan = Plan(
        total=reading.amount(top["total"], "total"),
        periods=periods,
        units=tuple(replace(unit, parent=None) if unit.parent == root else unit for unit in units.units),
        profile=_profile(top.get("profile"), periods),
        kind=kind,
        root=root,
        fiscal_start=fiscal_start,
        country=str(top["country"]) if "country" in top else None,
    )
    plan = _with_bounds(plan, top)
    plan = replace(
        plan,
        method=_method(top.get("method"), plan),
        locks=_locks(top.get("locks"), plan, units),
        over=_over(top.get("over"), plan),
        extra=_amounts(top.get("extra"), plan, "extra"),
        fixed=_amounts(top.get("fixed"), plan, "fixed"),
        step=None if "step" not in top else _step(top["step"]),
        denominator=None if "denominator" not in top else reading.amount(top["denominator"], "denominator"),
    )
    _check_dates(plan)
    _check_ratio(plan)
    return _sized(plan, top)


def _root(top: Mapping[str, Any], units: Sequence[UnitPlan]) -> str:
    """The whole's code: the one given, else that of a single unit above all others, else a name for it."""
    tops = [unit for unit in units if unit.parent is None]
    if "root" in top:
        root = reading.text(top["root"], "root")
        if root in [unit.code for unit in tops] or all(unit.code != root for unit in units):
            return root
    elif len(tops) == 1 and len(units) > 1:
        return tops[0].code
    else:
        root = reading.text(top.get("name", ROOT), "name")
    return root if all(unit.code != root for unit in units) else f"{root} *"


def _kind(found: Any) -> Any:
    if str(found) not in ("sum", "ratio"):
        raise Refused("cascade.bad-kind", place="kind", value=str(found)[:63])
    return str(found)


def _method(found: Any, plan: Plan) -> Method:
    if found is not None:
        name = str(found).strip().lower().replace("-", "_").replace(" ", "_")
        if name not in _METHODS:
            raise Refused("cascade.bad-method", value=str(found)[:63], methods=METHODS)
        return _METHODS[name]
    if any(unit.history for unit in plan.units):
        return "history"
    if any(unit.potential is not None for unit in plan.units):
        return "potential"
    return "capacity" if any(unit.capacity or unit.leave for unit in plan.units) else "equal"


def _profile(found: Any, periods: Sequence[str]) -> tuple[Decimal, ...]:
    """Weights of the periods, in whatever scale they are given."""
    if found is None or found == "history":
        return ()
    if found == "equal":
        return tuple(Decimal(1) for _ in periods)
    if isinstance(found, Mapping):
        known = {str(key).strip(): value for key, value in found.items()}
        for key in known:
            if key not in periods:
                raise Refused("cascade.unknown-period", place=f"profile.{key}", value=key)
        values = [known.get(period, 0) for period in periods]
    else:
        values = reading.items(found, "profile")
    if len(values) != len(periods):
        raise Refused("cascade.wrong-length", place="profile", found=len(values), needed=len(periods))
    shares = [reading.amount(value, f"profile[{place}]") for place, value in enumerate(values)]
    if sum(shares) <= 0:
        raise Refused("cascade.no-weights", place="profile")
    return tuple(shares)


def _locks(found: Any, plan: Plan, units: Found) -> tuple[Lock, ...]:
    locks = [_lock(unit, period, value, plan, place) for unit, period, value, place in units.locks]
    if isinstance(found, Mapping):
        for name, value in found.items():
            place = f"locks.{name}"
            for period, one in value.items() if isinstance(value, Mapping) else [(None, value)]:
                locks.append(_lock(str(name), period, one, plan, place))
    else:
        for index, one in enumerate(reading.items(found or [], "locks")):
            place = f"locks[{index}]"
            line = reading.named(one, LOCK_KEYS, place)
            if "value" not in line:
                raise Refused("cascade.missing-key", place=under(place, "value"))
            if "unit" not in line and "period" not in line:
                raise Refused("cascade.missing-key", place=under(place, "unit"))
            locks.append(_lock(line.get("unit", plan.root), line.get("period"), line["value"], plan, place))
    seen: set[tuple[str, str | None]] = set()
    for lock in locks:
        if (lock.unit, lock.period) in seen:
            raise Refused("cascade.lock-twice", place=reading.where(lock.unit, lock.period))
        seen.add((lock.unit, lock.period))
    return tuple(locks)


def _with_bounds(plan: Plan, top: Mapping[str, Any]) -> Plan:
    """Floors and ceilings that stand beside the units: by unit one figure, or figures by period."""
    units = dict(plan.unit)
    for key, one in (("floors", "floor"), ("ceilings", "ceiling")):
        for name, said in reading.mapping(top.get(key) or {}, key).items():
            place = under(key, name)
            code = unit_code(plan, name, place)
            if code not in units:
                raise Refused("cascade.unknown-unit", place=place, value=name[:63])
            for label, value in said.items() if isinstance(said, Mapping) else [(None, said)]:
                period = period_label(plan, label, place)
                bound = reading.amount(value, place)
                new = {one: bound} if period is None else {key: {**getattr(units[code], key), period: bound}}
                units[code] = replace(units[code], **new)
    return replace(plan, units=tuple(units.values()))


def _lock(unit: Any, period: Any, value: Any, plan: Plan, place: str) -> Lock:
    code = unit_code(plan, unit, under(place, "unit"))
    return Lock(code, period_label(plan, period, under(place, "period")), reading.amount(value, place))


def unit_code(plan: Plan, found: Any, place: str) -> str:
    """The code of a unit that is named by its code or by its name."""
    name = str(found).strip()
    if name in plan.unit or name == plan.root:
        return name
    folded = " ".join(name.split()).casefold()
    same = [unit.code for unit in plan.units if folded in (unit.code.casefold(), unit.name.casefold())]
    if len(same) == 1:
        return same[0]
    if not same and folded in (plan.root.casefold(), ROOT, "total", "全公司", "公司"):
        return plan.root
    known = [plan.root, *(name for unit in plan.units for name in (unit.code, unit.name))]
    suggestion = close(name, known)
    code_of_it = "cascade.misspelt-unit" if suggestion else "cascade.unknown-unit"
    raise Refused(code_of_it, place=place, value=name[:63], suggestion=suggestion)


def period_label(plan: Plan, found: Any, place: str) -> str | None:
    """The label of a period; None for all of them together."""
    if is_empty(found):
        return None
    name = str(found).strip()
    if name in plan.periods:
        return name
    spans = dated(plan.periods, plan.fiscal_start)
    if spans is not None:
        whole = dated([name], plan.fiscal_start)
        if whole and (whole[0].start, whole[0].end) == (spans[0].start, spans[-1].end):
            return None if len(spans) > 1 else plan.periods[0]
        same = [
            span.label for span in spans if whole and (span.start, span.end) == (whole[0].start, whole[0].end)
        ]
        if same:
            return same[0]
    if name.lower() in _WHOLE:
        return None
    raise Refused("cascade.unknown-period", place=place, value=name[:63])


def _over(found: Any, plan: Plan) -> dict[str, Decimal]:
    if found is None:
        return {}
    said = found if isinstance(found, Mapping) else {LOWEST: found}
    levels = {unit.level for unit in plan.units if unit.level}
    parents = {code for code, below in plan.children.items() if below}
    result: dict[str, Decimal] = {}
    for key, value in said.items():
        place = under("over", str(key))
        share = number(value, place)
        if not Decimal("-0.5") <= share <= 1:
            raise Refused("cascade.bad-over", place=place, value=str(value)[:63])
        name = str(key).strip()
        plural = name.lower().removesuffix("s")
        if name not in levels and name not in (LOWEST, *map(str, range(10))):
            name = plural if plural in (TEAMS, ROOT, *levels) else unit_code(plan, name, place)
        if name in plan.unit and name not in parents and name not in levels:
            raise Refused("cascade.bad-over", place=place, value=str(value)[:63])
        result[name] = share
    return result


def _amounts(found: Any, plan: Plan, place: str) -> dict[str, dict[str, Decimal]]:
    """Unit → period → value."""
    result: dict[str, dict[str, Decimal]] = {}
    for name, line in reading.mapping(found or {}, place).items():
        here = under(place, name)
        code = unit_code(plan, name, here)
        for key, value in reading.mapping(line, here).items():
            period = period_label(plan, key, under(here, key))
            if period is None:
                raise Refused("cascade.unknown-period", place=under(here, key), value=key)
            result.setdefault(code, {})[period] = number(value, under(here, key))
    return result


def _step(found: Any) -> Decimal:
    step = number(found, "step")
    if step <= 0:
        raise Refused("cascade.bad-step", value=str(found)[:63])
    return step


def _sized(plan: Plan, top: Mapping[str, Any]) -> Plan:
    """The plan with the decimals of its smallest unit, which every figure must fit."""
    given = [
        ("total", plan.total),
        *((f"{lock.unit} {lock.period or ''}", lock.value) for lock in plan.locks),
    ]
    given += [
        (f"{unit} {period}", value)
        for amounts in (plan.fixed, plan.extra)
        for unit, line in amounts.items()
        for period, value in line.items()
    ]
    if plan.kind == "ratio":
        given = [] if plan.denominator is None else [("denominator", plan.denominator)]
    if plan.step is not None:
        given.append(("step", plan.step))
    if "minor" in top:
        minor = _whole(top["minor"], "minor", least=0, most=9)
    elif "currency" in top:
        minor = 0 if str(top["currency"]).upper() in ("JPY", "KRW", "VND") else 2
    else:
        minor = max((reading.decimals(value) for _place, value in given), default=0)
    check_fits(given, minor)
    return replace(plan, minor=minor)


def check_fits(given: Iterable[tuple[str, Decimal]], minor: int) -> None:
    """Refuse a figure (place, value) that is finer than the smallest unit, or too large to be exact."""
    for place, value in given:
        if reading.decimals(value) > minor:
            raise Refused("cascade.too-fine", place=place.strip(), value=str(value), decimals=minor)
        if abs(value).scaleb(minor) > MOST:
            raise Refused("cascade.too-large", place=place.strip(), value=str(value))


def _whole(found: Any, place: str, *, least: int, most: int) -> int:
    value = number(found, place)
    if value != int(value) or not least <= value <= most:
        raise Refused("cascade.not-a-number", place=place, value=str(found)[:63])
    return int(value)


def _check_dates(plan: Plan) -> None:
    who = [unit.code for unit in plan.units if unit.joins or unit.leaves]
    if who and dated(plan.periods, plan.fiscal_start) is None:
        raise Refused("cascade.no-dates", unit=who[0])


def _check_ratio(plan: Plan) -> None:
    """A ratio needs a base to carry down: the whole's, or one of each unit."""
    if plan.kind == "sum":
        return
    bare = [code for code in plan.leaves if not plan.unit[code].denominator]
    if bare and plan.denominator is None:
        raise Refused("cascade.needs-denominator", unit=bare[0])
