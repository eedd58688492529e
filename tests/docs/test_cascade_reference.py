"""The examples of the plan's reference can be cascaded, and every key is told."""

import re
from pathlib import Path

from steelyard.engine.cascade import METHODS, Plan, cascade
from steelyard.engine.cascade.document import KEYS
from steelyard.engine.cascade.units import UNIT_KEYS

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "cascade.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)


def test_the_example_of_a_year_means_what_it_says():
    plan = Plan.load(EXAMPLES[0])
    found = cascade(plan)
    assert found.is_exact
    assert (plan.method, plan.total, plan.step) == ("history", 12_000_000, 1000)
    assert found.of("ann", "2026-02") == 123_456
    assert found.of("SOUTH", "2026-12") == 500_000
    assert found.of("NORTH") >= 5_000_000
    assert found.of("cy") <= 4_000_000
    assert abs(found.of("ann") + found.of("bo") - found.of("NORTH") * 105 / 100) < 1
    assert [found.of("bo", f"2026-0{month}") for month in (1, 2)] == [0, 0]
    assert all(found.of("di", f"2026-{month}") == 0 for month in (10, 11, 12))
    assert [line.params["units"] for line in found.warnings if line.code == "cascade.median-of-peers"] == [
        ("di",)
    ]


def test_the_example_of_a_ratio_means_what_it_says():
    plan = Plan.load(EXAMPLES[1])
    found = cascade(plan)
    assert found.is_exact
    assert {found.of("company", period) for period in (*plan.periods, None)} == {plan.total}
    assert found.parts("company") == (3000, 12000)
    assert found.of("Bo") >= plan.unit["Bo"].floor


def test_every_key_and_method_is_told():
    told = set(re.findall(r"`([a-z_]+)[:`]", PAGE))
    assert {*KEYS.values(), *UNIT_KEYS.values(), *METHODS} <= told
