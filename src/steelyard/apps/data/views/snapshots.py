"""What full snapshots take away, row by row."""

import csv
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from steelyard.apps.data import queries
from steelyard.apps.data.models import Import
from steelyard.apps.data.queries.retired import RetiredRows, retired_of, retiring_most
from steelyard.apps.data.views.room import attachment
from steelyard.apps.data.words import column_label, table_label
from steelyard.lake.cells import as_cell
from steelyard.lake.tables import table_spec
from steelyard.web.doors import door

SHOWN = 50
BATCH = 10_000


@door("data.import")
@require_safe
def retired_file(request: HttpRequest, public_id: str, table: str) -> HttpResponse:
    """Every row that a snapshot no longer has, as it was, in a file that can be imported again."""
    chosen = queries.import_seen_by(request.user, public_id)
    found = next((each for each in retired_of(request.user, chosen) if each.table == table), None)
    if found is None:
        raise Http404
    response = attachment(f"{table}-removed.csv", "text/csv; charset=utf-8")
    response.write("\ufeff")
    writer = csv.writer(response)
    for start in range(0, len(found), BATCH):
        rows = found[start : start + BATCH]
        if not start and rows:
            writer.writerow(rows[0])
        writer.writerows([as_cell(cell) for cell in row.values()] for row in rows)
    return response


def in_time(viewer: Any, taken: Import) -> dict[str, Any]:
    """What the page of an outcome shows of a snapshot."""
    counts = taken.counts.get("tables", {})
    return {
        "retired": [retired_card(each) for each in retired_of(viewer, taken)],
        "retired_total": sum(each.get("retired", 0) for each in counts.values()),
        "derived": [
            (table_label(name), each["derived"]) for name, each in counts.items() if each.get("derived")
        ],
        "spared": sum(each.get("spared", 0) for each in counts.values()),
        "most": [each | {"label": table_label(each["table"])} for each in retiring_most(counts)],
    }


def retired_card(found: RetiredRows) -> dict[str, Any]:
    """The first of the rows, by what names them and what the table needs."""
    rows = found[:SHOWN]
    spec = table_spec(found.table)
    names = [
        name for name in dict.fromkeys([*spec.key, *spec.required, *spec.columns]) if rows and name in rows[0]
    ]
    return {
        "table": found.table,
        "label": table_label(found.table),
        "total": len(found),
        "is_cut": len(found) > len(rows),
        "columns": [column_label(name) for name in names[:8]],
        "rows": [[as_cell(row[name]) for name in names[:8]] for row in rows],
    }
