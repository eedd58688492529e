"""Writes on jobs: ask for one, run it under a lease, cancel it, take up what a dead worker left."""

import secrets
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from steelyard.apps.access.policy import LOCAL_OPERATOR, LocalOperator, authorize
from steelyard.apps.accounts.models import User
from steelyard.apps.jobs.errors import Cancelled, LeaseLost
from steelyard.apps.jobs.models import Job
from steelyard.errors import Refused

Actor = User | LocalOperator
Watch = Callable[[int, int, str], None]
log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=30)
RENEW_EVERY = 10.0
ATTEMPTS = 3


class JobHandle:
    """What a running job holds: it reports progress and learns that it should stop."""

    def __init__(self, job: Job, *, watch: Watch | None = None) -> None:
        self.job = job
        self.watch = watch
        self.actor: Actor = job.actor or LOCAL_OPERATOR
        self._stop: BaseException | None = None

    def progress(self, done: int, total: int, step: str = "") -> None:
        """Say how far the work is; raises `Cancelled` or `LeaseLost` when it should not go on."""
        self._write(done=done, total=total, step=step)
        if self.watch is not None:
            self.watch(done, total, step)
        self.raise_if_stopped()

    def raise_if_stopped(self) -> None:
        if self._stop is not None:
            raise self._stop

    def is_stopped(self) -> bool:
        """For loops in other threads or processes, which ask rather than catch."""
        return self._stop is not None

    def renew(self, *, now: datetime | None = None) -> None:
        self._write(lease_until=(now or timezone.now()) + LEASE)
        if Job.objects.filter(pk=self.job.pk, cancel_asked=True).exists():
            self._stop = Cancelled()

    def _write(self, **fields: Any) -> None:
        mine = Job.objects.filter(pk=self.job.pk, lease_token=self.job.lease_token, state=Job.State.RUNNING)
        if not mine.update(**fields):
            self._stop = LeaseLost()


def account_of(actor: Actor) -> User | None:
    """The account behind an actor; the local operator has none."""
    return actor if isinstance(actor, User) else None


def enqueue(actor: Actor, kind: str, args: dict[str, Any], *, key: str | None = None) -> Job:
    """Ask for a job; the same idempotency key answers with the job that was asked for before."""
    from steelyard.apps.jobs.tasks import KINDS, work

    authorize(actor, KINDS[kind].may)
    with transaction.atomic():
        if key and (known := Job.objects.select_for_update().filter(idempotency_key=key).first()):
            return known
        job = Job.objects.create(kind=kind, actor=account_of(actor), args=args, idempotency_key=key)
        transaction.on_commit(partial(work.enqueue, job.pk))
    return job


def run_here(actor: Actor, kind: str, args: dict[str, Any], *, watch: Watch | None = None) -> Job:
    """Run a job in this process (the command line does); a refusal or a fault is raised."""
    from steelyard.apps.jobs.tasks import KINDS

    authorize(actor, KINDS[kind].may)
    job = Job.objects.create(kind=kind, actor=account_of(actor), args=args)
    return run(job.pk, raising=True, watch=watch) or job


def run_queued(*, watch: Watch | None = None) -> None:
    """Work off what is queued, where no worker may be running; the queue's own entries find it done."""
    seen: set[int] = set()
    # A job may ask for the next one.
    while waiting := [pk for pk in _queued() if pk not in seen]:
        for pk in waiting:
            seen.add(pk)
            run(pk, raising=True, watch=watch)


def _queued() -> list[int]:
    queued = Job.objects.filter(state=Job.State.QUEUED).order_by("pk")
    return list(queued.values_list("pk", flat=True))


def cancel(actor: Actor, job: Job) -> None:
    """Ask a job to stop: at once when nobody works on it yet, else at its next step."""
    authorize(actor, "jobs.cancel", job)
    Job.objects.filter(pk=job.pk, state__in=Job.OPEN).update(cancel_asked=True)
    Job.objects.filter(pk=job.pk, state=Job.State.QUEUED).update(
        state=Job.State.CANCELLED, finished_at=timezone.now()
    )


def run(job_id: int, *, raising: bool = False, watch: Watch | None = None) -> Job | None:
    """Work on a job if it is to be had; None when it is done, cancelled or somebody else's."""
    job = _take(job_id)
    if job is None:
        return None
    handle = JobHandle(job, watch=watch)
    try:
        with _renewing(handle):
            result = _perform(handle)
    except Cancelled:
        _finish(job, state=Job.State.CANCELLED)
    except LeaseLost:
        log.warning("job.lease-lost", job=job.public_id, kind=job.kind)
    except Refused as refusal:
        _finish(job, state=Job.State.REFUSED, refusal={"code": refusal.code, "params": refusal.params})
        if raising:
            raise
    except Exception:
        log.error("job.fault", job=job.public_id, kind=job.kind, trace=traceback.format_exc())
        _finish(job, state=Job.State.FAILED, refusal={"code": "job.fault", "params": {}})
        if raising:
            raise
    else:
        _finish(job, state=Job.State.DONE, result=result)
    job.refresh_from_db()
    return job


def take_up_expired(*, now: datetime | None = None) -> int:
    """Queue again, or end, every running job whose lease has run out."""
    from steelyard.apps.jobs.tasks import KINDS, work

    now = now or timezone.now()
    lost = list(Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=now))
    for job in lost:
        again = job.kind in KINDS and KINDS[job.kind].expired == "retry" and job.attempt < ATTEMPTS
        mine = Job.objects.filter(pk=job.pk, lease_token=job.lease_token, state=Job.State.RUNNING)
        with transaction.atomic():
            if again and mine.update(state=Job.State.QUEUED, lease_token="", lease_until=None):
                transaction.on_commit(partial(work.enqueue, job.pk))
            elif not again:
                mine.update(
                    state=Job.State.FAILED,
                    finished_at=now,
                    refusal={"code": "job.worker-lost", "params": {"attempt": job.attempt}},
                )
        log.warning("job.lease-expired", job=job.public_id, kind=job.kind, again=again)
    return len(lost)


def _take(job_id: int) -> Job | None:
    """Claim the job with one conditional update: of two workers exactly one gets it."""
    token = secrets.token_hex(16)
    now = timezone.now()
    free = Job.objects.filter(pk=job_id, state=Job.State.QUEUED, cancel_asked=False)
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        return None
    taken = free.update(
        state=Job.State.RUNNING,
        lease_token=token,
        lease_until=now + LEASE,
        attempt=job.attempt + 1,
        started_at=now,
        refusal=None,
    )
    return Job.objects.get(pk=job_id) if taken else None


def _perform(handle: JobHandle) -> dict[str, Any]:
    from steelyard.apps.jobs.tasks import KINDS

    kind = KINDS[handle.job.kind]
    authorize(handle.actor, kind.may)
    return kind.run(handle, **handle.job.args)


@contextmanager
def _renewing(handle: JobHandle) -> Iterator[None]:
    """Renew the lease from a thread of its own, so that long work without steps keeps it."""
    ended = threading.Event()
    every = getattr(settings, "JOB_RENEW_SECONDS", RENEW_EVERY)

    def renew() -> None:
        while not ended.wait(every):
            try:
                handle.renew()
            except OperationalError:  # a busy database: the lease outlasts two renewals that fail
                log.warning("job.renewal-failed", job=handle.job.public_id)
        connection.close()

    thread = threading.Thread(target=renew, name=f"lease-{handle.job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _finish(job: Job, *, state: Job.State, **fields: Any) -> None:
    Job.objects.filter(pk=job.pk, lease_token=job.lease_token, state=Job.State.RUNNING).update(
        state=state, finished_at=timezone.now(), lease_until=None, **fields
    )
