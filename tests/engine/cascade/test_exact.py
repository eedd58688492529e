"""Every sum holds in every plan that can be met, and only those that cannot are refused."""

from decimal import Decimal
from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from steelyard.engine.cascade import METHODS, Allocation, Plan, cascade
from steelyard.errors import Refused
from tests.engine.cascade.plans import can_be_met, faults, random_document

SEEDS = st.integers(0, 10**9)


def values(found: Allocation) -> dict[tuple[str, str | None], Decimal | None]:
    return {(one.unit, one.period): one.value for one in (*found.cells, *found.totals)}


def carried(plan: Plan) -> tuple[Allocation | None, str | None]:
    """What comes out, or the code of the refusal."""
    try:
        return cascade(plan), None
    except Refused as refusal:
        return None, refusal.code


def met(document: dict[str, Any]) -> Allocation | None:
    return carried(Plan.load(document))[0]


@settings(max_examples=150, deadline=None)
@given(seed=SEEDS, loose=st.booleans())
def test_all_is_kept_or_it_is_refused_for_good(seed: int, loose: bool):
    plan = Plan.load(random_document(seed, loose=loose))
    found, code = carried(plan)
    assert (code is None) == can_be_met(plan)
    assert found is None or (faults(plan, found) == [] and found.is_exact)


@settings(max_examples=80, deadline=None)
@given(seed=SEEDS)
def test_the_same_with_over_assignment(seed: int):
    plan = Plan.load(random_document(seed, over=True, loose=True))
    found, code = carried(plan)
    # In real numbers there may be room where whole units have none: that much and no more.
    assert code in (None, "cascade.cannot-be-met") or not can_be_met(plan)
    assert found is None or (faults(plan, found) == [] and found.is_exact)


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, over=st.booleans())
def test_the_order_of_the_units_changes_nothing(seed: int, over: bool):
    document = random_document(seed, over=over, loose=True)
    found = met(document)
    assume(found is not None)
    dice = np.random.default_rng(seed)
    document["units"] = [document["units"][at] for at in dice.permutation(len(document["units"]))]
    document["locks"] = document["locks"][::-1]
    again = met(document)
    assert again is not None
    assert values(again) == values(found)


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, factor=st.sampled_from([2, 8, 64]))
def test_everything_scales_with_its_step(seed: int, factor: int):
    document = random_document(seed, loose=True)
    document["step"] = 1
    found = met(document)
    assume(found is not None)
    assume(all(line.code != "cascade.step-not-kept" for line in found.warnings))
    for key in ("total", "step"):
        document[key] *= factor
    for line in document["locks"]:
        line["value"] *= factor
    for unit in document["units"]:
        for key in {"floor", "ceiling"} & set(unit):
            unit[key] *= factor
        for key in {"floors", "ceilings"} & set(unit):
            unit[key] = {period: value * factor for period, value in unit[key].items()}
    scaled = met(document)
    assert scaled is not None
    assume(all(line.code != "cascade.step-not-kept" for line in scaled.warnings))
    assert values(scaled) == {place: value * factor for place, value in values(found).items()}


@settings(max_examples=60, deadline=None)
@given(
    total=st.integers(0, 10**12),
    weights=st.lists(st.integers(1, 10**6), min_size=1, max_size=40),
    profile=st.lists(st.integers(1, 100), min_size=1, max_size=12),
    step=st.sampled_from([1, 10, 1000]),
)
def test_without_bounds_every_cell_is_near_its_share(total, weights, profile, step):
    units = {f"u{place:02}": weight for place, weight in enumerate(weights)}
    labels = [f"p{place:02}" for place in range(len(profile))]
    found = cascade(
        Plan.load({"total": total, "periods": labels, "units": units, "profile": profile, "step": step})
    )
    assert found.is_exact
    rest = total % step
    for place, weight in enumerate(weights):
        for label, share in zip(labels, profile, strict=True):
            ideal = total * weight * share / sum(weights) / sum(profile)
            # Of the margins twice, and of the table that is fitted to them: three roundings at the most.
            assert abs(float(found.of(f"u{place:02}", label)) - ideal) <= 3 * step + rest + 1e-9 * ideal


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, method=st.sampled_from(METHODS))
def test_every_method_keeps_what_is_bound(seed: int, method: str):
    document = random_document(seed, loose=True)
    dice = np.random.default_rng(seed)
    for unit in document["units"]:
        unit |= {"potential": int(dice.integers(1, 9)), "mean": int(dice.integers(5, 60)), "spread": 5}
    plan = Plan.load({**document, "method": method})
    found, code = carried(plan)
    assert (code is None) == can_be_met(plan)
    assert found is None or faults(plan, found) == []
