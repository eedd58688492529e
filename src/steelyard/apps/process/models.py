"""What people add to the log of the work: working calendars, flows as they ought to be, and what-ifs."""

from django.conf import settings
from django.db import models

from steelyard.apps.data.models import Snapshot
from steelyard.web.ids import new_public_id


class WorkCalendar(models.Model):
    """The working hours and holidays of everybody, as one document; the newest version is in force."""

    version = models.PositiveIntegerField(unique=True)
    document = models.TextField()
    reason = models.CharField(max_length=400, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"calendar {self.version}"


class Flow(models.Model):
    """One version of how the work of a process ought to go, in force from a day until before another.

    `code` is the same for all versions of a flow. `document` is what the engine reads: steps with owner,
    input, output, hours within which they are due, decision right and checklist.
    """

    class Kind(models.TextChoices):
        DECLARED = "declared"
        STANDARD = "standard"

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    code = models.CharField(max_length=32, db_index=True, default=new_public_id)
    version = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.DECLARED)
    process = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200)
    document = models.JSONField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    note = models.TextField(blank=True)
    teams = models.JSONField(default=list)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["process", "name", "-version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="one_flow_a_version")]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Scenario(models.Model):
    """What would be if the work went otherwise: changes to a part of a log, and what they would do.

    `asked` is the filter of the log as in an address; `teams` are those that the asker's rights narrowed
    it to (none: the whole company). The outcome never changes: other data make another scenario.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        READY = "ready"
        REFUSED = "refused"
        CHOSEN = "chosen"
        DROPPED = "dropped"

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    name = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    process = models.CharField(max_length=200, blank=True)
    asked = models.JSONField(default=dict)
    teams = models.JSONField(default=list)
    changes = models.JSONField()
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="scenarios")
    calendar = models.ForeignKey(WorkCalendar, null=True, on_delete=models.PROTECT)
    engine_version = models.CharField(max_length=40)
    outcome = models.JSONField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name
