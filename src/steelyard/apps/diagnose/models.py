"""A diagnosis as it was found: what was asked, of which data, and the answer, which never changes."""

from django.conf import settings
from django.db import models

from steelyard.apps.data.models import Snapshot
from steelyard.web.ids import new_public_id


class Diagnosis(models.Model):
    """One KPI, one period, one baseline, one cut of the data, in one snapshot.

    `where` is what was asked for; `teams` are those that the viewer's rights narrowed it to (none: the
    whole company). `fingerprint` names all of what the answer follows from: asked again, it is found again.
    """

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    kpi = models.CharField(max_length=63)
    period = models.CharField(max_length=12)
    against = models.CharField(max_length=12)
    where = models.JSONField(default=dict)
    teams = models.JSONField(default=list)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="diagnoses")
    kpi_versions = models.JSONField(default=dict)
    engine_version = models.CharField(max_length=40)
    fingerprint = models.CharField(max_length=64, unique=True)
    result = models.JSONField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "diagnoses"

    def __str__(self) -> str:
        return f"{self.kpi} {self.period} against {self.against}"


class Finding(models.Model):
    """One driver, segment or bright spot of a diagnosis: what causes and goals will point at."""

    class Kind(models.TextChoices):
        DRIVER = "driver"
        SEGMENT = "segment"
        BRIGHT_SPOT = "bright-spot"

    diagnosis = models.ForeignKey(Diagnosis, on_delete=models.CASCADE, related_name="findings")
    kind = models.CharField(max_length=11, choices=Kind.choices)
    position = models.PositiveIntegerField()
    key = models.JSONField()
    contribution = models.FloatField()
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["diagnosis", "kind", "position"]
        constraints = [
            models.UniqueConstraint(fields=["diagnosis", "kind", "position"], name="one_finding_a_place")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.position} of {self.diagnosis_id}"
