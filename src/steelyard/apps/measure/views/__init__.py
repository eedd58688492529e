"""Pages of measuring, one module each."""

from .catalogue import card, catalogue
from .defining import change_kpi, kpi_yaml, new_kpi, preview, take_back
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
    "kpi_yaml",
    "new_kpi",
    "preview",
    "take_back",
    "compute",
    "cut",
    "export",
    "heat",
    "home",
    "kpi",
    "new_template",
    "readiness",
    "records",
    "restore_template",
    "retire_template",
    "scorecard",
    "seen",
    "targets",
    "template",
    "undo_targets",
    "wall",
    "weights",
]
