"""The KPIs that ship, read once from `catalogue/*.yaml` and checked as a whole."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml

from steelyard.engine.drivers.formula import Formula, order
from steelyard.engine.kpi.definitions import Kpi
from steelyard.engine.kpi.parsing import parse
from steelyard.engine.kpi.units import check_units
from steelyard.errors import Refused

Definitions = Mapping[str, Kpi]


@cache
def catalogue() -> Definitions:
    """Return the shipped KPIs by id.

    Returns
    -------
    Mapping of str to Kpi
        In the order of the files.

    Raises
    ------
    Refused
        `kpi.invalid` when a shipped file is broken.

    Examples
    --------
    >>> catalogue()["win_rate"].names["zh"]
    '赢单率'
    """
    return checked(parse(one) for one in _documents())


@cache
def shipped_documents() -> Mapping[str, Mapping[str, Any]]:
    """Return the shipped KPIs by id as they are declared, to show or to start another one from."""
    return MappingProxyType({one["id"]: one for one in _documents()})


def _documents() -> list[dict[str, Any]]:
    folder = resources.files("steelyard.engine.kpi") / "catalogue"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda f: f.name)
    return [one for file in files for one in yaml.safe_load(file.read_text("utf-8"))]


def checked(kpis: Iterable[Kpi]) -> Definitions:
    """Put KPIs together and check what concerns several: unique ids, known names, cycles, units.

    Parameters
    ----------
    kpis
        Every KPI of a catalogue.

    Returns
    -------
    Mapping of str to Kpi

    Raises
    ------
    Refused
        `kpi.invalid` with `reason` "used-twice", "unknown-kpi" or "units-differ"; `formula.cycle`.
    """
    known: dict[str, Kpi] = {}
    for kpi in kpis:
        if kpi.id in known:
            raise Refused("kpi.invalid", kpi=kpi.id, key="id", reason="used-twice")
        known[kpi.id] = kpi
    for key in ("formula", "tree"):
        formulas = {
            kpi.id: Formula.parse(text) for kpi in known.values() if (text := getattr(kpi, key)) is not None
        }
        _check(formulas, known=known, key=key)
    return MappingProxyType(known)


def kpi_of(kpi: "Kpi | str", *, definitions: Definitions | None = None) -> Kpi:
    """Return the KPI itself for an id; Refused `kpi.unknown` (404) when there is none."""
    if isinstance(kpi, Kpi):
        return kpi
    known = catalogue() if definitions is None else definitions
    if kpi not in known:
        raise Refused("kpi.unknown", 404, kpi=kpi[:63])
    return known[kpi]


def _check(formulas: Mapping[str, Formula], *, known: Definitions, key: str) -> None:
    units = {kpi.id: kpi.unit for kpi in known.values()}
    for kpi, formula in formulas.items():
        unknown = [name for name in formula.names if name not in known]
        if unknown:
            raise Refused("kpi.invalid", kpi=kpi, key=unknown[0], reason="unknown-kpi")
        check_units(formula, units=units, result=units[kpi], kpi=kpi)
    order(formulas)
