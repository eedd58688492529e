"""Case columns of numbers, also where a file holds them as text."""

import math

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from steelyard.engine.process.log import EventLog
from steelyard.errors import Refused

Floats = npt.NDArray[np.float64]


def numbers_of(log: EventLog, column: str) -> Floats:
    """A case column of numbers, NaN where there is none.

    Raises
    ------
    Refused
        `process.no-such-attribute` or `whatif.not-a-number-column`, both with `column`.
    """
    if column not in log.attributes.column_names:
        raise Refused("process.no-such-attribute", column=column)
    numbers = numbers_in(log, column)
    if numbers is None:
        raise Refused("whatif.not-a-number-column", column=column)
    return numbers


def numbers_in(log: EventLog, column: str) -> Floats | None:
    """The same; None for a column in which most values are no numbers."""
    values = log.attributes.column(column)
    kind = values.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return np.asarray(values.cast(pa.float64(), safe=False).fill_null(math.nan), dtype=np.float64)
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return None
    encoded = values.combine_chunks().dictionary_encode()
    told = np.array([*(_number(text) for text in encoded.dictionary.to_pylist()), math.nan])
    numbers = told[np.asarray(encoded.indices.fill_null(len(told) - 1))]
    return numbers if np.isfinite(numbers).mean() > 0.5 else None


def _number(text: str) -> float:
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan
