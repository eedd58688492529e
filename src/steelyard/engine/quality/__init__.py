"""Checks of the facts: what is wrong with which rows, and whether figures made of them may be relied on."""

from .finding import Finding, Gap, Gate, Origin, gate_of
from .names import Names, form_of, names_in, near
from .reads import concerning, kpis_touched, reads_of
from .rhythm import gaps
from .rules import RULES, Rule
from .summary import Context, check, owner_of, rows_of

__all__ = [
    "RULES",
    "Context",
    "Finding",
    "Gap",
    "Gate",
    "Names",
    "Origin",
    "Rule",
    "check",
    "concerning",
    "form_of",
    "gaps",
    "gate_of",
    "kpis_touched",
    "names_in",
    "near",
    "owner_of",
    "reads_of",
    "rows_of",
]
