"""A job is done once, stops when asked, and survives the worker that held it."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from steelyard.apps.access.policy import LOCAL_OPERATOR
from steelyard.apps.jobs import actions, tasks
from steelyard.apps.jobs.models import Job
from steelyard.errors import Refused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> dict[str, tasks.Kind]:
    known: dict[str, tasks.Kind] = {}
    monkeypatch.setattr(tasks, "KINDS", known)
    return known


def declare(run: Any, *, may: str = "data.import", expired: tasks.Expiry = "retry") -> None:
    tasks.job("test.work", may=may, expired=expired)(run)


def test_a_job_is_worked_on_once():
    calls = []
    declare(lambda handle, word: calls.append(word) or {"said": word})
    job = actions.enqueue(LOCAL_OPERATOR, "test.work", {"word": "hello"})
    first, second = actions.run(job.pk), actions.run(job.pk)
    assert first is not None
    assert first.state == Job.State.DONE
    assert first.result == {"said": "hello"}
    assert second is None
    assert calls == ["hello"]


def test_the_same_key_is_the_same_job():
    declare(lambda handle: {})
    first = actions.enqueue(LOCAL_OPERATOR, "test.work", {}, key="once")
    second = actions.enqueue(LOCAL_OPERATOR, "test.work", {}, key="once")
    assert first.pk == second.pk


def test_a_refusal_is_kept_with_its_place():
    def refuse(handle: actions.JobHandle) -> dict[str, Any]:
        raise Refused("import.unreadable-file", file="a.csv", line=3)

    declare(refuse)
    job = actions.run(actions.enqueue(LOCAL_OPERATOR, "test.work", {}).pk)
    assert job is not None
    assert job.state == Job.State.REFUSED
    assert job.refusal == {"code": "import.unreadable-file", "params": {"file": "a.csv", "line": 3}}


def test_a_fault_is_not_swallowed():
    declare(lambda handle: {"share": 1 / 0})
    job = actions.run(actions.enqueue(LOCAL_OPERATOR, "test.work", {}).pk)
    assert job is not None
    assert job.state == Job.State.FAILED
    with pytest.raises(ZeroDivisionError):
        actions.run_here(LOCAL_OPERATOR, "test.work", {})


def test_a_queued_job_is_cancelled_at_once():
    declare(lambda handle: {})
    job = actions.enqueue(LOCAL_OPERATOR, "test.work", {})
    actions.cancel(LOCAL_OPERATOR, job)
    assert actions.run(job.pk) is None
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED


def test_a_running_job_stops_at_its_next_step(settings: Any):
    settings.JOB_RENEW_SECONDS = 0.02

    def count(handle: actions.JobHandle) -> dict[str, Any]:
        Job.objects.filter(pk=handle.job.pk).update(cancel_asked=True)
        for step in range(100_000):
            handle.progress(step, 100_000)
        return {"reached": "the end"}

    declare(count)
    job = actions.run(actions.enqueue(LOCAL_OPERATOR, "test.work", {}).pk)
    assert job is not None
    assert job.state == Job.State.CANCELLED


@pytest.mark.parametrize(("rule", "state"), [("retry", Job.State.QUEUED), ("end", Job.State.FAILED)])
def test_an_expired_lease_follows_the_jobs_own_rule(rule: tasks.Expiry, state: str):
    declare(lambda handle: {}, expired=rule)
    job = actions.enqueue(LOCAL_OPERATOR, "test.work", {})
    long_ago = timezone.now() - timedelta(minutes=5)
    Job.objects.filter(pk=job.pk).update(state="running", lease_token="dead", lease_until=long_ago, attempt=1)
    assert actions.take_up_expired() == 1
    job.refresh_from_db()
    assert job.state == state


def test_a_job_that_kills_every_worker_is_ended():
    declare(lambda handle: {})
    job = actions.enqueue(LOCAL_OPERATOR, "test.work", {})
    long_ago = timezone.now() - timedelta(minutes=5)
    Job.objects.filter(pk=job.pk).update(state="running", lease_until=long_ago, attempt=actions.ATTEMPTS)
    actions.take_up_expired()
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert job.refusal["code"] == "job.worker-lost"


def test_who_lost_the_lease_writes_nothing_more():
    def lose(handle: actions.JobHandle) -> dict[str, Any]:
        Job.objects.filter(pk=handle.job.pk).update(lease_token="another")
        handle.progress(1, 2)
        return {}

    declare(lose)
    job = actions.run(actions.enqueue(LOCAL_OPERATOR, "test.work", {}).pk)
    assert job is not None
    assert job.state == Job.State.RUNNING
    assert job.lease_token == "another"


def test_a_renewal_that_fails_is_tried_again(settings: Any, monkeypatch: pytest.MonkeyPatch):
    settings.JOB_RENEW_SECONDS = 0.02
    renew, tried = actions.JobHandle.renew, []

    def fail_once(handle: actions.JobHandle) -> None:
        tried.append(handle)
        if len(tried) == 1:
            raise OperationalError("database is locked")
        renew(handle)

    def wait(handle: actions.JobHandle) -> dict[str, Any]:
        until = time.monotonic() + 10
        while len(tried) < 3 and time.monotonic() < until:
            time.sleep(0.01)
        return {"tried": len(tried)}

    monkeypatch.setattr(actions.JobHandle, "renew", fail_once)
    declare(wait)
    job = actions.run(actions.enqueue(LOCAL_OPERATOR, "test.work", {}).pk)
    assert job is not None
    assert job.state == Job.State.DONE
    assert job.result is not None
    assert job.result["tried"] >= 3


def test_a_running_job_keeps_its_lease(settings: Any):
    settings.JOB_RENEW_SECONDS = 0.02

    def wait(handle: actions.JobHandle) -> dict[str, Any]:
        past = timezone.now() - timedelta(seconds=1)
        Job.objects.filter(pk=handle.job.pk).update(lease_until=past)
        handle.renew()
        return {"expired": actions.take_up_expired()}

    declare(wait)
    job = actions.run(actions.enqueue(LOCAL_OPERATOR, "test.work", {}).pk)
    assert job is not None
    assert job.result == {"expired": 0}


def test_rights_are_asked_again_at_start(member: Any, analyst: Any):
    declare(lambda handle: {})
    with pytest.raises(Refused, match=r"access\.denied"):
        actions.enqueue(member, "test.work", {})
    job = actions.enqueue(analyst, "test.work", {})
    analyst.roles = ["member"]
    analyst.save(update_fields=["roles"])
    job = actions.run(job.pk)
    assert job is not None
    assert job.state == Job.State.REFUSED
