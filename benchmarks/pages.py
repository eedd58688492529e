"""How fast pages answer at the server: the median of twenty warm requests on the sample company.

    steelyard --data DIR demo --no-serve
    STEELYARD_DATA=DIR .venv/bin/python benchmarks/pages.py

Each page is asked for as each role that may open it, through Django's own client: middleware, view and
template, no network. What is slower than the aim is marked.
"""

import os
import statistics
import time
from collections.abc import Iterator

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steelyard.config.settings")

import django

django.setup()

from django.test import Client  # noqa: E402  needs the apps loaded

from steelyard.apps.accounts.models import User  # noqa: E402  needs the apps loaded
from steelyard.apps.data.models import Import, Source  # noqa: E402  needs the apps loaded
from steelyard.apps.diagnose.actions import start_diagnosis  # noqa: E402  needs the apps loaded
from steelyard.apps.people.models import Person  # noqa: E402  needs the apps loaded

AIM = 150
REQUESTS = 20
ROLES = ("leader", "manager", "member", "analyst", "administrator")


def main() -> None:
    leader = next(account("leader"))
    diagnosis = start_diagnosis(leader, kpi="won_revenue", period="2025-Q4", against="year-ago")
    for period in ("2025-Q2", "2025-Q3"):
        started = time.perf_counter()
        start_diagnosis(leader, kpi="won_revenue", period=period, against="year-ago")
    print(f"a new diagnosis in a warm process: {(time.perf_counter() - started) * 1000:.0f} ms")
    worst = 0.0
    for path in pages(diagnosis.public_id):
        for role in ROLES:
            for user in account(role):
                worst = max(worst, measured(user, role, path))
    print(f"slowest median: {worst:.0f} ms (aim {AIM})")


def pages(diagnosis: str) -> list[str]:
    person, source, taken = Person.objects.first(), Source.objects.first(), Import.objects.first()
    assert person is not None
    assert source is not None
    assert taken is not None
    return [
        "/",
        "/measure/",
        "/measure/won_revenue/",
        "/measure/collection_rate/",
        "/measure/won_revenue/cut/?by=product&period=2025-Q4",
        "/measure/won_revenue/records/?period=2025-Q4",
        "/measure/teams/",
        "/measure/wall/",
        "/measure/months/",
        "/measure/readiness/",
        "/measure/catalogue/",
        "/measure/catalogue/win_rate/",
        "/measure/targets/",
        "/data/quality/",
        "/diagnose/",
        "/diagnose/new?kpi=won_revenue&period=2025-Q4",
        f"/diagnose/{diagnosis}/",
        "/data/",
        "/data/import/",
        f"/data/import/{taken.public_id}/result/",
        "/data/sources/",
        "/people/",
        f"/people/{person.public_id}/",
        "/people/teams/",
        "/settings/",
        "/kit/",
    ]


def account(role: str) -> Iterator[User]:
    yield from (user for user in User.objects.order_by("pk") if user.roles == [role])


def measured(user: User, role: str, path: str) -> float:
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    status = client.get(path, follow=True).status_code
    if status != 200:
        return 0.0
    taken = []
    for _ in range(REQUESTS):
        started = time.perf_counter()
        client.get(path, follow=True)
        taken.append((time.perf_counter() - started) * 1000)
    median = statistics.median(taken)
    mark = "  slower than the aim" if median > AIM else ""
    print(f"{median:7.1f} ms  {role:14} {path}{mark}")
    return median


if __name__ == "__main__":
    main()
