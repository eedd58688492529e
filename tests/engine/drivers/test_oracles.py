"""Published decompositions: Das Gupta (1993) as printed, LMDI of Ang as in LMDIR's tests."""

import json
import math

import pytest

from steelyard.engine.drivers import (
    Formula,
    decompose,
    lmdi_additive,
    lmdi_multiplicative,
    mix_and_rate,
    shapley,
    shapley_product,
)
from tests.shared import SHARED

ORACLES = SHARED / "rca" / "oracles"
CASES = json.loads((ORACLES / "decomposition_oracles.json").read_text()) if ORACLES.exists() else []
SHAPLEY = [case for case in CASES if case["kind"] == "shapley_factor"]
LMDI = [case for case in CASES if case["kind"] != "shapley_factor"]
needs_oracles = pytest.mark.skipif(not CASES, reason=f"no oracles under {ORACLES}")


def by_id(cases):
    return pytest.mark.parametrize("case", cases, ids=[case["id"] for case in cases])


def ratio_of_sums(table):
    """Das Gupta table 4.4: births out of marriage, ΣABC ÷ (ΣABC + ΣA(1 - B)D), B the share unmarried."""
    rows = list(zip(*(table[name] for name in "ABCD"), strict=True))
    out_of = math.fsum(a * b * c for a, b, c, _ in rows)
    within = math.fsum(a * (1 - b) * d for a, b, _, d in rows)
    return out_of / (out_of + within)


def weighted_mean(table):
    return math.fsum(m * r for m, r in zip(table["mix"], table["rate"], strict=True)) / math.fsum(
        table["mix"]
    )


def sum_of_products(table):
    return math.fsum(math.prod(row) for row in zip(*table.values(), strict=True))


def difference(table):
    return table["birth"][0] - table["death"][0]


def value_of(case):
    if "ratio_of_sums" in case["id"]:
        return ratio_of_sums
    if case["input"]["factors"] == ["mix", "rate"]:
        return weighted_mean
    return difference if case["id"].endswith("R=a-b") else sum_of_products


def tables(case):
    names = case["input"]["factors"]
    return (dict(zip(names, case["input"][side], strict=True)) for side in ("base", "current"))


@needs_oracles
def test_every_published_case_is_here():
    assert (len(SHAPLEY), len(LMDI)) == (9, 6)


@needs_oracles
@by_id(SHAPLEY)
def test_shapley_gives_the_printed_numbers(case):
    base, current = tables(case)
    found = shapley(value_of(case), baseline=base, actual=current)
    assert [found[name] for name in case["input"]["factors"]] == pytest.approx(
        case["expected"], abs=case["tolerance"], rel=0
    )


@needs_oracles
@by_id([case for case in SHAPLEY if all(len(each) == 1 for each in case["input"]["base"])])
def test_a_formula_gives_the_printed_numbers(case):
    base, current = ({name: each[0] for name, each in table.items()} for table in tables(case))
    sign = " - " if case["id"].endswith("R=a-b") else " × "
    found = decompose(Formula.parse(sign.join(base)), actual=current, baseline=base)
    contributions = {each.factor: each.contribution for each in found.contributions}
    assert [contributions[name] for name in case["input"]["factors"]] == pytest.approx(
        case["expected"], abs=case["tolerance"], rel=0
    )
    if sign == " × ":
        assert shapley_product(baseline=base, actual=current) == pytest.approx(contributions, rel=1e-12)


@needs_oracles
@by_id([case for case in SHAPLEY if case["input"]["factors"] == ["mix", "rate"]])
def test_mix_and_rate_give_the_printed_numbers(case):
    sides = [
        {str(i): (m * r, m) for i, (m, r) in enumerate(zip(t["mix"], t["rate"], strict=True))}
        for t in tables(case)
    ]
    found = mix_and_rate(baseline=sides[0], actual=sides[1])
    assert [found.mix, found.rate] == pytest.approx(case["expected"], abs=case["tolerance"], rel=0)


@needs_oracles
@by_id(LMDI)
def test_lmdi_gives_the_printed_numbers(case):
    base, current = (
        {str(k): [row[k] for row in case["input"][side]] for k in range(3)} for side in ("X0", "XT")
    )
    split = {"lmdi_additive": lmdi_additive, "lmdi_multiplicative": lmdi_multiplicative}[case["kind"]]
    found = split(baseline=base, actual=current)
    assert list(found.values()) == pytest.approx(case["expected"], abs=case["tolerance"], rel=0)
