"""Small steps from numpy to table columns, so that every file prints money, dates and ids alike."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from .days import Floats, Ints


def money(fen: Ints) -> pl.Series:
    """Integer fen as yuan with two decimals."""
    return pl.Series(fen, dtype=pl.Int64).cast(pl.Decimal(38, 2)) / 100


def day(values: NDArray[np.datetime64], *, known: NDArray[np.bool_] | None = None) -> pl.Series:
    """Calendar days; blank where not `known`."""
    series = pl.Series(values.astype("datetime64[ms]")).cast(pl.Date)
    return series if known is None else _blank(series, known)


def moment(values: NDArray[np.datetime64], *, known: NDArray[np.bool_] | None = None) -> pl.Series:
    series = pl.Series(values.astype("datetime64[ms]"))
    return series if known is None else _blank(series, known)


def text(values: NDArray[np.str_], *, known: NDArray[np.bool_]) -> pl.Series:
    return _blank(pl.Series(values, dtype=pl.String), known)


def ids(letter: str, count: int, *, first: int = 1) -> NDArray[np.str_]:
    """L000001, L000002, …"""
    return np.array([f"{letter}{number:06}" for number in range(first, first + count)], dtype=np.str_)


def split(total: Ints, share: Floats) -> Ints:
    """`share` of each amount in whole fen, halves to even."""
    return np.rint(total * share).astype(np.int64)


def _blank(series: pl.Series, known: NDArray[np.bool_]) -> pl.Series:
    kept = pl.Series(known)
    return pl.select(pl.when(kept).then(series)).to_series()
