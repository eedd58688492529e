"""What runs jobs: the kinds that apps declare, and one task of the queue that works on any of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django_tasks import task

from steelyard.apps.jobs import actions

Expiry = Literal["retry", "end"]


@dataclass(frozen=True)
class Kind:
    """A kind of job: what it does, who may do it, and what becomes of it when its worker dies."""

    name: str
    run: Callable[..., dict[str, Any]]
    may: str
    expired: Expiry


KINDS: dict[str, Kind] = {}


def job(name: str, *, may: str, expired: Expiry) -> Callable[[Callable[..., dict[str, Any]]], Callable]:
    """Declare a kind of job: `run(handle, **args) -> result`; rights (`may`) are checked again at start."""

    def declare(run: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
        KINDS[name] = Kind(name, run, may, expired)
        return run

    return declare


@task()
def work(job_id: int) -> None:
    actions.run(job_id)
