"""Tables small enough to check by hand."""

import pyarrow as pa
import pytest

from steelyard.engine.localise import localise

REGIONS = ("North", "South", "East", "West")
PRODUCTS = tuple(f"p{number}" for number in range(10))


def sales(*, dropped: dict[str, str], share: float) -> pa.Table:
    """Four regions by ten products by two channels at about 100 each, some leaves down by a share."""
    rows = []
    for r, region in enumerate(REGIONS):
        for p, product in enumerate(PRODUCTS):
            for c, channel in enumerate(("direct", "partner")):
                leaf = {"region": region, "product": product, "channel": channel}
                target = 80.0 + 7 * r + 3 * p + 20 * c
                wobble = 1 + ((7 * r + 5 * p + 3 * c) % 11 - 5) / 200
                hit = dropped and all(leaf[name] == value for name, value in dropped.items())
                rows.append({**leaf, "target": target, "won": target * wobble * (1 - share if hit else 1)})
    return pa.Table.from_pylist(rows)


@pytest.mark.parametrize(
    "where",
    [
        {"region": "South"},
        {"product": "p3"},
        {"channel": "partner"},
        {"product": "p7", "region": "East"},
        {"channel": "direct", "region": "West"},
        {"channel": "direct", "product": "p2", "region": "North"},
    ],
)
def test_it_names_the_one_combination_that_dropped(where):
    answer = localise(
        sales(dropped=where, share=0.5),
        dimensions=["region", "product", "channel"],
        actual="won",
        expected="target",
    )

    assert answer.verdict == "found"
    assert [segment.where for segment in answer.segments] == [where]


def test_a_part_that_dropped_more_is_no_segment_of_its_own():
    table = sales(dropped={"region": "South"}, share=0.3)
    deeper = [
        row["won"] * (0.5 if (row["region"], row["product"]) == ("South", "p3") else 1)
        for row in table.to_pylist()
    ]
    table = table.set_column(table.column_names.index("won"), "won", pa.array(deeper))
    answer = localise(table, dimensions=["region", "product", "channel"], actual="won", expected="target")

    assert [segment.where for segment in answer.segments] == [{"region": "South"}]


def test_figures_of_a_segment_are_those_of_its_leaves():
    table = sales(dropped={"region": "South"}, share=0.5)
    answer = localise(table, dimensions=["region", "product", "channel"], actual="won", expected="target")

    south = [row for row in table.to_pylist() if row["region"] == "South"]
    segment = answer.segments[0]
    assert segment.n == 20
    assert segment.actual == pytest.approx(sum(row["won"] for row in south))
    assert segment.expected == pytest.approx(sum(row["target"] for row in south))
    assert segment.contribution == pytest.approx(segment.actual - segment.expected)
    assert segment.low < segment.contribution < segment.high < 0
    assert segment.p < 1e-6


def test_nothing_stands_out_where_all_leaves_only_wobble():
    answer = localise(
        sales(dropped={}, share=0),
        dimensions=["region", "product", "channel"],
        actual="won",
        expected="target",
    )

    assert answer.verdict == "nothing-stands-out"
    assert answer.segments == ()
    assert answer.rest == answer.gap


def test_a_change_that_all_leaves_share_is_no_segment():
    table = sales(dropped={}, share=0)
    lower = pa.array([0.8 * value for value in table["won"].to_pylist()])
    table = table.set_column(table.column_names.index("won"), "won", lower)
    answer = localise(table, dimensions=["region", "product", "channel"], actual="won", expected="target")

    assert answer.verdict == "nothing-stands-out"


def test_a_small_table_of_counts_is_no_finding():
    table = pa.table({"team": ["a", "b", "c", "d"], "won": [3, 5, 1, 4], "target": [4, 4, 4, 4]})

    answer = localise(table, dimensions=["team"], actual="won", expected="target")

    assert answer.verdict == "nothing-stands-out"


def rates(*, bad: float) -> pa.Table:
    """Win rates of six teams in five months, 200 deals each, one team changed."""
    rows = []
    for team in range(6):
        for month in range(5):
            rate = 0.3 + 0.02 * (month - 2) + 0.01 * (team - 3)
            now = bad if team == 4 else rate + ((3 * team + month) % 5 - 2) / 200
            rows.append(
                {
                    "team": f"t{team}",
                    "month": f"m{month}",
                    "won": round(200 * now),
                    "decided": 200,
                    "won_before": round(200 * rate),
                    "decided_before": 200,
                }
            )
    return pa.Table.from_pylist(rows)


RATE_COLUMNS = {
    "actual_numerator": "won",
    "actual_denominator": "decided",
    "expected_numerator": "won_before",
    "expected_denominator": "decided_before",
}


def test_a_rate_that_fell_in_one_team_is_named():
    answer = localise(rates(bad=0.15), dimensions=["team", "month"], **RATE_COLUMNS)

    assert [segment.where for segment in answer.segments] == [{"team": "t4"}]
    segment = answer.segments[0]
    assert segment.actual == pytest.approx(0.15)
    assert segment.expected == pytest.approx(0.31)
    # A sixth of the deals, the same share before and after: no mix effect.
    assert segment.contribution == pytest.approx((0.15 - 0.31) / 6)


def test_mix_and_rate_of_a_ratio_add_up():
    table = pa.table(
        {
            "team": ["a", "b"],
            "won": [30, 10],
            "decided": [100, 100],
            "won_before": [60, 5],
            "decided_before": [200, 50],
        }
    )

    answer = localise(table, dimensions=["team"], **RATE_COLUMNS)

    assert answer.gap == pytest.approx(40 / 200 - 65 / 250)
    assert sum(segment.contribution for segment in answer.segments) + answer.rest == pytest.approx(answer.gap)


def test_the_limit_is_kept():
    table = sales(dropped={"region": "South"}, share=0.5)

    answer = localise(
        table, dimensions=["region", "product", "channel"], actual="won", expected="target", limit=0
    )

    assert answer.segments == ()
    assert answer.rest == answer.gap
