"""What a diagnosis refuses, in words."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "diagnose.no-data": _("There are no data yet. Import opportunities or invoices, then ask again."),
    "diagnose.no-team": _("You lead no team today, so there is nothing that you could diagnose."),
    "diagnose.same-period": _("%(period)s cannot be held against itself. Choose another period."),
    "diagnose.bad-condition": _("“%(text)s” is no condition. Write dimension=value."),
    "diagnose.too-many-conditions": _("At most %(most)s conditions at once. Take some away."),
    "diagnose.no-chart": _("There is nothing to draw: neither drivers nor a history are known."),
    "diagnose.other-kpi": _("These two diagnoses are of different KPIs and cannot be compared."),
    "diagnosis.no-target": _(
        "There is no target of this KPI for %(period)s and this part of the data. "
        "Compare with a year ago, or set one."
    ),
    "diagnose.note-too-long": _("A note has at most %(most|count)s characters."),
}
