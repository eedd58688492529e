"""Formulas over KPIs: `opportunities_closed * win_rate * average_deal_size`, parsed and evaluated."""

import ast
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any

from steelyard.errors import Refused

MAX_LENGTH = 1000
MAX_DEPTH = 60
TYPOGRAPHIC = str.maketrans({"×": "*", "÷": "/", "−": "-", "–": "-", "＋": "+", "（": "(", "）": ")"})


@dataclass(frozen=True)
class Formula:
    """A formula of names, numbers, `+ - * /` (also `× ÷ −`) and parentheses. Made by `Formula.parse`."""

    text: str
    names: tuple[str, ...]
    root: ast.expr = field(repr=False, compare=False)

    @classmethod
    def parse(cls, text: str) -> "Formula":
        """Parse a formula; nothing but names, numbers, four operations and parentheses is let in.

        Parameters
        ----------
        text
            Such as `"leads × opportunities_per_lead + opportunities_without_lead"`, at most 1,000
            characters.

        Returns
        -------
        Formula
            With `names`: each name once, in order of appearance.

        Raises
        ------
        Refused
            `formula.too-long`, `formula.too-deep` (more than 60 levels), `formula.syntax` (with the
            column, from 1), `formula.not-allowed` (with the part that is not).

        Examples
        --------
        >>> Formula.parse("spend ÷ cost_per_lead + leads_without_spend").names
        ('spend', 'cost_per_lead', 'leads_without_spend')
        """
        if len(text) > MAX_LENGTH:
            raise Refused("formula.too-long", length=len(text), limit=MAX_LENGTH)
        plain = text.translate(TYPOGRAPHIC).strip()
        try:
            root = ast.parse(plain, mode="eval").body
        except SyntaxError as error:
            raise Refused("formula.syntax", column=error.offset or 1) from error
        except (ValueError, RecursionError, MemoryError) as error:
            raise Refused("formula.syntax", column=1) from error
        names = tuple(dict.fromkeys(_checked_names(root, depth=0)))
        return cls(text=plain, names=names, root=root)

    @cached_property
    def divisors(self) -> frozenset[str]:
        """The names that stand only below a division line."""
        below = {name: set[bool]() for name in self.names}
        for name, is_below in _places(self.root, is_below=False):
            below[name].add(is_below)
        return frozenset(name for name, places in below.items() if places == {True})

    def evaluate(self, values: Mapping[str, Any]) -> Any:
        """Compute the formula from values for its names.

        Parameters
        ----------
        values
            An int, float, Fraction or Decimal for each name; None or NaN says that it is undefined.
            More names are ignored.

        Returns
        -------
        number or None
            None where a value is undefined or something is divided by zero. With Fractions the
            result is an exact Fraction; Decimals and decimals in the formula are taken as such. A
            finite number divided by infinity is 0.

        Raises
        ------
        Refused
            `formula.missing-value` when a name has no entry.

        Examples
        --------
        >>> Formula.parse("won / (won + lost)").evaluate({"won": 3, "lost": 1})
        0.75
        >>> Formula.parse("won / (won + lost)").evaluate({"won": 0, "lost": 0}) is None
        True
        """
        missing = [name for name in self.names if name not in values]
        if missing:
            raise Refused("formula.missing-value", names=missing)
        return _evaluate(self.root, values)


def order(definitions: Mapping[str, Formula]) -> list[str]:
    """Return the defined names so that each comes after the defined names it uses.

    Parameters
    ----------
    definitions
        Name to formula. Names that are used but not defined are given values, not ordered.

    Returns
    -------
    list of str
        Every key of `definitions`; by name where the order is free.

    Raises
    ------
    Refused
        `formula.cycle` with `names`, the cycle from its first name by alphabet on.

    Examples
    --------
    >>> order({"profit": Formula.parse("revenue - cost"), "revenue": Formula.parse("orders * price")})
    ['revenue', 'profit']
    """
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for name in sorted(definitions):
        sorter.add(name, *sorted(set(definitions[name].names) & set(definitions)))
    try:
        sorter.prepare()
    except CycleError as error:
        raise Refused("formula.cycle", names=_from_first(error.args[1][:-1][::-1])) from error
    listed: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        listed += ready
        sorter.done(*ready)
    return listed


def _from_first(cycle: list[str]) -> list[str]:
    first = cycle.index(min(cycle))
    return cycle[first:] + cycle[:first]


def _checked_names(node: ast.expr, *, depth: int) -> Iterator[str]:
    if depth > MAX_DEPTH:
        raise Refused("formula.too-deep", limit=MAX_DEPTH)
    match node:
        case ast.Name(id=name):
            yield name
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            if not math.isfinite(number):
                raise Refused("formula.not-allowed", part="number", column=node.col_offset + 1)
        case ast.UnaryOp(op=ast.UAdd() | ast.USub(), operand=operand):
            yield from _checked_names(operand, depth=depth + 1)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), right=right):
            yield from _checked_names(left, depth=depth + 1)
            yield from _checked_names(right, depth=depth + 1)
        case _:
            raise Refused("formula.not-allowed", part=type(node).__name__, column=node.col_offset + 1)


def _places(node: ast.expr, *, is_below: bool) -> Iterator[tuple[str, bool]]:
    match node:
        case ast.Name(id=name):
            yield name, is_below
        case ast.UnaryOp(operand=operand):
            yield from _places(operand, is_below=is_below)
        case ast.BinOp(left=left, op=op, right=right):
            yield from _places(left, is_below=is_below)
            yield from _places(right, is_below=is_below ^ isinstance(op, ast.Div))


def _evaluate(node: ast.expr, values: Mapping[str, Any]) -> Any:
    match node:
        case ast.Name(id=name):
            given = values[name]
            if is_undefined(given):
                return None
            return Fraction(given) if isinstance(given, Decimal) else given
        case ast.Constant(value=number):
            return number if isinstance(number, int) else Fraction(repr(number))
        case ast.UnaryOp(op=op, operand=operand):
            inner = _evaluate(operand, values)
            return -inner if isinstance(op, ast.USub) and inner is not None else inner
        case ast.BinOp(left=left, op=op, right=right):
            return _apply(op, _evaluate(left, values), _evaluate(right, values))
    raise AssertionError("parse lets no other node in")


def _apply(op: ast.operator, left: Any, right: Any) -> Any:
    if left is None or right is None:
        return None
    match op:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
    if right == 0:
        return None
    if isinstance(right, float) and math.isinf(right):
        return left * 0
    return left / right


def is_undefined(value: Any) -> bool:
    """Say whether a value stands for "there is none": None or NaN."""
    return value is None or value != value
