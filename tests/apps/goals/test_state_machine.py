"""Any order of deeds by anybody: sums stay exact, weights 100, nothing hangs loose, rights follow.

Hypothesis draws the deeds: set, propose, approve, reject, withdraw, change, move, divide by a cascade with
locks, change a month of it, divide its rest anew, undo it, close, reopen, weigh. After each the whole
database is held against what must always be so; a deed that is refused must have changed nothing.
"""

import datetime
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from django.db import connection, transaction
from django.db.models import F
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from steelyard.apps.access.models import AuditEntry
from steelyard.apps.goals.actions import goals as actions
from steelyard.apps.goals.actions.cascade_applying import apply_cascade, undo_cascade
from steelyard.apps.goals.actions.cascade_changes import change_cells, start_change
from steelyard.apps.goals.actions.cascade_edits import Deed
from steelyard.apps.goals.actions.cascade_rest import recascade
from steelyard.apps.goals.actions.cascades import choose_method, edit_plan, plan_of, start_cascade
from steelyard.apps.goals.actions.plans import divided
from steelyard.apps.goals.actions.weights import set_weights
from steelyard.apps.goals.models import Cascade, Goal, GoalVersion, WeightSet
from steelyard.apps.goals.queries.cascade_filling import Choices, root_of
from steelyard.apps.goals.queries.cascade_sheets import sheet_of
from steelyard.apps.goals.queries.cascade_standing import goals_below
from steelyard.apps.goals.queries.seen import goal_seen_by
from steelyard.apps.goals.queries.tree import alignment_tree
from steelyard.apps.goals.queries.weights import weights_of
from steelyard.apps.measure.queries.units import COMPANY
from steelyard.apps.people.models import Membership, Person
from steelyard.errors import Refused
from tests.apps.goals.made import LONG_AGO, member, said, team

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.slow]
DAYS = (datetime.date(2027, 1, 1), datetime.date(2027, 4, 1))
STRETCH = {"starts": DAYS[0], "ends": DAYS[1]}
UNITS = ("company", "sales", "east", "west", "marketing", "p0", "h1", "p1", "p2", "p3")
# Whose goals each account sets, and whose it may only propose; written down apart from the product's rules.
SETS = {
    "leader": set(UNITS),
    "boss": {"east", "west", "h1", "p1", "p2"},
    "head": {"p1", "p2"},
    "lin": set(),
    "stranger": set(),
    "analyst": set(),
}
PROPOSES = {
    "leader": set(),
    "boss": {"sales", "p0"},
    "head": {"east", "h1"},
    "lin": {"p1"},
    "stranger": {"p3"},
    "analyst": set(),
}
ACTORS = st.sampled_from(["leader"] * 4 + ["boss"] * 2 + ["head", "lin", "stranger", "analyst"])
MAKERS = st.sampled_from(["leader", "boss", "boss", "head", "head", "lin", "lin", "stranger"])
AMOUNTS = st.integers(0, 90_000_000).map(lambda cents: Decimal(cents) / 100)
CENT = Decimal("0.01")
KPIS = st.sampled_from(["won_revenue", "won_revenue", ""])


class Goals(RuleBasedStateMachine):
    accounts: ClassVar[dict[str, Any]] = {}
    units: ClassVar[dict[str, Any]] = {}

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.frozen: dict[int, Any] = {}
        self.loose: set[int] = set()  # goals whose parts were taken out of a cascade
        # By goal: its parts when it was last divided, and what they carry more as declared: a share, amounts.
        self.divided: dict[int, Any] = {}
        self.divided_before: dict[int, Any] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    # Deeds

    @initialize(amount=AMOUNTS, is_divided=st.booleans())
    def begin(self, amount, is_divided):
        leader = self.accounts["leader"]
        goal = actions.set_goal(leader, COMPANY, said("The year", target=amount, **STRETCH))
        if is_divided:
            draft = start_cascade(leader, goal)
            self.applied(apply_cascade(leader, draft, based_on=draft.version, title="A part"))

    @rule(by=MAKERS, amount=AMOUNTS, kpi=KPIS, is_theirs=st.booleans(), data=st.data())
    def make(self, by, amount, kpi, is_theirs, data):
        units = sorted(SETS[by] | PROPOSES[by]) if is_theirs else UNITS
        unit = data.draw(st.sampled_from(units), label="unit")
        parent = data.draw(st.sampled_from([None, *self.goals("active")]), label="parent")
        told = said(f"{unit} by {by}", target=amount, kpi=kpi, unit="money", parent=parent, **STRETCH)

        def deed():
            return actions.set_goal(self.accounts[by], self.units[unit], told)

        if unit not in SETS[by] | PROPOSES[by]:
            self.refused(deed, "access.denied")
        elif made := self.tried(deed, "access.denied" if by != "leader" else ""):
            assert made.state == ("active" if unit in SETS[by] else "proposed")

    @rule(by=ACTORS, verb=st.sampled_from(["approve", "approve", "reject", "withdraw"]), data=st.data())
    def decide(self, by, verb, data):
        waiting = list(GoalVersion.objects.filter(state="proposed").order_by("pk").select_related("goal"))
        if not waiting:
            return
        version = data.draw(st.sampled_from(waiting), label="version")
        actor, author = self.accounts[by], version.author
        deed = {
            "approve": lambda: actions.approve(actor, version),
            "reject": lambda: actions.reject(actor, version, "Otherwise"),
            "withdraw": lambda: actions.withdraw_proposal(actor, version),
        }[verb]
        may = author == actor if verb == "withdraw" else self.unit_of(version.goal) in SETS[by]
        if verb != "withdraw" and author == actor and by != "leader":
            may = False
        if not may:
            self.refused(deed, "access.denied")
        else:
            self.tried(deed, "goals.parent-not-open", "goals.circle", "goals.superseded")

    @rule(by=ACTORS, amount=AMOUNTS, leaves=st.booleans(), words_only=st.booleans(), data=st.data())
    def change(self, by, amount, leaves, words_only, data):
        goal = self.some(data, "active", "proposed")
        if goal is None:
            return
        newest = goal.versions.order_by("-number")[0]
        told = replace(actions.said_of(newest), title=f"Changed by {by}")
        told = told if words_only else replace(told, target=amount)
        was_divided = bool(goal.current and goal.current.cascade_id)

        def deed():
            return actions.change_goal(
                self.accounts[by],
                goal,
                told,
                reason="So it is",
                based_on=newest.number,
                leaves_cascade=leaves,
            )

        if self.unit_of(goal) not in SETS[by] | PROPOSES[by]:
            self.refused(deed, "access.denied")
        elif made := self.tried(
            deed, "goals.in-cascade", "goals.parent-not-open", "goals.circle", "access.denied"
        ):
            assert (made.state == "approved") == (self.unit_of(goal) in SETS[by])
            if was_divided and made.cascade_id is None:
                self.loose |= {goal.pk, goal.current.parent_id, made.parent_id}
        stale = replace(told, title="Too late")
        self.refused(
            lambda: actions.change_goal(
                self.accounts["leader"], goal, stale, reason="Late", based_on=newest.number - 1
            ),
            "goals.overtaken",
        )

    @rule(data=st.data(), leaves=st.booleans())
    def move(self, data, leaves):
        goal = self.some(data, "active")
        if goal is None:
            return
        parent = data.draw(st.sampled_from([None, *self.goals("active", "closed")]), label="parent")
        told = replace(actions.said_of(goal.current), parent=parent)
        number = goal.versions.order_by("-number")[0].number
        was = goal.current
        made = self.tried(
            lambda: actions.change_goal(
                self.accounts["leader"], goal, told, reason="Moved", based_on=number, leaves_cascade=leaves
            ),
            "goals.circle",
            "goals.parent-not-open",
            "goals.in-cascade",
        )
        if made and was.cascade_id and made.cascade_id is None:
            self.loose |= {goal.pk, was.parent_id, made.parent_id}

    @rule(by=ACTORS, data=st.data())
    def close(self, by, data):
        goal = self.some(data, "active")
        if goal is None:
            return
        open_parts = Goal.objects.filter(state="active", current__parent=goal).exists()
        outcome = {"actual": str(goal.current.target)}

        def deed():
            return actions.close_goal(self.accounts[by], goal, outcome=outcome)

        if self.unit_of(goal) not in SETS[by]:
            self.refused(deed, "access.denied")
        elif open_parts:
            self.refused(deed, "goals.open-parts")
        else:
            self.frozen[goal.pk] = deed().outcome

    @rule(by=ACTORS, data=st.data())
    def reopen(self, by, data):
        goal = self.some(data, "closed")
        if goal is None:
            return

        def deed():
            return actions.reopen_goal(self.accounts[by], goal, "Something came late")

        if self.unit_of(goal) not in SETS[by]:
            self.refused(deed, "access.denied")
        elif self.tried(deed, "goals.parent-not-open"):
            former = self.frozen.pop(goal.pk)
            told = AuditEntry.objects.filter(action="goals.reopen", object_id=goal.public_id)
            assert told.order_by("-pk")[0].detail["outcome"] == former

    @rule(
        by=ACTORS,
        unit=st.sampled_from(UNITS),
        parts=st.lists(st.integers(1, 9), min_size=30),
        off=st.booleans(),
    )
    def weigh(self, by, unit, parts, off):
        owner = self.units[unit]
        goals = [goal for goal in self.goals("active") if self.unit_of(goal) == unit]
        weights = divided(Decimal("100.00"), [Decimal(part) for part in parts[: len(goals)]]) if goals else []
        chosen = dict(zip(goals, weights, strict=True))

        def deed():
            return set_weights(self.accounts[by], owner, chosen, **STRETCH)

        if unit not in SETS[by]:
            self.refused(deed, "access.denied")
        elif not goals:
            self.refused(deed, "goals.nothing-to-weigh")
        elif off:
            chosen[goals[0]] -= Decimal("0.01")
            self.refused(deed, "goals.weights-not-whole")
        else:
            deed()
            assert weights_of(self.accounts["leader"], owner, **STRETCH).is_complete

    @rule(by=st.sampled_from(["leader", "boss", "lin"]), data=st.data(), over=st.sampled_from(["0", "0.05"]))
    def split(self, by, data, over):
        goal = self.some(data, "active", kinds=("company", "team"))
        if goal is None:
            return
        actor, unit = self.accounts[by], self.unit_of(goal)
        if unit not in SETS[by] and (by, unit) != ("boss", "sales"):
            self.refused(lambda: start_cascade(actor, goal), "access.denied")
            return

        def deed():
            draft = start_cascade(actor, goal, Choices())
            draft = choose_method(
                actor, draft, data.draw(st.sampled_from(["equal", "capacity"])), based_on=draft.version
            )
            deeds = [Deed("over", sheet_of(draft).root.key, None, over)]
            if data.draw(st.booleans(), label="lock"):
                someone = data.draw(st.sampled_from([line.key for line in sheet_of(draft).people]))
                deeds.append(Deed("lock", someone, "2027-02", str(data.draw(AMOUNTS, label="locked"))))
            draft = edit_plan(actor, draft, deeds, based_on=draft.version)
            return apply_cascade(actor, draft, based_on=draft.version, title="A part", reason="The year")

        if made := self.tried(deed):
            held = Goal.objects.filter(current__cascade=made)
            self.loose -= set(held.values_list("pk", flat=True)) | {goal.pk}
            self.applied(made)

    @rule(data=st.data(), way=st.sampled_from(["siblings", "months", "parent"]), value=AMOUNTS)
    def change_a_month(self, data, way, value):
        goal = self.some_divided(data)
        if goal is None:
            return
        actor = self.accounts["leader"]

        def deed():
            draft = start_change(actor, goal)
            someone = data.draw(st.sampled_from([line.key for line in sheet_of(draft).people]))
            told = [Deed("lock", someone, "2027-03", str(value))]
            draft = change_cells(actor, draft, told, give_way=way, based_on=draft.version)
            return apply_cascade(actor, draft, based_on=draft.version, title="A part", reason="A month")

        if made := self.tried(deed):
            self.applied(made)

    @rule(data=st.data(), first=st.sampled_from(["2027-02", "2027-03"]), total=st.none() | AMOUNTS)
    def divide_the_rest(self, data, first, total):
        """Months before the first open one stay as they were set, for everybody who had some."""
        goal = self.some_divided(data)
        if goal is None:
            return
        actor, before = self.accounts["leader"], self.months_before(first)

        def deed():
            draft = recascade(actor, goal, from_period=first, total=total)
            return apply_cascade(actor, draft, based_on=draft.version, title="A part", reason="The rest")

        if made := self.tried(deed):
            after = self.months_before(first)
            for key in GoalVersion.objects.filter(cascade=made).values_list("goal_id", flat=True):
                assert key not in before or after[key] == before[key]
            former = dict(self.divided)
            self.applied(made)
            self.keep_closed(former, before)

    @precondition(lambda self: Cascade.objects.filter(state="applied").exists())
    @rule(by=st.sampled_from(["leader", "stranger"]), data=st.data())
    def undo(self, by, data):
        applied = list(Cascade.objects.filter(state="applied").order_by("pk"))
        found = data.draw(st.sampled_from(applied), label="cascade")
        if by == "stranger":
            self.refused(lambda: undo_cascade(self.accounts[by], found), "access.denied")
            return
        if self.tried(lambda: undo_cascade(self.accounts[by], found)):
            self.divided |= self.divided_before[found.pk]
            if found != applied[-1]:  # what was declared since was declared on top of it
                self.loose |= set(self.divided_before[found.pk])

    # What must always be so

    @invariant()
    def versions_are_numbered_without_gaps(self):
        numbers = defaultdict(list)
        for goal, number in GoalVersion.objects.order_by("number").values_list("goal_id", "number"):
            numbers[goal].append(number)
        assert all(held == list(range(1, len(held) + 1)) for held in numbers.values())
        assert set(numbers) == set(Goal.objects.values_list("pk", flat=True))

    @invariant()
    def one_version_holds(self):
        for goal in Goal.objects.select_related("current").prefetch_related("versions"):
            approved = [each for each in goal.versions.all() if each.state == "approved"]
            if goal.state in ("active", "closed"):
                assert goal.current == max(approved, key=lambda each: each.number)
            else:
                assert goal.current is None
                assert approved == []

    @invariant()
    def everything_hangs_on_what_holds(self):
        parents = dict(Goal.objects.filter(state="active").values_list("pk", "current__parent"))
        assert all(parent is None or parent in parents for parent in parents.values())
        drawn = [
            each.pk
            for line in alignment_tree(self.accounts["leader"])
            for top in line.branches
            for each in top.walk()
        ]
        assert sorted(drawn) == sorted(parents), "in a circle nothing would hang below the top"

    @invariant()
    def sums_are_exact(self):
        held = {each.goal_id: each for each in GoalVersion.objects.filter(goal__current=F("pk"))}
        for version in held.values():
            assert version.cascade_id is None or whole_of(version) == version.target
        for goal, (parts, over, more) in self.divided.items():
            if goal in self.loose or not parts:
                continue
            assert {held[part].parent_id for part in parts} == {goal}
            for at, (month, amount) in enumerate(held[goal].plan):
                given = sum(Decimal(held[part].plan[at][1]) for part in parts)
                wanted = Decimal(amount) * (1 + over) + more.get(month, 0)
                assert abs(given - wanted) < CENT
                assert over or given == wanted

    @invariant()
    def weights_are_a_hundred(self):
        for stated in WeightSet.objects.all():
            assert sum(Decimal(each) for each in stated.weights.values()) == 100

    @invariant()
    def what_was_closed_stays(self):
        for pk, outcome in self.frozen.items():
            goal = Goal.objects.get(pk=pk)
            assert (goal.state, goal.outcome) == ("closed", outcome)

    @invariant()
    def a_stranger_knows_of_none(self):
        for goal in self.goals("active", "proposed", "closed", "withdrawn"):
            if self.unit_of(goal) not in ("company", "marketing", "p3"):
                with pytest.raises(Refused):
                    goal_seen_by(self.accounts["stranger"], goal.public_id)

    # How they are said

    def applied(self, made):
        """Keep what hangs below each goal of the cascade, and what is declared of it."""
        plan, held = plan_of(made), {root_of(made.goal): made.goal, **goals_below(made.goal)}
        parents = {goal.pk: Goal.objects.get(pk=goal.pk).current.parent_id for goal in held.values()}
        found = {
            goal.pk: (
                {part for part, above in parents.items() if above == goal.pk},
                plan.over.get(key, Decimal(0)),
                plan.extra.get(key, {}),
            )
            for key, goal in held.items()
        }
        self.divided_before[made.pk] = {pk: self.divided.get(pk, (set(), 0, {})) for pk in found}
        self.divided |= found

    def months_before(self, first):
        """What holds of the months before one: goal → month → amount."""
        held = GoalVersion.objects.filter(goal__current=F("pk")).values_list("goal_id", "plan")
        return {goal: {row[0]: Decimal(row[1]) for row in plan if row[0] < first} for goal, plan in held}

    def keep_closed(self, former, before):
        """Over-assignment counts for open months; what closed ones carry more than their parent stays."""
        for goal, (parts, over, more) in self.divided.items():
            if former.get(goal) == (parts, over, more):
                continue
            if goal not in former or former[goal][0] != parts:
                self.loose.add(goal)
                continue
            carried = {
                month: sum(before[part].get(month, Decimal(0)) for part in parts) - amount * (1 + over)
                for month, amount in before[goal].items()
            }
            self.divided[goal] = (parts, over, {**more, **carried})

    def some_divided(self, data):
        found = Goal.objects.filter(state="active", cascades__state="applied", person=None).distinct()
        return data.draw(st.sampled_from(list(found.order_by("pk"))), label="goal") if found else None

    def goals(self, *states):
        return list(
            Goal.objects.filter(state__in=states).select_related("current", "team", "person").order_by("pk")
        )

    def some(self, data, *states, kinds=("company", "team", "member")):
        found = [goal for goal in self.goals(*states) if goal.owner_kind in kinds]
        return data.draw(st.sampled_from(found), label="goal") if found else None

    def unit_of(self, goal):
        return goal.team.code if goal.team else goal.person.code if goal.person else "company"

    def refused(self, deed, *codes):
        """Refused so, with nothing changed."""
        before = self.everything()
        with pytest.raises(Refused) as refused, transaction.atomic():
            deed()
        assert refused.value.code in codes, refused.value
        assert self.everything() == before

    def tried(self, deed, *codes):
        """Done, or refused with nothing changed; with codes given, for one of these."""
        before = self.everything()
        refused = None
        try:
            with transaction.atomic():
                return deed()
        except Refused as found:
            refused = found
        assert not codes or refused.code in codes, refused
        assert self.everything() == before
        return None

    def everything(self):
        goals, versions = Goal.objects.order_by("pk"), GoalVersion.objects.order_by("pk")
        return (
            list(goals.values()),
            list(
                versions.values("pk", "state", "title", "target", "plan", "parent", "cascade", "decided_by")
            ),
            list(Cascade.objects.order_by("pk").values("pk", "state", "version")),
            WeightSet.objects.count(),
            AuditEntry.objects.count(),
        )


def whole_of(version: GoalVersion) -> Decimal:
    return sum((Decimal(row[1]) for row in version.plan), Decimal(0))


def test_any_order_of_deeds(leader, analyst, organisation, make_user):
    head = make_user("manager", name="Head")
    person = Person.objects.create(code="h1", name="Head", user=head)
    Membership.objects.create(person=person, team=organisation.east, role="manager", valid_from=LONG_AGO)
    Goals.accounts = {
        "leader": leader,
        "boss": organisation.manager,
        "head": head,
        "lin": organisation.member,
        "stranger": organisation.stranger,
        "analyst": analyst,
    }
    Goals.units = {
        "company": COMPANY,
        "sales": team(organisation.sales),
        "east": team(organisation.east),
        "west": team(organisation.west),
        "marketing": team(organisation.marketing),
        "p0": member(organisation.manager_person),
        "h1": member(person),
        "p1": member(organisation.person),
        "p2": member(organisation.mate_person),
        "p3": member(organisation.stranger_person),
    }
    run_state_machine_as_test(
        Goals,
        settings=settings(
            max_examples=25 if connection.vendor == "sqlite" else 12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
