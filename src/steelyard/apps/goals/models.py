"""Goals: what will be reached, by whom, why, and what follows. Versions are added, never rewritten.

A goal is of one owner and one stretch of days; what it says stands in its versions. Numbers are exact:
DECIMAL here, decimal text in JSON. A share (win rate) is kept as 0.63, money in whole units with its cents.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from steelyard.apps.causes.models import Cause
from steelyard.apps.diagnose.models import Finding
from steelyard.apps.measure.models import PointSet, UnitKind
from steelyard.apps.people.models import Person, Team
from steelyard.web.ids import new_public_id


def account(*, is_optional: bool = False) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=is_optional,
        blank=is_optional,
        on_delete=models.PROTECT,
        related_name="+",
    )


def amount() -> models.DecimalField:
    return models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)


def public_id() -> models.CharField:
    return models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)


class Theme(models.Model):
    """A line of the strategy: a few words and a measure. It stands above the company's goals."""

    public_id = public_id()
    title = models.CharField(max_length=120)
    measure = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=1)
    # Edits name the version they were made on.
    version = models.PositiveIntegerField(default=1)
    retired_at = models.DateTimeField(null=True, blank=True)
    created_by = account()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title


class Cascade(models.Model):
    """A target divided over periods, teams and people: the plan as it is edited, and what follows from it.

    `document` is what `steelyard cascade` reads; `result` is its answer. Applied, it makes versions of
    goals, and undone, the versions before hold again. A change after that is another cascade that
    `replaces` this one.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        APPLIED = "applied"
        UNDONE = "undone"
        REPLACED = "replaced"

    public_id = public_id()
    goal = models.ForeignKey("Goal", on_delete=models.PROTECT, related_name="cascades")
    document = models.JSONField()
    result = models.JSONField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    created_by = account()
    created_at = models.DateTimeField(auto_now_add=True)
    applied_by = account(is_optional=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"cascade of goal {self.goal_id}"


class Goal(models.Model):
    """One owner's goal. `current` is the newest approved version; None while it is only proposed.

    The owner does not change: a goal that moves to somebody else is closed, and another one set.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed"
        ACTIVE = "active"
        CLOSED = "closed"
        WITHDRAWN = "withdrawn"

    public_id = public_id()
    owner_kind = models.CharField(max_length=7, choices=UnitKind.choices)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="goals")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="goals")
    state = models.CharField(max_length=9, choices=State.choices, default=State.PROPOSED)
    current = models.OneToOneField(
        "GoalVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # What it came to when it was closed: target, actual, attainment, is_reached, snapshot, kpi_version.
    outcome = models.JSONField(null=True, blank=True)
    closed_by = account(is_optional=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    created_by = account()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(owner_kind=UnitKind.COMPANY, team=None, person=None)
                | Q(owner_kind=UnitKind.TEAM, team__isnull=False, person=None)
                | Q(owner_kind=UnitKind.MEMBER, team=None, person__isnull=False),
                name="a_goal_has_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(current__isnull=False) | ~Q(state__in=("active", "closed")),
                name="what_holds_was_approved",
            ),
        ]

    def __str__(self) -> str:
        return self.current.title if self.current else self.public_id


class GoalVersion(models.Model):
    """What a goal says from `valid_from` on. `ends` is exclusive; days and numbers as the KPI counts them."""

    class Kind(models.TextChoices):
        REACH = "reach"
        KEEP_ABOVE = "keep-above"
        KEEP_BELOW = "keep-below"
        BAND = "band"
        MILESTONES = "milestones"
        DELIVERABLE = "deliverable"

    class State(models.TextChoices):
        PROPOSED = "proposed"
        APPROVED = "approved"
        REJECTED = "rejected"
        WITHDRAWN = "withdrawn"
        UNDONE = "undone"

    WITH_KPI = (Kind.REACH, Kind.KEEP_ABOVE, Kind.KEEP_BELOW, Kind.BAND)

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    # The KPI that measures it; a goal with a number of its own has none, and check-ins bring its figures.
    kpi = models.CharField(max_length=63, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    baseline = amount()
    target = amount()
    # The upper edge of a band.
    target_high = amount()
    # Further levels: [{"level": "floor"|"stretch"|"challenge", "value": "1200000.00"}, …].
    levels = models.JSONField(default=list, blank=True)
    starts = models.DateField()
    ends = models.DateField()
    # Target by period of the plan, [["2027-01", "81000.00"], …]; what sums over time sums to `target`.
    # A ratio keeps its parts beside it: ["2027-01", "0.63", "63.00", "100.00"].
    plan = models.JSONField(default=list, blank=True)
    parent = models.ForeignKey(
        Goal, null=True, blank=True, on_delete=models.PROTECT, related_name="child_versions"
    )
    theme = models.ForeignKey(Theme, null=True, blank=True, on_delete=models.PROTECT, related_name="versions")
    # How much more than the parent the parts of this goal were given on purpose: 0.05 is 5 %.
    over = models.DecimalField(max_digits=6, decimal_places=4, default=0)
    why = models.TextField(blank=True)
    finding = models.ForeignKey(Finding, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    cause = models.ForeignKey(Cause, null=True, blank=True, on_delete=models.PROTECT, related_name="goals")
    # [{"at": "1.00", "kind": "pay"|"growth"|"recognition", "text": "…", "amount": "9000.00"|null}, …]
    consequences = models.JSONField(default=list, blank=True)
    # How likely it was to be reached by what was known before its first month; written once, by the job.
    chance_at_start = models.FloatField(null=True, blank=True)
    # The milestones as this version has them; approved, they become those of the goal.
    # [{"key": milestone's public id, "title": "…", "due_on": "2027-03-31"}, …]
    steps = models.JSONField(default=list, blank=True)
    cascade = models.ForeignKey(
        Cascade, null=True, blank=True, on_delete=models.PROTECT, related_name="versions"
    )
    state = models.CharField(max_length=9, choices=State.choices, default=State.PROPOSED)
    valid_from = models.DateField()
    reason = models.CharField(max_length=400, blank=True)
    author = account()
    created_at = models.DateTimeField(auto_now_add=True)
    decided_by = account(is_optional=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["goal", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["goal", "number"], name="one_goal_version_a_number"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="a_goal_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("goal")), name="no_goal_is_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class Credit(models.Model):
    """A part in a goal that several share, in whole hundredths of a percent; those of a version are 100 %."""

    version = models.ForeignKey(GoalVersion, on_delete=models.CASCADE, related_name="credits")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    share = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        ordering = ["-share", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(team__isnull=True, person__isnull=False)
                | Q(team__isnull=False, person__isnull=True),
                name="a_credit_is_somebodys",
            ),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=100), name="a_share_is_a_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.share} % of {self.version_id}"


class Milestone(models.Model):
    """A step of a goal that is reached by steps; a deliverable has one."""

    public_id = public_id()
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(max_length=200)
    due_on = models.DateField()
    position = models.PositiveIntegerField(default=1)
    done_on = models.DateField(null=True, blank=True)
    done_by = account(is_optional=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "position", "pk"]

    def __str__(self) -> str:
        return self.title


class WeightSet(models.Model):
    """How an owner's goals of a stretch of days weigh, or the parts of a goal; the newest row counts.

    `weights` is {goal's public id: "40.00"}, together 100.
    """

    owner_kind = models.CharField(max_length=7, choices=UnitKind.choices, blank=True)
    owner = models.CharField(max_length=100, blank=True)
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)
    parent = models.ForeignKey(
        Goal, null=True, blank=True, on_delete=models.PROTECT, related_name="weight_sets"
    )
    weights = models.JSONField()
    reason = models.CharField(max_length=400, blank=True)
    author = account()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["owner_kind", "owner", "starts"], name="goals_weights_of")]

    def __str__(self) -> str:
        return f"weights of {self.owner or self.owner_kind or self.parent_id}"


class CheckIn(models.Model):
    """How it goes, in the owner's or the manager's words; a goal without a KPI gets its figure here."""

    class Confidence(models.IntegerChoices):
        UNLIKELY = 1
        DOUBTFUL = 2
        OPEN = 3
        LIKELY = 4
        CERTAIN = 5

    public_id = public_id()
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="check_ins")
    version = models.ForeignKey(GoalVersion, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    note = models.TextField(blank=True)
    confidence = models.PositiveSmallIntegerField(choices=Confidence.choices)
    value = amount()
    author = account()
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"check-in of {self.goal_id} on {self.on}"


class Outlook(models.Model):
    """What to expect of a unit's KPI after the newest complete month: `engine.forecast.Outlook`, kept.

    Worked out by a job after each computation of points; `starts` is the first month ahead. `brief` is
    what a page of thousands of goals needs of the same series, without the quantiles: the signal, the
    seasonal profile, what the denominators should come to.
    """

    point_set = models.ForeignKey(PointSet, on_delete=models.CASCADE, related_name="outlooks")
    kpi = models.CharField(max_length=63)
    unit_kind = models.CharField(max_length=7, choices=UnitKind.choices)
    unit = models.CharField(max_length=100, blank=True)
    starts = models.DateField()
    document = models.JSONField()
    brief = models.JSONField(default=dict)

    class Meta:
        ordering = ["kpi", "unit_kind", "unit"]
        constraints = [
            models.UniqueConstraint(
                fields=["point_set", "kpi", "unit_kind", "unit"], name="one_outlook_a_unit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kpi} {self.unit or self.unit_kind} from {self.starts}"


class GoalSettings(models.Model):
    """How this site handles goals; rows are added, the newest counts, and everybody may read it."""

    # Whether a member sees the chance to reach a goal of their own; else pace and what helps.
    members_see_chance = models.BooleanField(default=False)
    # What a manager changes for their own people waits for somebody above.
    managers_need_approval = models.BooleanField(default=False)
    # Language → {"floor": …, "target": …, "stretch": …, "challenge": …}; empty names are the usual ones.
    level_names = models.JSONField(default=dict, blank=True)
    author = account()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "goal settings"

    def __str__(self) -> str:
        return f"goal settings of {self.created_at:%Y-%m-%d}"
