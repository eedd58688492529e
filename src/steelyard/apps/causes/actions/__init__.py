"""Writes of causes, one function an intent."""

from steelyard.apps.causes.actions.causes import (
    add_cause,
    add_tested_cause,
    change_cause,
    decide,
    reopen,
    test_cause,
)
from steelyard.apps.causes.actions.countermeasures import (
    add_countermeasure,
    change_countermeasure,
    choose,
    choose_none,
    restore_countermeasure,
    withdraw_countermeasure,
)
from steelyard.apps.causes.actions.evidence import (
    add_evidence,
    add_figure,
    add_survey_cell,
    restore_evidence,
    withdraw_evidence,
)
from steelyard.apps.causes.actions.testing import test_lenses
from steelyard.apps.causes.actions.whys import add_why, change_why, restore_why, withdraw_why

__all__ = [
    "add_cause",
    "add_countermeasure",
    "add_evidence",
    "add_figure",
    "add_survey_cell",
    "add_tested_cause",
    "add_why",
    "change_cause",
    "change_countermeasure",
    "change_why",
    "choose",
    "choose_none",
    "decide",
    "reopen",
    "restore_countermeasure",
    "restore_evidence",
    "restore_why",
    "test_cause",
    "test_lenses",
    "withdraw_countermeasure",
    "withdraw_evidence",
    "withdraw_why",
]
