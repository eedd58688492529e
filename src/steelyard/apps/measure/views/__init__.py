"""Pages of measuring, one module each."""

from .catalogue import card, catalogue
from .defining import change_kpi, kpi_yaml, new_kpi, preview, take_back
from .evaluations import keep_month, kept_month, kept_months
from .exports import scorecard_pdf, scorecard_xlsx
from .heat import heat
from .home import home
from .kpi import cut, kpi
from .readiness import readiness
from .records import export, records
from .scorecard import compute, scorecard, seen
from .targets import targets, undo_targets
from .wall import wall
from .weights import new_template, restore_template, retire_template, template, weights

__all__ = [
    "card",
    "catalogue",
    "change_kpi",
    "compute",
    "cut",
    "export",
    "heat",
    "home",
    "keep_month",
    "kept_month",
    "kept_months",
    "kpi",
    "kpi_yaml",
    "new_kpi",
    "new_template",
    "preview",
    "readiness",
    "records",
    "restore_template",
    "retire_template",
    "scorecard",
    "scorecard_pdf",
    "scorecard_xlsx",
    "seen",
    "take_back",
    "targets",
    "template",
    "undo_targets",
    "wall",
    "weights",
]
