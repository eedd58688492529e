"""Pages of measuring, one module each."""

from .home import home
from .kpi import cut, kpi
from .records import export, records
from .scorecard import compute, scorecard
from .targets import targets, undo_targets

__all__ = ["compute", "cut", "export", "home", "kpi", "records", "scorecard", "targets", "undo_targets"]
