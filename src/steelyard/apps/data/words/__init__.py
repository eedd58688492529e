"""Words of the data app: what imports refuse and reject, and the names of tables and columns."""

from . import quality
from .columns import COLUMNS, TABLES, column_label, table_label
from .refusals import REFUSALS
from .rejects import REJECTS, STATES, STEPS, cause_label, reason, state_label

WORDS = {**REFUSALS, **REJECTS, **quality.WORDS}

__all__ = [
    "COLUMNS",
    "REFUSALS",
    "REJECTS",
    "STATES",
    "STEPS",
    "TABLES",
    "WORDS",
    "cause_label",
    "column_label",
    "quality",
    "reason",
    "state_label",
    "table_label",
]
