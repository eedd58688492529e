"""The engine's codes of the lenses and their sentences."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Forms = Mapping[str, "str | Promise"]
FACTS: Forms = {}
CHECKS: Forms = {}
CHARTS: Forms = {}
SHARES: Forms = {}
COUNTED: Forms = {
    "periods": _("periods"),
}
# The unit of a chart, where it is not that of its lens.
CHART_UNITS: Mapping[str, str] = {}
# The form in which a parameter of a sentence is written.
FORMS: Mapping[str, str] = {}
