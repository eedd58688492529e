"""The months of a goal whose number changes."""

from dataclasses import replace
from decimal import ROUND_FLOOR, Decimal

from steelyard.apps.goals.actions.said import GoalSaid, number
from steelyard.apps.goals.models import GoalVersion


def plan_moved(said: GoalSaid, before: GoalVersion) -> GoalSaid:
    """Where only the number is new, the plan's periods keep their shares of it, exactly."""
    target, former = number(said.target), before.target
    rows = [list(row) for row in said.plan]
    is_kept = rows == [list(row) for row in before.plan] and all(len(row) == 2 for row in rows)
    if not rows or not is_kept or target is None or not former or target == former:
        return said
    whole = sum((Decimal(row[1]) for row in rows), Decimal(0))
    if whole != former:
        return said  # a level that is kept, not a sum that is divided
    parts = divided(target, [Decimal(row[1]) for row in rows])
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
