"""The sample company: four years of a fictional organisation, with causes planted in it."""

from .causes import Cause, Truth
from .company import write_company
from .files import ORGANISATION, sources_of, tables_of
from .organisation import CAST

__all__ = ["CAST", "ORGANISATION", "Cause", "Truth", "sources_of", "tables_of", "write_company"]
