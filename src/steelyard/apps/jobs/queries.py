"""Reads of jobs: a job is seen by who asked for it, and by nobody else."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from steelyard.apps.jobs.models import Job


def jobs_seen_by(viewer: Any) -> QuerySet[Job]:
    return Job.objects.filter(actor_id=viewer.pk) if viewer.pk else Job.objects.none()


def job_seen_by(viewer: Any, public_id: str) -> Job:
    """The viewer's own job; another's answers as an unknown one."""
    return get_object_or_404(jobs_seen_by(viewer), public_id=public_id)


def newest_job(viewer: Any, kinds: list[str], args: dict[str, Any]) -> Job | None:
    """The viewer's last job of these kinds with just these arguments."""
    return jobs_seen_by(viewer).filter(kind__in=kinds, args=args).first()
