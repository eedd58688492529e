"""Goals of the sample company, set as anybody would: by its leader, a manager and a member."""

import datetime
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from steelyard.apps.accounts.models import User
    from steelyard.apps.causes.models import Cause
    from steelyard.apps.goals.models import Goal, Theme

YEAR = (datetime.date(2026, 1, 1), datetime.date(2027, 1, 1))
# Half of it lies in the data, half ahead.
RUNNING = (datetime.date(2025, 7, 1), datetime.date(2026, 7, 1))
QUARTER = (datetime.date(2025, 10, 1), datetime.date(2026, 1, 1))
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Cast:
    leader: "User"
    manager: "User"
    member: "User"


def set_goals(period: str) -> None:
    """Themes, the year's goal divided down to people, a round that is over, goals that run, check-ins."""
    from steelyard.apps.goals.models import Goal

    if Goal.objects.exists():
        return
    cast = Cast(*(account(role) for role in ("leader", "manager", "member")))
    grow, faster = themes(cast)
    cause = cause_of_delay(cast, period)
    past_round(cast)
    year = year_goal(cast, grow)
    running_goals(cast, faster, cause, above=year)
    cascade(cast, year)
    what_follows(cast)
    proposal(cast)


def account(role: str) -> "User":
    from steelyard.apps.accounts.models import User
    from steelyard.sample import CAST

    return User.objects.get(person__code=CAST[role])


def themes(cast: Cast) -> tuple["Theme", "Theme"]:
    from steelyard.apps.goals.actions.themes import add_theme

    grow = add_theme(
        cast.leader,
        title="Grow where we already win 在优势区域做深做透",
        measure="Won revenue, win rate 赢单金额、赢单率",
        note="Four regions, one way of selling. 四个大区，一套打法。",
    )
    faster = add_theme(
        cast.leader,
        title="Be quick and reliable 又快又稳",
        measure="Speed to lead, collection rate 首次响应时长、回款率",
        note="Customers leave where they wait. 客户等不起。",
    )
    return grow, faster


def cause_of_delay(cast: Cast, period: str) -> "Cause":
    """The chain begins with a diagnosis: what was found is what the goals answer."""
    from steelyard.apps.causes.actions import add_cause
    from steelyard.apps.diagnose.actions import start_diagnosis

    found = start_diagnosis(cast.leader, kpi="win_rate", period=period, against="year-ago")
    text = "East loses Beam One deals to slow offers 华东的 Beam One 报价慢，订单流失"
    return add_cause(cast.leader, found, lens="process", text=text)


def past_round(cast: Cast) -> None:
    """The last quarter's tasks of people and teams, as the scorecard had them: to look back on."""
    from steelyard.apps.goals.actions.versions import Row, add_versions
    from steelyard.apps.measure.models import KpiPoint, UnitKind
    from steelyard.apps.measure.queries.points import newest_points
    from steelyard.apps.measure.queries.units import Unit

    given = KpiPoint.objects.filter(
        point_set=newest_points(), kpi="won_revenue", period="2025-Q4", target__isnull=False, n__gt=0
    ).exclude(unit_kind=UnitKind.COMPANY)
    rows = []
    for kind, code, target in given.order_by("unit").values_list("unit_kind", "unit", "target"):
        amount = Decimal(str(target)).quantize(Decimal("0.01"))
        said = revenue("Q4 task 四季度任务", amount, QUARTER)
        rows.append(Row(said=said, unit=Unit(kind, code)))
    add_versions(cast.leader, rows, reason="The year's plan 年度计划")


def year_goal(cast: Cast, theme: "Theme") -> "Goal":
    from steelyard.apps.goals.actions.goals import set_goal
    from steelyard.apps.measure.queries.units import COMPANY

    said = revenue("Win ¥62 m in 2026 全年赢单 6200 万", Decimal(62_000_000), YEAR)
    levels = [{"level": "floor", "value": "58000000.00"}, {"level": "stretch", "value": "66000000.00"}]
    why = (
        "2025 came to ¥57.4 m, below the year before. Winning one deal in five again, in the regions "
        "where we are known, pays for the new product line.\n"
        "2025 年赢单 5743 万，低于上年。把赢单率重新做到五单赢一单，新产品线的投入才有着落。"
    )
    return set_goal(cast.leader, COMPANY, replace(said, theme=theme, levels=levels, why=why))


def revenue(title: str, target: Decimal, days: tuple[datetime.date, datetime.date]) -> Any:
    from steelyard.apps.goals.actions.goals import GoalSaid

    starts, ends = days
    return GoalSaid(
        title=title, kind="reach", kpi="won_revenue", unit="money", target=target, starts=starts, ends=ends
    )


def running_goals(cast: Cast, theme: "Theme", cause: "Cause", *, above: "Goal") -> None:
    """Half of their days are in the data: pace, signals and forecasts show from the first look."""
    from steelyard.apps.goals.actions.checkins import check_in
    from steelyard.apps.goals.actions.goals import GoalSaid, Step, set_goal
    from steelyard.apps.measure.queries.units import COMPANY, Unit

    starts, ends = RUNNING
    days: dict[str, Any] = {"starts": starts, "ends": ends}
    east, north = Unit("team", "EAST"), Unit("team", "NORTH")
    win = GoalSaid(
        title="East wins one deal in five again 华东赢单率回到 20%",
        kind="keep-above",
        kpi="win_rate",
        unit="percent",
        baseline=Decimal("0.16"),
        target=Decimal("0.20"),
        parent=above,
        cause=cause,
        why="Since July East wins one in seven. 七月以来华东七单才赢一单。",
        **days,
    )
    respond = GoalSaid(
        title="Answer every lead within a working day 线索一个工作日内响应",
        kind="keep-below",
        kpi="speed_to_lead",
        unit="hours",
        target=Decimal(8),
        theme=theme,
        why="Who answers first wins more often. 先响应的一方更容易赢单。",
        **days,
    )
    margin = GoalSaid(
        title="Keep a gross margin of 37 percent 毛利率守住 37%",
        kind="keep-above",
        kpi="gross_margin",
        unit="percent",
        target=Decimal("0.37"),
        parent=above,
        why="Revenue bought by discounts pays for nothing. 靠折扣换来的收入养不起投入。",
        **days,
    )
    sell = revenue(
        "North sells ¥26 m in twelve months 华北十二个月赢单 2600 万", Decimal(26_000_000), RUNNING
    )
    today = datetime.date.today()  # noqa: DTZ011  days of the person who looks at it
    signature = GoalSaid(
        title="One signature for discounts up to ten percent 十个点以内的折扣只签一次",
        kind="milestones",
        starts=today - 90 * DAY,
        ends=today + 60 * DAY,
        theme=theme,
        cause=cause,
        why="Two signatures cost four days an offer. 两道审批让每份报价晚四天。",
        milestones=(
            Step("Limits agreed with finance 与财务商定额度", today - 60 * DAY),
            Step("East tries it for a month 华东试行一个月", today - 20 * DAY),
            Step("All regions 全部大区推行", today + 45 * DAY),
        ),
    )
    made = {
        "win": set_goal(cast.leader, east, win),
        "respond": set_goal(cast.leader, COMPANY, respond),
        "margin": set_goal(cast.leader, COMPANY, margin),
        "sell": set_goal(cast.leader, north, replace(sell, why="The order book is full. 在手订单充足。")),
        "signature": set_goal(cast.leader, COMPANY, signature),
    }
    done_steps(cast, made["signature"], today=today)
    last = ends - 183 * DAY
    note = "Two joiners now negotiate with a mentor. 两位新人已有师傅带着谈判。"
    check_in(cast.leader, made["win"], on=last, confidence=2, note=note)
    note = "Three large offers are out, two of them late. 三个大报价在外，其中两个偏晚。"
    check_in(cast.manager, made["sell"], on=last, confidence=3, note=note)


def done_steps(cast: Cast, goal: "Goal", *, today: datetime.date) -> None:
    from steelyard.apps.goals.actions.checkins import tick
    from steelyard.apps.goals.models import Milestone

    for place, step in enumerate(Milestone.objects.filter(goal=goal).order_by("position")[:2]):
        tick(cast.leader, step, today - (58 - 40 * place) * DAY)


def cascade(cast: Cast, goal: "Goal") -> None:
    """Divided so that everybody has about the same chance, and applied."""
    from steelyard.apps.goals.actions.cascade_applying import apply_cascade
    from steelyard.apps.goals.actions.cascades import choose_method, start_cascade

    draft = start_cascade(cast.leader, goal)
    draft = choose_method(cast.leader, draft, "fair", based_on=draft.version)
    title = "Won revenue 2026 全年赢单"
    apply_cascade(cast.leader, draft, based_on=draft.version, title=title, reason="Year plan 年度计划")


def what_follows(cast: Cast) -> None:
    """The member's card says why, and what reaching it brings."""
    from steelyard.apps.goals.actions.goals import change_goal, said_of
    from steelyard.apps.goals.models import Goal

    own = Goal.objects.filter(
        person__user=cast.member, state="active", current__starts=YEAR[0], current__kpi="won_revenue"
    ).select_related("current")
    for goal in own:
        said = replace(
            said_of(goal.current),  # type: ignore[arg-type]
            why="You open the new line in East. 新产品线由你在华东打开局面。",
            consequences=[
                {"at": "0.90", "kind": "pay", "text": "", "amount": "36000.00"},
                {"at": "1.00", "kind": "pay", "text": "", "amount": "48000.00"},
                {"at": "1.00", "kind": "growth", "text": "Key accounts 负责大客户", "amount": None},
                {"at": "1.20", "kind": "pay", "text": "", "amount": "72000.00"},
            ],
        )
        change_goal(cast.leader, goal, said, reason="What follows was agreed 已谈妥回报", based_on=1)


def proposal(cast: Cast) -> None:
    """A member's own: it waits for who leads the team."""
    from steelyard.apps.goals.actions.goals import GoalSaid, set_goal
    from steelyard.apps.measure.queries.units import Unit
    from steelyard.sample import CAST

    said = GoalSaid(
        title="Win one Beam One deal in four 我的赢单率做到 25%",
        kind="keep-above",
        kpi="win_rate",
        unit="percent",
        target=Decimal("0.25"),
        starts=YEAR[0],
        ends=YEAR[1],
        why="I have the most Beam One offers in East. 华东的 Beam One 报价我最多。",
    )
    set_goal(cast.member, Unit("member", CAST["member"]), said)
