"""The months of a goal whose number changes."""

from dataclasses import replace
from decimal import ROUND_FLOOR, Decimal

from steelyard.apps.goals.actions.said import GoalSaid, number
from steelyard.apps.goals.models import GoalVersion


def plan_moved(said: GoalSaid, *read: GoalVersion | None) -> GoalSaid:
    """Where only the number is new, the plan's periods keep their shares of it, exactly.

    `read` are the versions that what is said may have been made of.
    """
    rows, target = [list(row) for row in said.plan], number(said.target)
    kept = [each for each in read if each is not None and rows == [list(row) for row in each.plan]]
    if not rows or not kept or target is None or any(len(row) != 2 for row in rows):
        return said
    weights = [Decimal(row[1]) for row in rows]
    whole = sum(weights, Decimal(0))
    if whole == target or whole != kept[0].target:
        return said  # as it was, or a level that is kept and no sum
    parts = divided(target, weights if whole else [Decimal(1)] * len(weights))
    return replace(said, plan=[[row[0], str(part)] for row, part in zip(rows, parts, strict=True)])


def divided(total: Decimal, weights: list[Decimal]) -> list[Decimal]:
    """Parts in proportion, in the finest decimals in use; what is left goes to the largest remainders."""
    finest = min(int(each.as_tuple().exponent) for each in (total.normalize(), *weights))
    step = Decimal(1).scaleb(min(finest, 0))
    whole = sum(weights, Decimal(0))
    exact = [total * each / whole for each in weights]
    floors = [each.quantize(step, rounding=ROUND_FLOOR) for each in exact]
    left = int((total - sum(floors, Decimal(0))) / step)
    order = sorted(range(len(weights)), key=lambda at: (floors[at] - exact[at], at))
    return [part + (step if at in order[:left] else 0) for at, part in enumerate(floors)]
