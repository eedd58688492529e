"""Equal chances, and with bounds the optimum that a solver of quadratic programmes finds."""

from statistics import NormalDist

import highspy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.engine.cascade import Plan, cascade, compare_methods, with_outlooks
from steelyard.engine.forecast import Outlook, outlook_of


def document(means, spreads, *, total: float, bounds=None) -> dict:
    units = [
        {"code": f"u{place:02}", "mean": mean, "spread": spread, **((bounds or {}).get(place, {}))}
        for place, (mean, spread) in enumerate(zip(means, spreads, strict=True))
    ]
    return {"total": total, "minor": 4, "periods": ["2026-01", "2026-02"], "method": "fair", "units": units}


def test_without_bounds_all_chances_are_the_same():
    means, spreads = [100, 250, 40, 600], [30, 20, 25, 200]
    found = cascade(Plan.load(document(means, spreads, total=1100)))
    assert found.fairness is not None
    assert found.fairness.spread < 1e-3
    score = (1100 - sum(means)) / sum(spreads)
    assert found.fairness.median == pytest.approx(1 - NormalDist().cdf(score), abs=1e-6)
    assert float(found.of("u01")) == pytest.approx(250 + score * 20, abs=1e-3)


def test_the_outlooks_of_histories_are_used_as_they_are():
    dice = np.random.default_rng(3)
    histories = [np.round(dice.lognormal(level, 0.3, 30), 2).tolist() for level in (4, 5, 3)]
    units = [{"code": f"u{place}", "history": line} for place, line in enumerate(histories)]
    plan = Plan.load({"total": 4200, "minor": 2, "periods": 2026, "method": "fair", "units": units})
    found = cascade(plan)
    assert found.fairness.spread < 1e-3
    outlook = outlook_of(histories[1], horizon=12, season=12)
    assert found.chances["u1"] == pytest.approx(outlook.chance(float(found.of("u1"))), abs=1e-9)


def test_the_json_of_an_outlook_can_be_given():
    outlook = Outlook.normal(mean=50, spread=10, periods=2).as_json()
    units = [{"code": "a", "outlook": outlook}, {"code": "b", "mean": 50, "spread": 10}]
    found = cascade(Plan.load({"total": 120, "periods": [1, 2], "method": "fair", "units": units}))
    assert [int(found.of(unit)) for unit in "ab"] == [60, 60]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_with_bounds_it_is_the_optimum_of_the_quadratic_programme(seed: int):
    """min Σ (x − mean)² ÷ spread: at its optimum all that no bound holds have one normal score (KKT)."""
    dice = np.random.default_rng(seed)
    count = int(dice.integers(2, 9))
    means, spreads = dice.integers(50, 300, count).tolist(), dice.integers(5, 80, count).tolist()
    floors = [float(mean) if dice.random() < 0.3 else 0.0 for mean in means]
    ceilings = [floor + 40.0 if dice.random() < 0.4 else np.inf for floor in floors]
    ceilings[0] = np.inf
    total = int(max(sum(floors), sum(means) * dice.uniform(0.7, 1.3)) + 1)
    bounds = {
        place: {"floor": floors[place]} | ({"ceiling": high} if np.isfinite(high) else {})
        for place, high in enumerate(ceilings)
    }
    found = cascade(Plan.load(document(means, spreads, total=total, bounds=bounds)))
    wanted = quadratic(means, spreads, floors, ceilings, total)
    values = [float(found.of(f"u{place:02}")) for place in range(count)]
    assert values == pytest.approx(wanted, abs=1e-2)
    scores = [(value - mean) / spread for value, mean, spread in zip(values, means, spreads, strict=True)]
    free = [
        score
        for score, value, low, high in zip(scores, values, floors, ceilings, strict=True)
        if low + 1e-3 < value < high - 1e-3
    ]
    common = free[0] if free else None
    assert all(score == pytest.approx(common, abs=1e-4) for score in free)
    for score, value, low, high in zip(scores, values, floors, ceilings, strict=True):
        if common is not None and value <= low + 1e-3:
            assert score >= common - 1e-3
        if common is not None and value >= high - 1e-3:
            assert score <= common + 1e-3


def test_a_team_that_its_ceiling_holds_is_fair_inside():
    units = [
        {"code": "T", "ceiling": 150},
        {"code": "a", "parent": "T", "mean": 100, "spread": 30},
        {"code": "b", "parent": "T", "mean": 100, "spread": 10},
        {"code": "c", "mean": 100, "spread": 20},
    ]
    found = cascade(Plan.load({"total": 300, "minor": 4, "periods": ["y"], "method": "fair", "units": units}))
    assert found.of("T") == 150
    assert found.chances["a"] == pytest.approx(found.chances["b"], abs=1e-4)
    assert found.chances["c"] < 0.01


def test_who_has_no_outlook_gets_the_median_of_the_others_and_it_is_told():
    units = [{"code": "a", "mean": 100, "spread": 20}, {"code": "b", "mean": 100, "spread": 20}, "c"]
    found = cascade(Plan.load({"total": 300, "periods": ["y"], "method": "fair", "units": units}))
    assert found.of("c") == 100
    assert found.chances["c"] is None
    assert "cascade.outlook-of-peers" in [line.code for line in found.warnings]


def test_where_no_spread_is_known_fair_is_by_history_and_it_is_told():
    found = cascade(Plan.load("{total: 90, periods: [y], method: fair, units: {a: 200, b: 100}}"))
    assert [int(found.of(unit)) for unit in "ab"] == [60, 30]
    assert found.fairness is None
    assert "cascade.fair-by-history" in [line.code for line in found.warnings]


def test_a_short_past_gives_a_rough_chance_and_it_is_told():
    plan = with_outlooks(Plan.load("{total: 36, periods: [p1, p2, p3], units: {a: [4, 6, 5], b: [6, 8, 7]}}"))
    found = cascade(plan)
    assert found.chances["a"] == pytest.approx(0.5, abs=0.02)
    assert "cascade.short-history" in [line.code for line in found.warnings]


def test_fair_is_at_least_as_fair_as_all_others():
    units = [
        {"code": code, "history": history, "potential": potential, "mean": mean, "spread": spread}
        for code, history, potential, mean, spread in (
            ("a", 300, 2, 320, 40),
            ("b", 200, 5, 150, 60),
            ("c", 100, 1, 180, 10),
        )
    ]
    found = compare_methods(Plan.load({"total": 700, "minor": 2, "periods": 2026, "units": units}))
    least = {method: one.fairness.least for method, one in found.items()}
    assert max(least, key=least.get) == "fair"


def quadratic(means, spreads, floors, ceilings, total) -> list[float]:
    """The same by HiGHS, which knows nothing of chances."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    count = len(means)
    model = highspy.HighsModel()
    model.lp_.num_col_, model.lp_.num_row_ = count, 1
    model.lp_.col_cost_ = np.array([-2 * mean / spread for mean, spread in zip(means, spreads, strict=True)])
    model.lp_.col_lower_ = np.array(floors)
    model.lp_.col_upper_ = np.array([high if np.isfinite(high) else highspy.kHighsInf for high in ceilings])
    model.lp_.row_lower_ = model.lp_.row_upper_ = np.array([float(total)])
    model.lp_.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.lp_.a_matrix_.start_ = np.arange(count + 1)
    model.lp_.a_matrix_.index_ = np.zeros(count, dtype=np.int32)
    model.lp_.a_matrix_.value_ = np.ones(count)
    model.hessian_.dim_ = count
    model.hessian_.format_ = highspy.HessianFormat.kTriangular
    model.hessian_.start_ = np.arange(count + 1)
    model.hessian_.index_ = np.arange(count)
    model.hessian_.value_ = np.array([2.0 / spread for spread in spreads])
    solver.passModel(model)
    solver.run()
    return list(solver.getSolution().col_value)
