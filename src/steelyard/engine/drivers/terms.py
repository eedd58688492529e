"""A formula multiplied out into terms: a coefficient times powers of factors."""

import ast
import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from steelyard.engine.drivers.formula import Formula
from steelyard.errors import Refused

MAX_TERMS = 200


@dataclass(frozen=True)
class Term:
    """`coefficient × Π factor ** power`; a power is negative below a division line."""

    coefficient: Fraction
    powers: Mapping[str, int]

    def product_of(self, values: Mapping[str, Any]) -> float:
        """Return the product of the powers, without the coefficient."""
        return float(
            math.prod((values[name] ** power for name, power in self.powers.items()), start=Fraction(1))
        )


def terms_of(formula: Formula) -> list[Term]:
    """Multiply a formula out; equal terms are put together, terms that cancel are dropped.

    Parameters
    ----------
    formula
        Sums of products and quotients; no sum below a division line.

    Returns
    -------
    list of Term
        In order of their factors.

    Raises
    ------
    Refused
        `lmdi.not-products` when something is divided by a sum or by 0, `formula.too-long` beyond 200
        terms.

    Examples
    --------
    >>> [(term.coefficient, dict(term.powers)) for term in terms_of(Formula.parse("2 * (a - b) / c"))]
    [(Fraction(2, 1), {'a': 1, 'c': -1}), (Fraction(-2, 1), {'b': 1, 'c': -1})]
    """
    sums: defaultdict[tuple[tuple[str, int], ...], Fraction] = defaultdict(Fraction)
    for term in _expand(formula.root):
        sums[tuple(sorted(term.powers.items()))] += term.coefficient
    return [Term(total, dict(powers)) for powers, total in sorted(sums.items()) if total]


def _expand(node: ast.expr) -> list[Term]:
    match node:
        case ast.Name(id=name):
            return [Term(Fraction(1), {name: 1})]
        case ast.Constant(value=number):
            return [Term(Fraction(repr(number)), {})]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _negated(_expand(operand))
        case ast.UnaryOp(operand=operand):
            return _expand(operand)
        case ast.BinOp(left=left, op=op, right=right):
            return _combine(_expand(left), op, _expand(right))
    raise AssertionError("parse lets no other node in")


def _combine(left: list[Term], op: ast.operator, right: list[Term]) -> list[Term]:
    match op:
        case ast.Add():
            return [*left, *right]
        case ast.Sub():
            return [*left, *_negated(right)]
        case ast.Div():
            right = [_inverse(right)]
    if len(left) * len(right) > MAX_TERMS:
        raise Refused("formula.too-long", length=len(left) * len(right), limit=MAX_TERMS)
    return [_product(one, other) for one in left for other in right]


def _product(one: Term, other: Term) -> Term:
    powers = {
        name: one.powers.get(name, 0) + other.powers.get(name, 0) for name in {**one.powers, **other.powers}
    }
    return Term(
        one.coefficient * other.coefficient, {name: power for name, power in powers.items() if power != 0}
    )


def _inverse(terms: list[Term]) -> Term:
    if len(terms) != 1 or terms[0].coefficient == 0:
        raise Refused("lmdi.not-products")
    return Term(1 / terms[0].coefficient, {name: -power for name, power in terms[0].powers.items()})


def _negated(terms: list[Term]) -> list[Term]:
    return [Term(-term.coefficient, term.powers) for term in terms]
