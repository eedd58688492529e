"""Versions of a KPI's declaration: the one that ships, those of the site, and what changed between them."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from steelyard.apps.measure.models import KpiDefinition
from steelyard.apps.measure.queries.definitions import known
from steelyard.engine.kpi.catalogue import shipped_documents

State = KpiDefinition.State
Document = Mapping[str, Any]
SHIPPED = "shipped"
UNSAID = ("version", "valid_from")


@dataclass(frozen=True)
class Change:
    """One place of a declaration, as it was and as it is; None where it says nothing."""

    key: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Version:
    number: int
    state: str
    author: str
    reason: str
    day: datetime.date | None
    document: Document
    changes: tuple[Change, ...]
    is_in_force: bool


def newest_version(kpi: str) -> KpiDefinition | None:
    """The site's last version, whatever became of it."""
    return KpiDefinition.objects.filter(kpi=kpi).select_related("author").first()


def document_in_force(kpi: str) -> Document | None:
    """The declaration that counts: the site's own, else the one that ships."""
    own = known().own.get(kpi)
    return own.document if own is not None else shipped_documents().get(kpi)


def version_to_edit(kpi: str) -> tuple[Document | None, int]:
    """What an author starts from, a draft where one is the newest; and the number of the newest version."""
    newest = newest_version(kpi)
    document = newest.document if newest and newest.state == State.DRAFT else document_in_force(kpi)
    if document is None and newest is not None:
        document = newest.document
    return document, newest.version if newest else int(document["version"]) if document else 0


def versions_of(kpi: str, *, with_drafts: bool) -> list[Version]:
    """All versions, the newest first, each with what it changed."""
    shipped = shipped_documents().get(kpi)
    rows = KpiDefinition.objects.filter(kpi=kpi).select_related("author").order_by("version")
    if not with_drafts:
        rows = rows.exclude(state=State.DRAFT)
    own = known().own.get(kpi)
    found: list[Version] = []
    before = shipped
    if shipped is not None:
        found.append(
            Version(int(shipped["version"]), SHIPPED, "", "", None, shipped, (), is_in_force=own is None)
        )
    for row in rows:
        after = shipped if row.state == State.RETIRED and shipped is not None else row.document
        changes = () if before is None else tuple(changes_between(before, after))
        found.append(
            Version(
                number=row.version,
                state=row.state,
                author=row.author.name if row.author else "",
                reason=row.reason,
                day=row.valid_from,
                document=row.document,
                changes=changes,
                is_in_force=own is not None and own.pk == row.pk,
            )
        )
        before = before if row.state == State.DRAFT else after
    return found[::-1]


def changed_on(kpi: str) -> datetime.date | None:
    """Since when the present declaration counts, where the site has changed one before."""
    newest = KpiDefinition.objects.filter(kpi=kpi).exclude(state=State.DRAFT).first()
    if newest is None:
        return None
    is_first = kpi not in shipped_documents() and newest.version == _first_published(kpi)
    return None if is_first else newest.valid_from


def _first_published(kpi: str) -> int | None:
    rows = KpiDefinition.objects.filter(kpi=kpi, state=State.PUBLISHED).order_by("version")
    return rows.values_list("version", flat=True).first()


def changes_between(before: Document, after: Document) -> list[Change]:
    """Place by place, in the order of the newer document."""
    old, new = dict(_flat(before)), dict(_flat(after))
    places = [*new, *(key for key in old if key not in new)]
    return [Change(key, old.get(key), new.get(key)) for key in places if old.get(key) != new.get(key)]


def _flat(document: Document, above: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in document.items():
        place = f"{above}{key}"
        if place in UNSAID:
            continue
        if isinstance(value, Mapping):
            found += _flat(value, f"{place}.")
        else:
            found.append((place, value))
    return found
