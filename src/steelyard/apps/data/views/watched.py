"""What came in through the watched folder."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from steelyard.apps.data.models import Import
from steelyard.apps.data.queries.inbox import Arrival, arrivals_seen_by, inbox, watched
from steelyard.web import numbers
from steelyard.web.words import say


def watching(viewer: Any) -> dict[str, Any]:
    """The watched folders, and what came in lately."""
    arrivals = arrivals_seen_by(viewer)
    return {
        "folders": [str(inbox() / name) for name in watched()],
        "arrivals": [(each, arrival_told(each)) for each in arrivals],
        "waiting": waiting(arrivals),
    }


def waiting(arrivals: list[Arrival]) -> list[Arrival]:
    """Those about which a person has to decide still."""
    asked = {each.public_id: each for each in arrivals if each.outcome in ("rejects", "retires")}
    if not asked:
        return []
    still = Import.objects.filter(public_id__in=asked, state=Import.State.CHECKED)
    return [asked[public_id] for public_id in still.values_list("public_id", flat=True)]


def arrival_told(arrival: Arrival) -> str:
    """What became of a file, in words."""
    told = arrival.told
    if arrival.outcome == "published":
        return _("committed")
    if arrival.outcome == "refused":
        return say(told["why"]["code"], **told["why"]["params"])
    if arrival.outcome == "retires":
        return ngettext(
            "checked, not committed: it would remove %(retired)s of %(held)s row",
            "checked, not committed: it would remove %(retired)s of %(held)s rows",
            told["held"],
        ) % {"retired": numbers.count(told["retired"]), "held": numbers.count(told["held"])}
    return ngettext(
        "checked, not committed: %(rejected)s of %(read)s row is rejected",
        "checked, not committed: %(rejected)s of %(read)s rows are rejected",
        told["read"],
    ) % {"rejected": numbers.count(told["rejected"]), "read": numbers.count(told["read"])}
