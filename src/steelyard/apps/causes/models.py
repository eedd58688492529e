"""From a gap to its cause: what was tested, what people know, what they make of it, what they will do."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from steelyard.apps.diagnose.models import Diagnosis, Finding
from steelyard.web.ids import new_public_id

LENSES = ("goals", "process", "skills", "resources", "morale", "market", "strategy")
ONE_TO_FIVE = [MinValueValidator(1), MaxValueValidator(5)]


def author(related_name: str = "+", *, is_optional: bool = False) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=is_optional, on_delete=models.PROTECT, related_name=related_name
    )


class LensRun(models.Model):
    """What the lenses said of a diagnosis; it never changes. `fingerprint` names what it follows from."""

    diagnosis = models.ForeignKey(Diagnosis, on_delete=models.CASCADE, related_name="lens_runs")
    engine_version = models.CharField(max_length=40)
    fingerprint = models.CharField(max_length=64, unique=True)
    result = models.JSONField()
    actor = author(is_optional=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"lenses of {self.diagnosis_id}"


class Worded(models.Model):
    """A text that several people edit: each change names the version it was made on.

    `worded_by` wrote the text that stands; former texts are kept as `Wording`.
    """

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    text = models.CharField(max_length=500)
    version = models.PositiveIntegerField(default=1)
    created_by = author()
    worded_by = author()
    created_at = models.DateTimeField(auto_now_add=True)
    worded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text


class Cause(Worded):
    """What may explain the gap. `test` is the finding of its lens as it stood on `tested_on`."""

    class Status(models.TextChoices):
        HYPOTHESIS = "hypothesis"
        TESTED = "tested"
        CONFIRMED = "confirmed"
        REJECTED = "rejected"

    DECIDED = (Status.CONFIRMED, Status.REJECTED)

    diagnosis = models.ForeignKey(Diagnosis, on_delete=models.CASCADE, related_name="causes")
    lens = models.CharField(max_length=20, choices=[(lens, lens) for lens in LENSES])
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.HYPOTHESIS)
    test = models.JSONField(null=True)
    tested_on = models.DateField(null=True)
    finding = models.ForeignKey(Finding, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    why = models.ForeignKey(
        "Why", null=True, blank=True, on_delete=models.PROTECT, related_name="causes_made"
    )
    reason = models.TextField(blank=True)
    decided_by = author(is_optional=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    @property
    def is_decided(self) -> bool:
        return self.status in self.DECIDED

    @property
    def is_confirmed(self) -> bool:
        return self.status == self.Status.CONFIRMED


class Why(Worded):
    """One answer of the five whys; answers to it are its branches. A root explains the gap, or a cause."""

    diagnosis = models.ForeignKey(Diagnosis, on_delete=models.CASCADE, related_name="whys")
    cause = models.ForeignKey(Cause, null=True, blank=True, on_delete=models.CASCADE, related_name="whys")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="branches"
    )
    position = models.PositiveIntegerField(default=1)
    is_actionable = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "pk"]


class Evidence(models.Model):
    """What somebody brings for or against: beside a lens, a cause, or an answer to a why."""

    class Kind(models.TextChoices):
        INTERVIEW = "interview"
        RETROSPECTIVE = "retrospective"
        SURVEY = "survey"
        FIGURE = "figure"
        COMMENT = "comment"
        FILE = "file"

    class Audience(models.TextChoices):
        ALL = "all"
        LEADS = "leads"
        AUTHOR = "author"

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    diagnosis = models.ForeignKey(Diagnosis, on_delete=models.CASCADE, related_name="evidence")
    lens = models.CharField(max_length=20, blank=True, choices=[(lens, lens) for lens in LENSES])
    cause = models.ForeignKey(Cause, null=True, blank=True, on_delete=models.CASCADE, related_name="evidence")
    why = models.ForeignKey(Why, null=True, blank=True, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=13, choices=Kind.choices)
    text = models.TextField(blank=True)
    source = models.CharField(max_length=200)
    happened_on = models.DateField()
    audience = models.CharField(max_length=6, choices=Audience.choices, default=Audience.ALL)
    # A file lies under its SHA-256; its name is only shown.
    file_name = models.CharField(max_length=255, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_size = models.BigIntegerField(null=True)
    # A survey cell or a KPI's figure, as it was when it was brought; `team` says whose it is.
    figure = models.JSONField(null=True)
    created_by = author()
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class Countermeasure(Worded):
    """An option against a cause, weighed by what it promises, costs and risks."""

    cause = models.ForeignKey(Cause, on_delete=models.CASCADE, related_name="countermeasures")
    impact = models.PositiveSmallIntegerField(validators=ONE_TO_FIVE)
    effort = models.PositiveSmallIntegerField(validators=ONE_TO_FIVE)
    risk = models.PositiveSmallIntegerField(validators=ONE_TO_FIVE)
    note = models.TextField(blank=True)
    chosen = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(impact__range=(1, 5)) & Q(effort__range=(1, 5)) & Q(risk__range=(1, 5)),
                name="weighed_from_one_to_five",
            ),
            models.UniqueConstraint(
                fields=["cause"], condition=Q(chosen=True), name="one_countermeasure_chosen"
            ),
        ]


class Wording(models.Model):
    """A text that no longer stands, or never came to stand because another was saved first."""

    class Kind(models.TextChoices):
        CAUSE = "cause"
        REASON = "reason"
        WHY = "why"
        COUNTERMEASURE = "countermeasure"

    class State(models.TextChoices):
        FORMER = "former"
        SET_ASIDE = "set-aside"

    kind = models.CharField(max_length=14, choices=Kind.choices)
    object_id = models.CharField(max_length=32)
    text = models.TextField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.FORMER)
    author = author()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["object_id", "kind"], name="causes_wording_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}: {self.text[:40]}"
