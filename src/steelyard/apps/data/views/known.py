"""Which sources an import may be of, as the mapping page tells it."""

from typing import Any

from django.http import HttpRequest

from steelyard.apps.data import queries
from steelyard.apps.data.forms import feeds_of
from steelyard.apps.data.models import Import
from steelyard.apps.data.queries.remembered import Remembered, remembered


def known_sources(request: HttpRequest, chosen: Import) -> dict[str, Any]:
    """The source whose mapping is in use, with what has changed since, and others that may be meant."""
    sources = list(queries.sources_seen_by(request.user))
    found = remembered(chosen.inspections, sources=sources, taken=chosen)
    in_use = chosen.source_id if chosen.mapping.get("source") else None
    recalled = next((each for each in found if each.source.pk == in_use), None)
    alike = {each.source.pk for each in found}
    fitting = [
        Remembered(source, source.mapping)
        for source in sources
        if source.pk not in alike and fits(source.mapping, chosen)
    ]
    offered = [each for each in [*found, *fitting] if each.source.pk != in_use]
    # Once the mapping in use is that of a source as it is, the others need no mention.
    return {"recalled": recalled, "offered": [] if recalled and recalled.is_same else offered}


def mapping_of(request: HttpRequest, chosen: Import, name: str) -> dict[str, Any]:
    """The mapping of a source, with the names of these files."""
    source = queries.source_seen_by(request.user, name)
    found = remembered(chosen.inspections, sources=[source], taken=chosen)
    return dict(found[0].mapping if found else source.mapping)


def fits(mapping: dict[str, Any], chosen: Import) -> bool:
    """Whether a remembered mapping finds all it needs in these files, and is not the one in use."""
    if not mapping or mapping == chosen.mapping:
        return False
    feeds = feeds_of(mapping, chosen.inspections)
    return bool(feeds) and all(each.columns and not each.missing and each.reads_all for each in feeds)
