"""`steelyard demo`: the sample company, its diagnosis, and the product to look at."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from steelyard.cli.house import open_house
from steelyard.cli.output import print_table
from steelyard.cli.serve import serve as serve_product

if TYPE_CHECKING:
    from steelyard.apps.jobs.actions import Actor

DIAGNOSED = "won_revenue"


def demo(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PORT", help="The port to listen on.")] = 8000,
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", envvar="DEMO_SERVE", help="Serve the product afterwards.")
    ] = True,
    seed: Annotated[int, typer.Option(help="Which company: the same seed, the same company.")] = 7,
) -> None:
    """Fill an empty data folder with the sample company, print its diagnosis, and serve the product."""
    actor = open_house()
    from django.conf import settings

    from steelyard.apps.data.queries import newest_snapshot
    from steelyard.cli.diagnose import print_diagnosis

    folder: Path = settings.STEELYARD_DATA
    if newest_snapshot() is None:
        fill(actor, folder / "sample", seed=seed)
    accounts = demo_accounts(folder)
    keep_hours()
    aim(sample_truth(folder)["period"])
    print_diagnosis(actor, DIAGNOSED, period=sample_truth(folder)["period"], against="year-ago")
    print_table("Demo accounts", ["role", "e-mail", "password"], accounts)
    if serve:
        print(f"Steelyard is at http://{host}:{port} · Ctrl-C stops it; the data stay in {folder}")
        serve_product(host=host, port=port, with_worker=True)


def fill(actor: "Actor", sample: Path, *, seed: int) -> None:
    """Write the company's files, and import them as anybody would: by source, each undoable."""
    from steelyard.apps.data import actions
    from steelyard.cli.imports import run, work_off
    from steelyard.lake.imports.limits import Limits
    from steelyard.sample import sources_of, write_company

    write_company(sample, seed=seed)
    for source, (files, mapping) in sources_of(sample).items():
        print(f"Importing {source}: {', '.join(path.name for path in files)}")
        named = [(path.name, path) for path in files]
        taken = actions.take_in(actor, named, limits=Limits.command_line())
        actions.set_mapping(actor, taken, mapping)
        run(actor, taken, kind="data.publish")
    work_off()


def sample_truth(folder: Path) -> dict[str, Any]:
    """What was planted, and where it should be seen."""
    return dict(json.loads((folder / "sample" / "truth.json").read_text(encoding="utf-8")))


def demo_accounts(folder: Path) -> list[tuple[str, str, str]]:
    """An account for each role, made once; the passwords lie in the data folder, for its owner alone."""
    path = folder / "demo-accounts.json"
    if not path.exists():
        rows = json.dumps(make_accounts(), ensure_ascii=False, indent=1)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(rows)
    return [tuple(row) for row in json.loads(path.read_text(encoding="utf-8"))]


def keep_hours() -> None:
    """The sample company works the usual hours: without a calendar, nights would count as work."""
    from steelyard.apps.accounts.models import Role, User
    from steelyard.apps.process.actions.calendars import save_calendar
    from steelyard.apps.process.queries.calendars import calendar_versions, default_document

    keeper = next(user for user in User.objects.order_by("pk") if user.has_role(Role.ANALYST))
    if not calendar_versions():
        save_calendar(keeper, default_document(), based_on=0)


def aim(period: str) -> None:
    """The room of goals is lived in: goals set, divided and checked in by the sample's own people."""
    from steelyard.cli.demo_goals import set_goals
    from steelyard.cli.imports import work_off

    set_goals(period)
    work_off()


def make_accounts() -> list[tuple[str, str, str]]:
    from django.db import transaction

    from steelyard.apps.accounts.models import User
    from steelyard.apps.people.models import Person
    from steelyard.cli.users import new_account
    from steelyard.sample import CAST

    rows = []
    with transaction.atomic():
        for role in ("leader", "manager", "member", "analyst", "administrator"):
            person = Person.objects.filter(code=CAST.get(role, "")).first()
            email = person.email if person and person.email else f"{role}@example.com"
            password = new_account(email, person.name if person else role.title(), [role])
            if person is not None:
                person.user = User.objects.get(email=email)
                person.save(update_fields=["user"])
            rows.append((role, email, password))
    return rows
