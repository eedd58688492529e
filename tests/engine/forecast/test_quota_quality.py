"""How often goals were reached, and whether a round of them was set well: hand-worked."""

import pytest

from steelyard.engine.forecast import quota_quality, usual_rate

# Wilson, 15 of 20: published.
FIFTEEN_OF_TWENTY = (0.531299, 0.888138)


def rows(attainments: list[float], chance: float | None = None) -> list[tuple]:
    return [(f"U{place:02}", 100.0, 100 * each, chance) for place, each in enumerate(attainments)]


def test_the_usual_rate_has_the_published_interval() -> None:
    rounds = [(100.0, 101.0)] * 14 + [(100.0, 100.0)] + [(100.0, 99.0)] * 5 + [(100.0, None)]
    found = usual_rate(rounds)
    assert (found.reached, found.of, found.rate) == (15, 20, 0.75)
    assert (found.low, found.high) == pytest.approx(FIFTEEN_OF_TWENTY, abs=1e-6)


def test_no_earlier_goal_says_nothing() -> None:
    found = usual_rate([])
    assert (found.rate, found.low, found.high) == (None, 0, 1)


def test_a_goal_to_stay_below_is_reached_from_above() -> None:
    assert usual_rate([(10, 9), (10, 10), (10, 11)], higher_is_better=False).reached == 2


def test_few_units_are_not_judged() -> None:
    found = quota_quality(rows([0.2] * 7))
    assert (found.n, found.is_too_few, found.verdicts) == (7, True, ("too-few",))
    assert found.share == 0


def test_a_sound_round_is_called_so() -> None:
    found = quota_quality(rows([0.8, 0.9, 0.95, 0.98, 1.0, 1.02, 1.05, 1.1, 1.15, 1.2]))
    assert (found.verdicts, found.reached, found.share) == (("sound",), 6, 0.6)
    assert found.median == pytest.approx(1.01)
    assert found.expected is None


def test_all_fail_is_too_hard_and_all_reach_too_easy() -> None:
    assert "too-hard" in quota_quality(rows([0.7] * 19 + [1.1])).verdicts
    assert "too-easy" in quota_quality(rows([1.1] * 40)).verdicts


def test_who_had_no_chance_is_named() -> None:
    given = [*rows([1.0] * 9, 0.6), ("Li", 900.0, 300.0, 0.02), ("Wu", 100.0, 180.0, 0.9)]
    found = quota_quality(given)
    assert [each.unit for each in found.set_up_to_fail] == ["Li"]
    assert [each.unit for each in found.windfalls] == ["Wu"]
    assert {"some-set-up-to-fail", "windfalls"} <= set(found.verdicts)
    assert found.expected == pytest.approx(9 * 0.6 + 0.92)


def test_chances_that_did_not_hold_are_told() -> None:
    assert "off-the-chances" in quota_quality(rows([0.9] * 20, 0.6)).verdicts
    assert "off-the-chances" not in quota_quality(rows([0.9] * 8 + [1.1] * 12, 0.6)).verdicts


def test_the_order_of_units_does_not_matter() -> None:
    given = rows([0.5, 1.2, 0.9, 1.1, 1.0, 0.7, 0.2, 3.0, 1.4], 0.5)
    assert quota_quality(given) == quota_quality(given[::-1])


def test_a_target_of_nothing_has_no_attainment() -> None:
    found = quota_quality([("A", 0.0, 5.0, None), *rows([1.0] * 8)])
    assert found.reached == 9
    assert found.median == 1
