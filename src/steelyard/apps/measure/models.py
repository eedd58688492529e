"""KPI points: what every KPI came to, for each unit and period, in the newest snapshot that has them.

KPI definitions: what this site adds to the catalogue or declares differently.
"""

from django.conf import settings
from django.db import models

from steelyard.apps.data.models import Snapshot


class PointSet(models.Model):
    """The points of one snapshot are whole when this row is there; readers take the newest."""

    snapshot = models.OneToOneField(Snapshot, on_delete=models.PROTECT, related_name="point_set")
    first = models.DateField()
    last = models.DateField()
    currency = models.CharField(max_length=8, blank=True)
    # KPI → {"table", "column"} that the data lack; the column is "" when the whole table is absent.
    missing = models.JSONField(default=dict)
    computed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-snapshot_id"]

    def __str__(self) -> str:
        return f"points of snapshot {self.snapshot_id}"


class UnitKind(models.TextChoices):
    COMPANY = "company"
    TEAM = "team"
    MEMBER = "member"


class KpiPoint(models.Model):
    """One KPI of one unit in one period. A missing value is NULL, never zero; ratios keep both parts."""

    class TargetRule(models.TextChoices):
        NONE = ""
        GIVEN = "given"
        SUMMED = "summed"

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="points")
    kpi = models.CharField(max_length=63)
    kpi_version = models.PositiveIntegerField()
    unit_kind = models.CharField(max_length=7, choices=UnitKind.choices)
    unit = models.CharField(max_length=100, blank=True)
    grain = models.CharField(max_length=7)
    period = models.CharField(max_length=10)
    starts = models.DateField()
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    value = models.FloatField(null=True)
    n = models.BigIntegerField(default=0)
    target = models.FloatField(null=True)
    target_rule = models.CharField(max_length=6, choices=TargetRule.choices, blank=True)

    class Meta:
        ordering = ["kpi", "unit_kind", "unit", "grain", "starts"]
        constraints = [
            # In the order of the scorecard's question: one unit, one grain, all KPIs over time.
            models.UniqueConstraint(
                fields=["snapshot", "unit_kind", "unit", "grain", "kpi", "starts"],
                name="one_point_a_unit_and_period",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kpi} {self.unit or self.unit_kind} {self.period}"


class KpiDefinition(models.Model):
    """One version of a KPI as this site declares it; versions are added, never changed.

    The newest that is no draft says what holds: published, it counts; retired, the KPI that ships under
    this id counts again, or none. A draft is seen by those who may define, and computed by nobody.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        RETIRED = "retired"

    kpi = models.CharField(max_length=63)
    version = models.PositiveIntegerField()
    document = models.JSONField()
    state = models.CharField(max_length=9, choices=State.choices)
    valid_from = models.DateField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    reason = models.CharField(max_length=400)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["kpi", "-version"]
        constraints = [models.UniqueConstraint(fields=["kpi", "version"], name="one_definition_a_version")]

    def __str__(self) -> str:
        return f"{self.kpi} version {self.version}"
