"""How fast goals are divided, kept and looked at: 1,000 members, 12 months, 3 goals.

    .venv/bin/python benchmarks/goals.py [--members 1000] [--methods equal,fair]

Makes a site of its own in a folder that goes away: people, teams, four years of months of five KPIs. What
the job keeps after each import (the outlooks) is timed apart. Then, for each method, three goals of the
company are allocated, checked and saved (aim: 5 s); five are, and the alignment tree of some 5,000 goals is
opened (aim: 300 ms at the server); and the progress of 3,000 goals is asked for.
"""

import argparse
import datetime
import math
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

FOLDER = tempfile.mkdtemp(prefix="steelyard-goals-")
os.environ["STEELYARD_DATA"] = FOLDER
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steelyard.config.settings")

import django  # noqa: E402  its settings had to be named first

django.setup()

from django.core.management import call_command  # noqa: E402  needs the apps loaded
from django.test import Client  # noqa: E402  needs the apps loaded

from steelyard.apps.access.policy import LOCAL_OPERATOR  # noqa: E402  needs the apps loaded
from steelyard.apps.accounts.models import User  # noqa: E402  needs the apps loaded
from steelyard.apps.data.models import Snapshot  # noqa: E402  needs the apps loaded
from steelyard.apps.goals.actions.cascade_applying import apply_cascade, undo_cascade  # noqa: E402  …
from steelyard.apps.goals.actions.cascades import choose_method, start_cascade  # noqa: E402  …
from steelyard.apps.goals.actions.goals import GoalSaid, set_goal  # noqa: E402  needs the apps loaded
from steelyard.apps.goals.models import Cascade, Goal  # noqa: E402  needs the apps loaded
from steelyard.apps.goals.queries.progress import progress_of  # noqa: E402  needs the apps loaded
from steelyard.apps.goals.queries.seen import goals_seen_by  # noqa: E402  needs the apps loaded
from steelyard.apps.jobs.actions import run_here  # noqa: E402  needs the apps loaded
from steelyard.apps.measure.actions.points import insert  # noqa: E402  needs the apps loaded
from steelyard.apps.measure.models import PointSet  # noqa: E402  needs the apps loaded
from steelyard.apps.measure.queries.units import COMPANY  # noqa: E402  needs the apps loaded
from steelyard.apps.people.models import Membership, Person, Team  # noqa: E402  needs the apps loaded
from steelyard.engine.cascade import METHODS  # noqa: E402  needs the apps loaded
from steelyard.web.once import one_request  # noqa: E402  needs the apps loaded

# What a person has in hand tells the potential.
PIPELINE = "open_pipeline"
KPIS = ("won_revenue", "leads", "collected", "contract_value", "opportunities_won")
MONTHS, FIRST_YEAR, LAST = 48, 2022, datetime.date(2025, 12, 31)
YEAR = (datetime.date(2026, 1, 1), datetime.date(2027, 1, 1))
IN_A_TEAM, IN_A_REGION = 20, 10
SAVE_AIM, TREE_AIM = 5.0, 0.300


def main() -> None:
    asked = arguments()
    try:
        call_command("migrate", verbosity=0)
        leader = people(asked.members)
        points(asked.members)
        goals = [year_goal(leader, kpi) for kpi in KPIS]
        with timed("outlooks kept by the job after an import"):
            told = run_here(LOCAL_OPERATOR, "goals.outlooks", {}).result
        print(f"  {told}")
        for method in asked.methods.split(","):
            cascades = [begun(leader, goal) for goal in goals[:3]]
            worked, seconds = saved(leader, cascades, method)
            print(f"{method:10} 3 goals allocated, checked and saved: {seconds:.2f} s, ", end="")
            print(f"of the processor {worked:.2f} s (aim {SAVE_AIM:g} s)", flush=True)
            if method != asked.methods.split(",")[-1]:
                for cascade in Cascade.objects.filter(state="applied").order_by("-pk"):
                    undo_cascade(leader, cascade)
        saved(leader, [begun(leader, goal) for goal in goals[3:]], "history")
        look(leader)
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=1000)
    parser.add_argument("--methods", default=",".join(METHODS))
    return parser.parse_args()


@contextmanager
def timed(what: str) -> Iterator[None]:
    worked, begun_at = time.process_time(), time.perf_counter()
    yield
    told = f"{time.perf_counter() - begun_at:.2f} s, of the processor {time.process_time() - worked:.2f} s"
    print(f"{what}: {told}", flush=True)


def people(count: int) -> User:
    """Teams of twenty under regions of ten teams."""
    leader = User.objects.create_user("leader@example.com", password=None, name="Leader", roles=["leader"])
    teams = math.ceil(count / IN_A_TEAM)
    regions = [
        Team.objects.create(code=f"R{number}", name=f"Region {number}")
        for number in range(math.ceil(teams / IN_A_REGION))
    ]
    made = [
        Team.objects.create(code=f"T{number}", name=f"Team {number}", parent=regions[number // IN_A_REGION])
        for number in range(teams)
    ]
    since = datetime.date(2020, 1, 1)
    Person.objects.bulk_create(Person(code=f"P{n:04}", name=f"Person {n}") for n in range(count))
    Membership.objects.bulk_create(
        Membership(person=person, team=made[n // IN_A_TEAM], role="member", valid_from=since)
        for n, person in enumerate(Person.objects.order_by("code"))
    )
    return leader


def points(count: int) -> None:
    """Months of everybody with a season, summed to teams, regions and the company."""
    snapshot = Snapshot.objects.create(cause="import", versions={}, data_to=LAST)
    made = PointSet.objects.create(
        snapshot=snapshot, first=datetime.date(FIRST_YEAR, 1, 1), last=LAST, currency="CNY", is_whole=True
    )
    chance = random.Random(7)
    for kpi in (*KPIS, PIPELINE):
        sums: dict[tuple[str, str], list[float]] = {}
        for number in range(count):
            team = number // IN_A_TEAM
            own = months(chance)
            above = (("team", f"T{team}"), ("team", f"R{team // IN_A_REGION}"), ("company", ""))
            sums["member", f"P{number:04}"] = own
            for unit in above:
                held = sums.setdefault(unit, [0.0] * MONTHS)
                sums[unit] = [a + b for a, b in zip(held, own, strict=True)]
        insert([row for unit, values in sums.items() for row in rows(made.pk, kpi, unit, values)])


def months(chance: random.Random) -> list[float]:
    level = chance.uniform(50_000, 150_000)
    return [
        round(level * (1 + 0.3 * math.sin(2 * math.pi * place / 12)) * chance.uniform(0.7, 1.3), 2)
        for place in range(MONTHS)
    ]


def rows(points: int, kpi: str, unit: tuple[str, str], values: list[float]) -> Iterator[tuple[Any, ...]]:
    kind, code = unit
    for place, value in enumerate(values):
        day = datetime.date(FIRST_YEAR + place // 12, place % 12 + 1, 1)
        period = f"{day:%Y-%m}"
        yield (points, kind, code, "month", kpi, 1, period, day.isoformat(), value, None, value, 3, None, "")


def year_goal(leader: User, kpi: str) -> Goal:
    """A tenth above the last year."""
    point_set = PointSet.objects.get()
    last = point_set.points.filter(kpi=kpi, unit_kind="company", starts__year=LAST.year)
    target = Decimal(str(round(sum(last.values_list("value", flat=True)) * 1.1, 2)))
    starts, ends = YEAR
    unit = "count" if kpi in ("leads", "opportunities_won") else "money"
    said = GoalSaid(
        title=f"The year's {kpi}",
        kind="reach",
        kpi=kpi,
        unit=unit,
        target=target,
        starts=starts,
        ends=ends,
        why="To pay for what comes next.",
    )
    return set_goal(leader, COMPANY, said)


def begun(leader: User, goal: Goal) -> Cascade:
    """The draft, with every method side by side: not part of the time, nobody waits for all of them."""
    goal.refresh_from_db()
    return start_cascade(leader, goal)


def saved(leader: User, cascades: list[Cascade], method: str) -> tuple[float, float]:
    """Processor seconds, and seconds by the clock."""
    worked, begun_at = time.process_time(), time.perf_counter()
    for cascade in cascades:
        with one_request():
            draft = choose_method(leader, cascade, method, based_on=cascade.version)
            apply_cascade(leader, draft, based_on=draft.version, title="The year", reason="Year plan")
    return time.process_time() - worked, time.perf_counter() - begun_at


def look(leader: User) -> None:
    client = Client(headers={"host": "localhost"})
    client.force_login(leader, backend="allauth.account.auth_backends.AuthenticationBackend")
    print(f"goals that hold: {Goal.objects.filter(state='active').count()}")
    for path in ("/aim/tree/", "/aim/"):
        times = [answered(client, path) for _turn in range(6)]
        print(
            f"{path}: first {times[0] * 1000:.0f} ms, then {statistics.median(times[1:]) * 1000:.0f} ms",
            end="",
        )
        print(f" (aim {TREE_AIM * 1000:.0f} ms)" if "tree" in path else "")
    goals = list(goals_seen_by(leader).filter(state="active")[:3000])
    for is_brief in (True, False):
        with one_request(), timed(f"progress of {len(goals)} goals{', brief' if is_brief else ''}"):
            progress_of(leader, goals, is_brief=is_brief)


def answered(client: Client, path: str) -> float:
    begun_at = time.perf_counter()
    answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code}")
    return time.perf_counter() - begun_at


if __name__ == "__main__":
    main()
