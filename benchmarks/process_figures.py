"""A process map in few figures, to keep what PM4Py found and hold ours against it without PM4Py."""

import hashlib
import json
from typing import Any

WAITS = ("median_wait_s", "mean_wait_s", "p90_wait_s", "total_wait_s")
KEPT = 3


def summary(found: dict[str, Any]) -> dict[str, Any]:
    """Counts as they are or as a digest of all of them; waits added up, and those of the first few edges."""
    edges = sorted(found["edges"], key=lambda edge: (-edge["count"], edge["from"], edge["to"]))
    return {
        "cases": found["cases"],
        "events": found["events"],
        "starts": _digest(found["starts"].items()),
        "ends": _digest(found["ends"].items()),
        "edges": len(edges),
        "edge_counts": _digest([edge["from"], edge["to"], edge["count"]] for edge in edges),
        "variants": len(found["variants"]),
        "variant_counts": _digest([way["path"], way["count"]] for way in found["variants"]),
        "waits": [sum(edge[name] for edge in edges) for name in WAITS],
        "most_frequent": [
            [edge["from"], edge["to"], edge["count"], *(edge[name] for name in WAITS)]
            for edge in edges[:KEPT]
        ],
    }


def _digest(rows: Any) -> str:
    """Sixteen digits of the SHA-256 of the rows in order."""
    text = json.dumps(sorted(map(list, rows)), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
