"""The catalogue: what ships is whole, and what does not fit is refused."""

import pytest

from steelyard.engine.drivers import Formula
from steelyard.engine.kpi import catalogue, checked, parse
from steelyard.errors import Refused

GOOD = {
    "id": "orders",
    "version": 1,
    "names": {"en": "Orders", "zh": "订单数"},
    "note": {"en": "Order lines.", "zh": "订单行。"},
    "dimension": "results",
    "kind": "count",
    "unit": "count",
    "direction": "up",
    "table": "orders",
    "date": "ordered_on",
    "measure": {"count": "rows"},
}
FORMULA = {key: value for key, value in GOOD.items() if key not in ("table", "date", "measure")} | {
    "kind": "formula"
}


def test_what_ships_is_whole():
    known = catalogue()
    for kpi in known.values():
        assert kpi.names["zh"] != kpi.names["en"]
        for name in Formula.parse(kpi.tree).names if kpi.tree else ():
            assert name in known
    trees = {kpi.id for kpi in known.values() if kpi.tree}
    assert trees == {"collected", "won_revenue", "opportunities", "leads"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"colour": "red"}, "unknown-key"),
        ({"id": "Orders!"}, "unknown-value"),
        ({"version": True}, "unknown-value"),
        ({"names": {"en": "Orders"}}, "missing-key"),
        ({"names": {"en": "Orders", "zh": " "}}, "not-text"),
        ({"unit": "yuan"}, "unknown-value"),
        ({"measure": {"count": "rows", "sum": "amount"}}, "unknown-measure"),
        ({"measure": {"count": "rows", "filter": "1=1"}}, "unknown-key"),
        ({"measure": {"sum": "amount"}}, "does-not-fit-the-kind"),
        ({"kind": "ratio"}, "does-not-fit-the-kind"),
        ({"when": "end"}, "does-not-fit-the-kind"),
        ({"where": {"outcome": {"like": "w%"}}}, "unknown-value"),
        ({"where": {"outcome": []}}, "unknown-value"),
        ({"timing": [{"column": "due_on", "before": "noon"}]}, "unknown-value"),
        ({"table": "orders; drop"}, "missing-key"),
    ],
)
def test_what_does_not_fit_is_refused(change, reason):
    with pytest.raises(Refused, match=r"kpi\.invalid") as refusal:
        parse({**GOOD, **change})
    assert refusal.value.params["reason"] == reason


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("orders + revenue", "kpi.invalid"),
        ("orders * revenue", None),
        ("revenue / orders * 2", None),
        ("revenue - 1", "kpi.invalid"),
        ("orders * nothing", "kpi.invalid"),
        ("each + 0 * revenue", "formula.cycle"),
        ("__import__('os')", "formula.not-allowed"),
    ],
)
def test_units_names_and_cycles_of_formulas(formula, code):
    revenue = {**GOOD, "id": "revenue", "kind": "sum", "unit": "money", "measure": {"sum": "amount"}}
    each = {**FORMULA, "id": "each", "unit": "money"}
    if code is None:
        assert "each" in checked([parse(GOOD), parse(revenue), parse({**each, "formula": formula})])
        return
    with pytest.raises(Refused) as refusal:
        checked([parse(GOOD), parse(revenue), parse({**each, "formula": formula})])
    assert refusal.value.code == code


def test_an_id_is_used_once():
    with pytest.raises(Refused) as refusal:
        checked([parse(GOOD), parse(GOOD)])
    assert refusal.value.params["reason"] == "used-twice"
