"""Take a table over into a draft: as locks, or where every cell is given as the whole plan."""

from decimal import Decimal

from steelyard.apps.accounts.models import User
from steelyard.apps.goals.actions.cascade_edits import Deed
from steelyard.apps.goals.actions.cascades import edit_plan, plan_of
from steelyard.apps.goals.models import Cascade
from steelyard.apps.goals.queries.cascade_filling import is_bound, root_of
from steelyard.apps.goals.queries.cascade_sheets import Sheet
from steelyard.apps.goals.queries.cascade_workbook import Sums, Table, is_whole, wrong_sums
from steelyard.errors import Refused


def take_table(
    actor: User, found: Cascade, table: Table, sheet: Sheet, *, based_on: int, declares: bool
) -> Cascade:
    """All of it or nothing; sums that do not hold are refused, or declared where that is asked for."""
    if table.errors:
        raise Refused("goals.sheet-has-errors")
    wrong = wrong_sums(table, sheet)
    if wrong and not declares:
        raise refusal_of(wrong[0])
    deeds = [Deed("lock", key, label, str(value)) for (key, label), value in table.cells.items()]
    if is_whole(table, sheet):
        deeds = [*_let_go(found, table), *deeds, *_declared(wrong, sheet)]
    return edit_plan(actor, found, deeds, based_on=based_on)


def refusal_of(wrong: Sums) -> Refused:
    if wrong.period is None:
        return Refused("goals.sheet-total", found=wrong.found, expected=wrong.expected)
    return Refused(
        "goals.sheet-team-sum",
        unit=wrong.unit,
        period=wrong.period,
        found=wrong.found,
        expected=wrong.expected,
    )


def _let_go(found: Cascade, table: Table) -> list[Deed]:
    """Locks that the table leaves no room for: those of totals, and of units above people.

    The months of a whole that was divided from above stay locked.
    """
    bound = {root_of(found.goal)} if is_bound(found.goal) else set()
    return [
        Deed("lock", lock.unit, lock.period, None)
        for lock in plan_of(found).locks
        if (lock.unit, lock.period) not in table.cells and lock.unit not in bound
    ]


def _declared(wrong: list[Sums], sheet: Sheet) -> list[Deed]:
    """Differences by month; that of the whole, which has no month, is said in the last one."""
    deeds = []
    for each in wrong:
        label = each.period or sheet.periods[-1]
        deeds.append(Deed("extra", each.unit, label, str(Decimal(each.found - each.expected))))
    return deeds
