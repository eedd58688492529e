"""Fills a data folder with the sample company as anybody would import it: run as a script.

It is half the size, holds only the tables that the lenses look at (or those that the command line names),
and has one cause planted in the manager's own team.
"""

import os
import sys
import tempfile
from collections.abc import Collection
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steelyard.config.settings")

import django

django.setup()

from django.core.management import call_command  # noqa: E402  Django must be set up first

from steelyard.apps.access.policy import LOCAL_OPERATOR  # noqa: E402
from steelyard.apps.accounts.models import Role, User  # noqa: E402
from steelyard.apps.data.actions import set_mapping, take_in  # noqa: E402
from steelyard.apps.jobs.actions import run_here  # noqa: E402
from steelyard.apps.people.models import Person  # noqa: E402
from steelyard.cli.imports import work_off  # noqa: E402
from steelyard.lake.imports.limits import Limits  # noqa: E402
from steelyard.sample import CAST, ORGANISATION, sources_of, write_company  # noqa: E402
from tests.browser.pages import PASSWORD  # noqa: E402

# In this company the wait lies before the legal approval of the manager's region, since April.
SEED, SCALE = 29, 0.5
PLANTED = ("approval-wait", "needless-approval")
# Somebody of the manager's own people.
WHO = CAST | {"member": "P035"}
TABLES = {
    *ORGANISATION,
    "accounts",
    "leads",
    "opportunities",
    "stage_changes",
    "activities",
    "work_events",
    "survey_scores",
    "skill_assessments",
    "headcount",
    "targets",
}


def import_company(folder: Path, *, tables: Collection[str]) -> None:
    write_company(folder, seed=SEED, scale=SCALE, kinds=PLANTED)
    for files, mapping in sources_of(folder).values():
        mapping["tables"] = {name: told for name, told in mapping["tables"].items() if name in tables}
        mapping["files"] = {name: mapping["files"][name] for name in mapping["tables"]}
        named = [(path.name, path) for path in files if path.stem in mapping["tables"]]
        if named:
            taken = take_in(LOCAL_OPERATOR, named, limits=Limits.command_line())
            set_mapping(LOCAL_OPERATOR, taken, mapping)
            run_here(LOCAL_OPERATOR, "data.publish", {"public_id": taken.public_id})
    work_off(quiet=True)


def accounts() -> None:
    """`leader@example.com`, `member@example.com` and so on, each the person of the company who is that."""
    for role in Role.values:
        person = Person.objects.filter(code=WHO.get(role, "")).first()
        name = person.name if person else str(Role(role).label)
        user = User.objects.create_user(f"{role}@example.com", password=PASSWORD, name=name, roles=[role])
        if person is not None:
            person.user = user
            person.save(update_fields=["user"])


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        import_company(Path(folder), tables=ORGANISATION + tuple(sys.argv[1:]) if sys.argv[1:] else TABLES)
    accounts()
    sys.stdout.write("filled\n")
