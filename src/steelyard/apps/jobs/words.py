"""Jobs in words: what each kind does, where it is, what came of it."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from steelyard.apps.jobs.models import Job
from steelyard.web.words import has_words, say

WORDS = {
    "job.kind.data.check": _("Checking the files"),
    "job.kind.data.publish": _("Committing the import"),
    "job.kind.data.undo": _("Undoing the import"),
    "job.kind.data.watch": _("Importing from the watched folder"),
    "job.kind.data.organisation": _("Publishing people and teams"),
    "job.kind.data.rebuild": _("Building the tables anew"),
    "job.kind.measure.points": _("Computing the figures"),
    "job.kind.measure.keep": _("Keeping the month's scorecards"),
    "job.step.keeping": _("Keeping unit by unit"),
    "job.step.reading": _("Reading the files"),
    "job.step.typing": _("Reading numbers and dates"),
    "job.step.checking": _("Checking row by row"),
    "job.step.receiving": _("Taking the next file"),
    "job.step.publishing": _("Publishing the snapshot"),
    "job.step.replaying": _("Replaying later imports"),
    "job.fault": _(
        "Something went wrong on our side, and nothing was changed. "
        "Try again; if it happens again, ask an administrator to look into the server's log."
    ),
    "job.worker-lost": _(
        "The process that worked on this ended %(attempt)s times before it was done, "
        "and nothing was changed. Try again with a smaller file, "
        "or ask an administrator to look into the server's log."
    ),
}


def title(job: Job) -> str:
    code = f"job.kind.{job.kind}"
    return say(code) if has_words(code) else gettext("Working")


def headline(job: Job) -> str:
    """What the job does, or how it ended."""
    if job.is_open:
        return title(job)
    forms = {
        Job.State.DONE: gettext("%(title)s: done."),
        Job.State.CANCELLED: gettext("%(title)s: cancelled."),
    }
    return forms.get(Job.State(job.state), gettext("%(title)s: this came to nothing.")) % {
        "title": title(job)
    }


def step(job: Job) -> str:
    """What is being done at the moment."""
    if job.cancel_asked:
        return gettext("Stopping at the next step")
    if job.state == Job.State.QUEUED:
        return gettext("Waiting for its turn")
    code = f"job.step.{job.step}"
    return say(code) if has_words(code) else gettext("Working")


def outcome(job: Job) -> str:
    """What came of a job that has ended, and what to do about it."""
    if job.refusal:
        return say(job.refusal["code"], **job.refusal["params"])
    if job.state == Job.State.CANCELLED:
        return gettext("Cancelled. Nothing was changed.")
    return gettext("Done.") if job.state == Job.State.DONE else ""
