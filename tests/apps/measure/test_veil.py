"""What is withheld cannot be worked out: a solver that knows every shown figure finds no small group."""

from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.apps.measure.queries.veil import COMPANY, withheld

FLOOR = 5
# a over a1 and a2; b and c beside it.
ABOVE = {"a": COMPANY, "b": COMPANY, "c": COMPANY, "a1": "a", "a2": "a"}


def counts(own: dict[str, int]) -> dict[str, int]:
    """Figures with those below, and of the company the people of no team as well."""
    held = dict(own)
    held["a"] = own["a"] + own["a1"] + own["a2"]
    held[COMPANY] = held["a"] + held["b"] + held["c"] + own[COMPANY]
    return held


def rest_of(whole: str, shown: dict[str, int]) -> int:
    """What anybody can subtract: a whole less the parts of it that are shown."""
    parts = [unit for unit, parent in ABOVE.items() if parent == whole]
    return shown[whole] - sum(shown.get(part, 0) for part in parts)


def test_nothing_is_withheld_where_every_group_is_large():
    held = counts({COMPANY: 0, "a": 0, "a1": 6, "a2": 7, "b": 8, "c": 9})
    assert withheld(held, above=ABOVE, floor=FLOOR) == set()


def test_the_one_hidden_team_does_not_follow_from_the_company():
    held = counts({COMPANY: 0, "a": 0, "a1": 6, "a2": 7, "b": 3, "c": 9})
    assert withheld(held, above=ABOVE, floor=FLOOR) == {"b", "c"}


def test_two_hidden_teams_that_are_enough_together_hide_nobody_else():
    held = counts({COMPANY: 0, "a": 0, "a1": 3, "a2": 4, "b": 8, "c": 9})
    assert withheld(held, above=ABOVE, floor=FLOOR) == {"a1", "a2"}


def test_a_whole_that_is_withheld_takes_its_parts_along():
    held = counts({COMPANY: 0, "a": 0, "a1": 6, "a2": 7, "b": 3, "c": 20})
    assert withheld(held, above=ABOVE, floor=FLOOR) == {"b", "a", "a1", "a2"}


@settings(deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys([COMPANY, *ABOVE], st.integers(0, 12))))
def test_no_small_group_is_left_by_subtraction(own: dict[str, int]):
    held = counts(own)
    hidden = withheld(held, above=ABOVE, floor=FLOOR)
    shown = {unit: n for unit, n in held.items() if unit not in hidden and n}
    assert all(n >= FLOOR for n in shown.values())
    for whole in {COMPANY, "a"} & set(shown):
        assert not 0 < rest_of(whole, shown) < FLOOR
