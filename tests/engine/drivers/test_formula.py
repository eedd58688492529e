"""Formulas: what is let in, what comes out, what is undefined, cycles."""

import math
from decimal import Decimal
from fractions import Fraction

import pytest

from steelyard.engine.drivers import Formula, order
from steelyard.engine.drivers.terms import terms_of
from steelyard.errors import Refused


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a * b + c - d / e", 9.5),
        ("(a + b) × c", 20),
        ("a ÷ b − -c", 2 / 3 + 4),
        ("2 * a", 4),
        ("a / (b - 3)", None),
        ("a - b - c", -5),
        ("d / e / c", 0.125),
        ("0.1 * e", Fraction(1, 5)),
    ],
)
def test_evaluates_as_written(text, value):
    assert Formula.parse(text).evaluate({"a": 2, "b": 3, "c": 4, "d": 1, "e": 2}) == value


def test_chinese_names_and_exact_numbers():
    formula = Formula.parse("（回款 + 预收） ÷ 应收")
    assert formula.names == ("回款", "预收", "应收")
    assert formula.evaluate({"回款": Decimal("0.1"), "预收": Decimal("0.2"), "应收": 1}) == Fraction(3, 10)


@pytest.mark.parametrize("nothing", [None, math.nan])
def test_undefined_in_undefined_out(nothing):
    assert Formula.parse("a + b * 0").evaluate({"a": 1, "b": nothing}) is None


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "a ** b",
        "a // b",
        "a.b",
        "a[0]",
        "f(a)",
        "a if b else c",
        "[a for a in b]",
        "True + a",
        "'a' * 3",
        "1j",
        "1e999",
        "a < b",
        "(a, b)",
        "lambda: 1",
        "a and b",
        "not a",
        "~a",
        "(a := 1)",
    ],
)
def test_anything_else_is_not_let_in(text):
    with pytest.raises(Refused, match=r"formula\.not-allowed"):
        Formula.parse(text)


@pytest.mark.parametrize("text", ["", "a +", "a b", "(a", "a = b", "a\x00", "(" * 300 + ")" * 300])
def test_what_is_no_formula_is_refused(text):
    with pytest.raises(Refused, match=r"formula\.syntax"):
        Formula.parse(text)


def test_bombs_are_refused():
    with pytest.raises(Refused, match=r"formula\.too-long"):
        Formula.parse("a+" * 1000 + "a")
    with pytest.raises(Refused, match=r"formula\.too-deep"):
        Formula.parse("-" * 400 + "a")


def test_a_name_without_a_value_is_refused():
    with pytest.raises(Refused) as refusal:
        Formula.parse("a + b").evaluate({"a": 1})
    assert refusal.value.params == {"names": ["b"]}


def test_divisors_are_names_only_below_the_line():
    assert Formula.parse("a / b + c / (d / e) - f * b / f").divisors == {"d"}
    assert Formula.parse("spend / cost_per_lead + rest").divisors == {"cost_per_lead"}


def test_children_come_before_parents():
    tree = {
        "collected": "due * collection_rate + ahead",
        "due": "invoiced - credited",
        "invoiced": "orders * price",
        "attainment": "collected / target",
    }
    definitions = {name: Formula.parse(text) for name, text in tree.items()}
    assert order(definitions) == ["invoiced", "due", "collected", "attainment"]
    assert order(dict(reversed(definitions.items()))) == order(definitions)


@pytest.mark.parametrize(
    ("tree", "cycle"),
    [
        ({"a": "a + 1"}, ["a"]),
        ({"c": "a", "a": "b", "b": "c", "d": "a"}, ["a", "b", "c"]),
    ],
)
def test_a_cycle_is_refused_by_name(tree, cycle):
    with pytest.raises(Refused) as refusal:
        order({name: Formula.parse(text) for name, text in tree.items()})
    assert (refusal.value.code, refusal.value.params) == ("formula.cycle", {"names": cycle})


def test_multiplied_out_terms():
    found = terms_of(Formula.parse("(a + b) * (a - b) / (2 * c) + a / a - 1"))
    assert [(term.coefficient, term.powers) for term in found] == [
        (Fraction(1, 2), {"a": 2, "c": -1}),
        (Fraction(-1, 2), {"b": 2, "c": -1}),
    ]
    with pytest.raises(Refused, match=r"lmdi\.not-products"):
        terms_of(Formula.parse("a / (b + c)"))
