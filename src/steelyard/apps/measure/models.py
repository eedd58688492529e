"""KPI points: what every KPI came to, for each unit and period, in the newest snapshot that has them.

KPI definitions: what this site adds to the catalogue or declares differently.
"""

from django.conf import settings
from django.db import models

from steelyard.apps.data.models import Snapshot
from steelyard.web.ids import new_public_id


class PointSet(models.Model):
    """The points of one computation. Readers take the newest set that is whole.

    Points are written in many short transactions, so that nobody waits for them; the last one says that
    the set is whole. The set before stays until the next computation, for those who are reading it.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="point_sets")
    is_whole = models.BooleanField(default=False)
    first = models.DateField()
    last = models.DateField()
    currency = models.CharField(max_length=8, blank=True)
    # KPI → {"table", "column"} that the data lack; the column is "" when the whole table is absent.
    missing = models.JSONField(default=dict)
    # KPI → [[table, column], …]: everything that would have to be added, for the page of readiness.
    lacks = models.JSONField(default=dict)
    computed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-snapshot_id", "-pk"]

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

    point_set = models.ForeignKey(PointSet, on_delete=models.CASCADE, related_name="points", db_index=False)
    kpi = models.CharField(max_length=63)
    kpi_version = models.PositiveIntegerField()
    unit_kind = models.CharField(max_length=7, choices=UnitKind.choices)
    unit = models.CharField(max_length=100, blank=True)
    grain = models.CharField(max_length=14)
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
                fields=["point_set", "unit_kind", "unit", "grain", "kpi", "starts"],
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


class ScorecardTemplate(models.Model):
    """One version of what a scorecard shows and how it weighs it; versions are added, never changed.

    It holds for periods that begin on or after `valid_from`. `teams` (with those below them) and, for
    members, `role` narrow whom it is for; empty, it is for any. A weight of 0 shows a KPI and scores nothing.
    """

    code = models.SlugField(max_length=63)
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=7, choices=UnitKind.choices)
    role = models.CharField(max_length=50, blank=True)
    teams = models.JSONField(default=list, blank=True)
    # Language → name.
    names = models.JSONField()
    # [KPI, whole percent] in the order of the page; together 100.
    weights = models.JSONField()
    valid_from = models.DateField()
    is_retired = models.BooleanField(default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["code", "-version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="one_template_a_version")]

    def __str__(self) -> str:
        return f"{self.code} version {self.version}"


class ScorecardVisit(models.Model):
    """What an account saw of its own unit: at its last look, and at the end of the visit before that."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    unit = models.CharField(max_length=110)
    # As `queries.changes.seen_of` writes it: KPI → period, value, target, judgement, and values before.
    last = models.JSONField(default=dict)
    last_at = models.DateTimeField()
    before = models.JSONField(default=dict)
    before_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id} at {self.unit}"


class Evaluation(models.Model):
    """A month's scorecard of one unit as it was kept: codes and numbers that nothing changes afterwards."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    period = models.CharField(max_length=10)
    starts = models.DateField()
    unit_kind = models.CharField(max_length=7, choices=UnitKind.choices)
    unit = models.CharField(max_length=100, blank=True)
    # What `queries.scorecard.as_dict` says to somebody who may see everything.
    card = models.JSONField()
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="evaluations")
    engine_version = models.CharField(max_length=20)
    # Nobody where the calendar kept it.
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-starts", "unit_kind", "unit"]
        constraints = [
            models.UniqueConstraint(
                fields=["starts", "unit_kind", "unit"], name="one_evaluation_a_unit_and_month"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit or self.unit_kind} {self.period}"
