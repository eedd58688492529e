"""Declarations that tests add to the catalogue."""

from typing import Any


def big_wins(**more: Any) -> dict[str, Any]:
    """How many opportunities of 500 or more were won."""
    return {
        "id": "big_wins",
        "names": {"en": "Big wins", "zh": "大单数"},
        "dimension": "results",
        "kind": "count",
        "unit": "count",
        "direction": "up",
        "table": "opportunities",
        "date": "closed_on",
        "where": {"outcome": "won", "amount": {"more": 499}},
        "measure": {"count": "rows"},
        "note": {
            "en": "Wins of 500 or more, by close date.",
            "zh": "金额 500 以上的赢单数，按关闭日期计。",
        },
        **more,
    }


def share_of_big_wins(**more: Any) -> dict[str, Any]:
    """A formula over an own KPI and a shipped one."""
    return {
        "id": "share_of_big_wins",
        "names": {"en": "Share of big wins", "zh": "大单占比"},
        "dimension": "results",
        "kind": "formula",
        "unit": "percent",
        "direction": "up",
        "formula": "big_wins / opportunities_won",
        "note": {"en": "Big wins ÷ wins.", "zh": "大单数 ÷ 赢单数。"},
        **more,
    }
