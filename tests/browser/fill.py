"""Fills the browser tests' own data folder: run as a script, with STEELYARD_DATA set.

Public ids are chosen here so that `pages.py` can name them. Add a function to FILLERS for more.
"""

import datetime
import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steelyard.config.settings")

import django

django.setup()

from django.core.management import call_command  # noqa: E402  Django must be set up first

from steelyard.apps.access.policy import LOCAL_OPERATOR  # noqa: E402
from steelyard.apps.accounts.models import Role, User  # noqa: E402
from steelyard.apps.causes import actions as write  # noqa: E402
from steelyard.apps.causes.models import Cause, Countermeasure, LensRun, Why  # noqa: E402
from steelyard.apps.comments.actions import write_comment  # noqa: E402
from steelyard.apps.data.actions import accept_finding, set_mapping, take_in  # noqa: E402
from steelyard.apps.data.models import Import, NameAnswer, QualityFinding, Snapshot  # noqa: E402
from steelyard.apps.data.queries import newest_versions  # noqa: E402
from steelyard.apps.data.queries.quality import finding_seen_by  # noqa: E402
from steelyard.apps.diagnose.actions import start_diagnosis  # noqa: E402
from steelyard.apps.diagnose.models import Diagnosis  # noqa: E402
from steelyard.apps.goals.actions.cascade_applying import apply_cascade  # noqa: E402
from steelyard.apps.goals.actions.cascade_changes import start_change  # noqa: E402
from steelyard.apps.goals.actions.cascade_edits import Deed  # noqa: E402
from steelyard.apps.goals.actions.cascades import edit_plan, start_cascade  # noqa: E402
from steelyard.apps.goals.actions.checkins import check_in  # noqa: E402
from steelyard.apps.goals.actions.goals import (  # noqa: E402
    GoalSaid,
    Step,
    change_goal,
    close_goal,
    set_goal,
)
from steelyard.apps.goals.actions.themes import add_theme, retire_theme  # noqa: E402
from steelyard.apps.goals.models import Cascade, Goal, Theme  # noqa: E402
from steelyard.apps.goals.queries.cascade_filling import Choices  # noqa: E402
from steelyard.apps.jobs.actions import run_here  # noqa: E402
from steelyard.apps.jobs.models import Job  # noqa: E402
from steelyard.apps.measure.actions import save_definition  # noqa: E402
from steelyard.apps.measure.models import Evaluation  # noqa: E402
from steelyard.apps.measure.queries.units import COMPANY, Unit  # noqa: E402
from steelyard.apps.people.models import Alias, ManagerLink, Membership, Person, Team  # noqa: E402
from steelyard.apps.process.actions.calendars import save_calendar  # noqa: E402
from steelyard.apps.process.actions.flows import change_flow, declare_flow  # noqa: E402
from steelyard.apps.process.actions.scenarios import save_scenario, try_changes  # noqa: E402
from steelyard.apps.process.models import Flow, Scenario  # noqa: E402
from steelyard.apps.process.queries.calendars import default_document  # noqa: E402
from steelyard.apps.process.queries.findings import variants_of  # noqa: E402
from steelyard.apps.process.queries.seen import Asked, log_seen_by  # noqa: E402
from steelyard.engine.process.declared import MARKETING_FLOW, flow_of_variant  # noqa: E402
from steelyard.engine.process.whatif import merge, remove, staff  # noqa: E402
from steelyard.lake.imports.limits import Limits  # noqa: E402
from tests.apps.causes.reports import report as lens_report  # noqa: E402
from tests.apps.diagnose import made_up  # noqa: E402
from tests.apps.measure.declared import big_wins  # noqa: E402
from tests.apps.process import made_up as made_up_work  # noqa: E402
from tests.browser.pages import PASSWORD  # noqa: E402


def accounts() -> None:
    """One account for each role, `leader@example.com` and so on, and one that was only invited."""
    for role in Role.values:
        User.objects.create_user(
            f"{role}@example.com",
            password=PASSWORD,
            name=role.title(),
            roles=[role],
            public_id=f"user-{role}",
        )
    User.objects.create_user(
        "nobody.yet@example.com", name="欧阳明月 Ouyang Mingyue-Alexandria of the Long Name", roles=["member"]
    )


def organisation() -> None:
    sales = Team.objects.create(code="sales", name="Sales 销售中心", public_id="team-sales")
    east = Team.objects.create(
        code="east", name="East 华东", parent=sales, region="East", public_id="team-east"
    )
    Team.objects.create(code="west", name="West 华西", parent=sales, region="West", public_id="team-west")
    manager = User.objects.get(public_id="user-manager")
    member = User.objects.get(public_id="user-member")
    boss = Person.objects.create(code="p-001", name="Zhou Min 周敏", user=manager, public_id="person-zhou")
    lin = Person.objects.create(
        code="p-002",
        name="Lin Yue 林悦",
        email="lin.yue@example.com",
        joined_on=datetime.date(2021, 3, 1),
        user=member,
        public_id="person-lin",
    )
    for number in range(3, 70):
        Person.objects.create(code=f"p-{number:03}", name=f"Person {number} 某某")
    Alias.objects.create(text="林悦(华东)", person=lin)
    since = datetime.date(2021, 3, 1)
    moved = datetime.date(2023, 1, 1)
    Membership.objects.create(person=boss, team=sales, role="manager", valid_from=since)
    Membership.objects.create(person=lin, team=sales, role="member", valid_from=since, valid_to=moved)
    Membership.objects.create(person=lin, team=east, role="member", valid_from=moved)
    ManagerLink.objects.create(person=lin, manager=boss, kind="solid", valid_from=since)


def imports() -> None:
    """An import at each step, and jobs that run and that were refused, all of the analyst's."""
    analyst = User.objects.get(public_id="user-analyst")
    found = "Idea,Raised on,Person,状态\nI-1,03/04/2026,Lin Yue 林悦,new\nI-2,05/06/2026,Zhou Min 周敏,used\n"
    clear = "idea_id,raised_on,person\nI-1,2026-01-31,Lin Yue 林悦\nI-2,2026-02-30,Zhou Min 周敏\n"
    for public_id, text, kind in (
        ("import-found", found, ""),
        ("import-checked", clear, "data.check"),
        ("import-done", clear.replace("I-", "J-"), "data.publish"),
    ):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "ideas.csv"
            path.write_text(text, encoding="utf-8")
            taken = take_in(analyst, [(path.name, path)], limits=Limits.browser(), table="ideas")
        Import.objects.filter(pk=taken.pk).update(public_id=public_id)
        taken.refresh_from_db()
        set_mapping(analyst, taken, {**taken.mapping, "source": "idea box"})
        if kind:
            run_here(analyst, kind, {"public_id": public_id})
    refusal = {"code": "import.password-protected", "params": {"file": "deals.xlsx"}}
    Job.objects.create(
        kind="data.check", actor=analyst, public_id="job-refused", state="refused", refusal=refusal
    )
    Job.objects.create(
        kind="data.publish",
        actor=analyst,
        public_id="job-running",
        state="running",
        done=1,
        total=3,
        step="typing",
    )


ACTIVITIES = """activity_id,done_at,owner,kind,region
A-1,2026-03-02 09:00,王伟,call,East
A-2,2026-03-03 09:00,王伟,visit,South
A-3,2026-03-04 09:00,"Yue, Lin 林悦",call,East
A-4,2026-03-05 09:00,Round robin queue,call,West
"""
CAMPAIGNS = "campaign_id,name,channel,started_on\nC-1,Spring fair,fair,2026-03-01\n"
CAMPAIGN_DAYS = """campaign_id,day,spend,impressions,clicks
C-1,2026-03-01,100,1000,10
C-2,2026-03-02,900,1000,20
C-3,2026-03-03,50,10,20
"""


def doubtful() -> None:
    """Rows that the checks have something to say about, and two people of one name."""
    for code in ("p-012x", "p-044x"):
        Person.objects.create(code=code, name="王伟")
    analyst = User.objects.get(public_id="user-analyst")
    files = {"activities": ACTIVITIES, "campaigns": CAMPAIGNS, "campaign_days": CAMPAIGN_DAYS}
    for table, text in files.items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{table}.csv"
            path.write_text(text, encoding="utf-8")
            taken = take_in(analyst, [(path.name, path)], limits=Limits.browser(), table=table)
        set_mapping(analyst, taken, {**taken.mapping, "source": "CRM"})
        run_here(analyst, "data.publish", {"public_id": taken.public_id})


def checks() -> None:
    """What the checks found in the newest snapshot, one finding accepted as it is, one name answered."""
    run_here(LOCAL_OPERATOR, "data.quality", {})
    QualityFinding.objects.filter(rule="orphan").update(public_id="finding-orphan")
    analyst = User.objects.get(public_id="user-analyst")
    more = QualityFinding.objects.get(rule="more-than-whole")
    accept_finding(analyst, finding_seen_by(analyst, more.public_id), "The portal counts clicks of bots, too")
    NameAnswer.objects.create(source=more.source, text="round robin queue", actor=analyst)


def definitions() -> None:
    """A KPI of the site's own, in its second version."""
    analyst = User.objects.get(public_id="user-analyst")
    save_definition(analyst, big_wins(), based_on=0)
    more = big_wins(where={"outcome": "won", "amount": {"more": 99}})
    save_definition(analyst, more, based_on=1, reason="Deals of 100 and more, too. 100 以上也算。")


def figures() -> None:
    """A lake with a snapshot, the points of its KPIs, and diagnoses of what was planted in it."""
    folder = Path(os.environ["STEELYARD_DATA"])
    versions = newest_versions() | made_up.fill(folder) | made_up_work.fill_log(folder)
    snapshot = Snapshot.objects.create(cause=Snapshot.Cause.IMPORT, versions=versions, data_to=made_up.LAST)
    run_here(LOCAL_OPERATOR, "measure.points", {"snapshot": snapshot.pk})
    for public_id, asked in DIAGNOSES.items():
        made = start_diagnosis(User.objects.get(public_id="user-leader"), **asked)
        Diagnosis.objects.filter(pk=made.pk).update(public_id=public_id)


def talks() -> None:
    """A question about a diagnosis with an answer, and one that waits. 一问一答，另一问待回答。"""
    leader, analyst = (User.objects.get(public_id=f"user-{role}") for role in ("leader", "analyst"))
    place = {"kind": "diagnosis", "key": "diagnosis-target"}
    asked = write_comment(leader, **place, text="Does this count renewals? 续约算在内吗？", is_question=True)
    write_comment(analyst, **place, text="No: new contracts only.", answers=asked)
    write_comment(analyst, **place, text="Who set the target for East?", is_question=True)


WON = {"kpi": "won_revenue", "period": "2025-Q4"}
DIAGNOSES = {
    "diagnosis-target": WON | {"against": "target"},
    "diagnosis-year-ago": WON | {"against": "year-ago"},
    "diagnosis-earlier": WON | {"period": "2025-Q3", "against": "year-ago"},
    "diagnosis-rate": {"kpi": "win_rate", "period": "2025-Q4", "against": "previous"},
    "diagnosis-first": WON | {"period": "2022-Q1", "against": "year-ago"},
}


def months() -> None:
    """A month's scorecard, kept."""
    run_here(LOCAL_OPERATOR, "measure.keep", {"month": "2025-12"})
    Evaluation.objects.filter(unit_kind="company").update(public_id="evaluation-kept")


NOTE = {"source": "访谈 Interview, East team", "happened_on": datetime.date(2026, 1, 9), "lens": "process"}


def causes() -> None:
    """Lenses tested, causes at each status, evidence of every kind, whys with branches, countermeasures."""
    leader, manager = User.objects.get(public_id="user-leader"), User.objects.get(public_id="user-manager")
    diagnosis = Diagnosis.objects.get(public_id="diagnosis-year-ago")
    run = LensRun.objects.create(
        diagnosis=diagnosis, engine_version="0", fingerprint="made up", result=lens_report()
    )
    tested = write.add_tested_cause(
        leader, run, lens="skills", text="New people negotiate alone 新人独自谈判"
    )
    Cause.objects.filter(pk=tested.pk).update(public_id="cause-confirmed")
    waits = write.add_cause(
        leader, diagnosis, lens="process", text="每次折扣都要两人审批，报价平均晚四天发出"
    )
    Cause.objects.filter(pk=waits.pk).update(public_id="cause-hypothesis")
    no = write.add_cause(leader, diagnosis, lens="market", text="A competitor has lowered all of its prices")
    noted = {"text": "“We wait four days for the second signature.” 每次都要等第二个人签字。"}
    write.add_evidence(manager, diagnosis, kind="interview", **NOTE, **noted)
    write.add_evidence(
        leader, diagnosis, kind="retrospective", audience="leads", cause=waits, **NOTE, **noted
    )
    write.add_evidence(leader, diagnosis, kind="comment", cause=no, **NOTE, text="Prices did not move.")
    tested.refresh_from_db()
    write.decide(leader, tested, status="confirmed", reason="陪访时看到同样的情形。", based_on=tested.version)
    write.decide(leader, no, status="rejected", reason="The best held their rate.", based_on=no.version)
    root = write.add_why(leader, diagnosis, text="Fewer deals were won in East 华东赢单变少")
    late = write.add_why(
        manager, diagnosis, text="Offers went out four days later than elsewhere", parent=root
    )
    write.add_why(leader, diagnosis, text="每次折扣都要两人审批", parent=late, is_actionable=True)
    again = write.add_why(leader, diagnosis, text="Fewer deals were won in East", parent=late)
    Why.objects.filter(pk=again.pk).update(public_id="why-again")
    write.add_why(leader, diagnosis, text="林悦太懒，不跟进客户", parent=root)
    first = {"impact": 4, "effort": 2, "risk": 2}
    chosen = write.add_countermeasure(
        leader, tested, text="Pair every newcomer with a mentor 师徒结对", **first
    )
    Countermeasure.objects.filter(pk=chosen.pk).update(public_id="countermeasure-chosen")
    write.choose(leader, chosen)
    second = {"impact": 5, "effort": 4, "risk": 3, "note": "Legal must agree. 需法务同意。"}
    write.add_countermeasure(leader, waits, text="十个点以内的折扣由经理直接审批", **second)


def processes() -> None:
    """A working calendar in two versions, a flow that is kept, one that nothing fits, two what-ifs."""
    leader, analyst = User.objects.get(public_id="user-leader"), User.objects.get(public_id="user-analyst")
    save_calendar(analyst, default_document(), based_on=0)
    east = 'teams:\n  east:\n    hours: {mon-sat: ["10:00-19:00"]}\n    closed: [2025-05-06]\n'
    save_calendar(
        analyst, default_document() + east, based_on=1, reason="华东周六上班 East works on Saturdays"
    )
    seen = log_seen_by(leader, Asked())
    process, begin = seen.asked.process or "", datetime.date(2025, 3, 1)
    standard = flow_of_variant(variants_of(seen)[0], log=seen.log).as_json()
    first = declare_flow(leader, standard, process=process, kind="standard", valid_from=begin)
    limits = [{**step, "sla": "16"} for step in standard["steps"]]
    second = change_flow(
        leader, first, {**standard, "steps": limits}, based_on=1, valid_from=datetime.date(2025, 8, 1)
    )
    Flow.objects.filter(pk=second.pk).update(public_id="flow-contracts")
    template = MARKETING_FLOW.as_json()
    other = declare_flow(leader, template, process=process, kind="declared", valid_from=begin)
    Flow.objects.filter(pk=other.pk).update(public_id="flow-marketing")
    for name, changes in (
        ("one", [remove("legal approval")]),
        ("other", [merge(["quote", "discount approval"]), staff("legal approval", added=1)]),
    ):
        made = save_scenario(
            leader, try_changes(leader, seen, changes), name=f"Faster contracts 合同提速 {name}"
        )
        Scenario.objects.filter(pk=made.pk).update(public_id=f"scenario-{name}")


def progress() -> None:
    """Goals that run, with a forecast and check-ins; a round that is over; a number that nobody measures."""
    leader, member = User.objects.get(public_id="user-leader"), User.objects.get(public_id="user-member")
    running = {"starts": datetime.date(2025, 7, 1), "ends": datetime.date(2026, 7, 1)}
    over = {"starts": datetime.date(2025, 10, 1), "ends": datetime.date(2026, 1, 1)}
    won = {"kind": "reach", "kpi": "won_revenue", "unit": "money"}
    units = {"running": COMPANY, "part": Unit("team", "east", ""), "own": Unit("member", "p-002", "")}
    whole = GoalSaid("Win 7 million 赢单七百万", target=Decimal(7_000_000), **won, **running)
    made = {"running": set_goal(leader, units["running"], whole)}
    part = replace(whole, title="East wins half of it 华东承担一半", target=Decimal(3_500_000))
    made["part"] = set_goal(leader, units["part"], replace(part, parent=made["running"]))
    talks = GoalSaid("Talk to 20 customers 拜访二十位客户", "reach", unit="customers", target=Decimal(20))
    made["own"] = set_goal(leader, units["own"], replace(talks, **running))
    for code in ("east", "west"):
        task = GoalSaid("Q4 task 四季度任务", target=Decimal(900_000), **won, **over)
        set_goal(leader, Unit("team", code, ""), task)
    for name, goal in made.items():
        Goal.objects.filter(pk=goal.pk).update(public_id=f"goal-{name}")
    said = {"on": datetime.date(2025, 12, 30), "note": "Two offers are out, one of them late. 两个报价在外。"}
    check_in(leader, made["running"], confidence=2, **said)
    check_in(member, made["own"], confidence=4, value=Decimal(12), **said)
    run_here(LOCAL_OPERATOR, "goals.outlooks", {})


def goals() -> None:
    """Themes, a goal with everything that a card can show, one by steps, a proposal, one that is closed."""
    leader, member = User.objects.get(public_id="user-leader"), User.objects.get(public_id="user-member")
    south = add_theme(leader, title="Grow in the south 做大华南", measure="A third of revenue 收入三分之一")
    other = add_theme(leader, title="Keep who we won 留住老客户")
    Theme.objects.filter(pk=south.pk).update(public_id="theme-south")
    retire_theme(leader, add_theme(leader, title="Sell on paper 纸质销售"))
    days = {"starts": datetime.date(2025, 7, 1), "ends": datetime.date(2026, 7, 1)}
    follows = [
        {"at": "0.90", "kind": "pay", "amount": "6200"},
        {"at": "1.00", "kind": "pay", "amount": "9000"},
        {"at": "1.20", "kind": "pay", "amount": "13500"},
        {"at": "1.20", "kind": "growth", "text": "Lead the GTX accounts 负责 GTX 客户"},
    ]
    lin, east = Unit("member", "p-002", ""), Unit("team", "east", "")
    card = GoalSaid(
        "Win rate with GTX from 54% to 63% by 30 June 赢单率提升到 63%",
        "keep-above",
        kpi="win_rate",
        baseline=Decimal("0.54"),
        target=Decimal("0.63"),
        levels=[{"level": "floor", "value": "0.58"}, {"level": "stretch", "value": "0.66"}],
        why="Offers that go out late are lost. 报价晚发出的单子，大多丢了。",
        cause=Cause.objects.get(public_id="cause-confirmed"),
        consequences=follows,
        parent=Goal.objects.get(public_id="goal-part"),
        **days,
    )
    steps = [
        Step("Draft is read 初稿已读", datetime.date(2025, 9, 30)),
        Step("Published 已发布", datetime.date(2026, 6, 30)),
    ]
    guide = GoalSaid(
        "Publish the pricing guide 发布定价指南", "milestones", milestones=steps, theme=south, **days
    )
    made = {
        "card": set_goal(leader, lin, card),
        "steps": set_goal(leader, COMPANY, guide),
        "proposed": set_goal(
            member, lin, GoalSaid("Call within an hour 一小时内回电", "deliverable", **days)
        ),
        "closed": set_goal(
            leader, east, GoalSaid("Move to the new CRM 换用新系统", "deliverable", theme=other)
        ),
    }
    for name, goal in made.items():
        Goal.objects.filter(pk=goal.pk).update(public_id=f"goal-{name}")
        goal.refresh_from_db()
    more = replace(card, target=Decimal("0.62"))
    change_goal(leader, made["card"], more, reason="Two accounts moved 两个客户转走", based_on=1)
    close_goal(leader, made["closed"], note="Everybody works in it. 全员已用。")


def cascades() -> None:
    """A goal with a draft, one that is divided, and months of it that a manager changes."""
    leader, manager = User.objects.get(public_id="user-leader"), User.objects.get(public_id="user-manager")
    who = Choices(teams=("sales", "east", "west"), with_managers=True, potential="")
    year = {"starts": datetime.date(2026, 1, 1), "ends": datetime.date(2027, 1, 1)}
    for name, kpi, target in (("divided", "won_revenue", 2_400_000), ("applied", "opportunities_won", 240)):
        said = GoalSaid(f"2026 {kpi} 年度目标", "reach", kpi=kpi, target=Decimal(target), **year)
        goal = set_goal(leader, COMPANY, said)
        Goal.objects.filter(pk=goal.pk).update(public_id=f"goal-{name}")
        goal.refresh_from_db()
        draft = start_cascade(leader, goal, who)
        draft = edit_plan(leader, draft, [Deed("lock", "member:p-002", "2026-03", "70")], based_on=1)
        public_id = {"divided": "cascade-draft", "applied": "cascade-applied"}[name]
        Cascade.objects.filter(pk=draft.pk).update(public_id=public_id)
    draft = Cascade.objects.select_related("goal__current").get(pk=draft.pk)
    apply_cascade(leader, draft, based_on=2, title="2026 赢单数 Opportunities won")
    months = start_change(manager, Goal.objects.get(team__code="sales", current__kpi="opportunities_won"))
    Cascade.objects.filter(pk=months.pk).update(public_id="cascade-months")


FILLERS: list[Callable[[], None]] = [
    accounts,
    organisation,
    imports,
    doubtful,
    definitions,
    figures,
    causes,
    talks,
    months,
    processes,
    checks,
    progress,
    goals,
    cascades,
]


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    for fill in FILLERS:
        fill()
