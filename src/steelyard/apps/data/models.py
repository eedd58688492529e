"""Where facts come from: sources with their mapping, imports, and the snapshots that they publish."""

import datetime

from django.conf import settings
from django.db import models

from steelyard.web.ids import new_public_id


class Source(models.Model):
    """A system that exports files; its mapping is remembered for the next file.

    `reading` and `period_column` are what the mapping says of time: a file adds to what there is, or is all
    there is, of the whole source or of a stretch of the column. A file of the watched folder is published
    when at most `accept_rejects_up_to` of its rows are rejected.
    """

    class Reading(models.TextChoices):
        INCREMENT = "increment"
        SNAPSHOT = "snapshot"

    name = models.CharField(max_length=80, unique=True)
    mapping = models.JSONField(default=dict)
    reading = models.CharField(max_length=10, choices=Reading.choices, default=Reading.INCREMENT)
    period_column = models.CharField(max_length=120, blank=True)
    accept_rejects_up_to = models.FloatField(default=0.01)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accept_rejects_up_to__range=(0, 1)), name="data_source_accepts_a_share"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Import(models.Model):
    """Files on their way into the lake, from upload to publication, undoable as one unit.

    `as_of` is when they were exported, by the clock on the wall there; it is kept as UTC and read back by
    `taken_on`, so that a change of the site's time zone changes no fact. A stretch that is given
    (`covered_from`, `covered_to`) stands for the one that a snapshot shows. `retiring_confirmed` rows may go
    though they are most of the source's. `arrival` is the job that found the files in the watched folder.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded"
        CHECKED = "checked"
        PUBLISHED = "published"
        UNDONE = "undone"
        DISCARDED = "discarded"

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    source = models.ForeignKey(Source, null=True, on_delete=models.PROTECT, related_name="imports")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    state = models.CharField(max_length=12, choices=State.choices, default=State.UPLOADED)
    originals = models.JSONField(default=list)
    inspections = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    as_of = models.DateTimeField(null=True)
    covered_from = models.DateField(null=True)
    covered_to = models.DateField(null=True)
    retiring_confirmed = models.PositiveBigIntegerField(null=True)
    arrival = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{', '.join(self.file_names)} ({self.state})"

    @property
    def taken_on(self) -> datetime.datetime | None:
        """When the files were exported, by the clock on the wall."""
        return self.as_of.astimezone(datetime.UTC).replace(tzinfo=None) if self.as_of else None

    @property
    def is_snapshot(self) -> bool:
        return bool(self.mapping.get("reading") == Source.Reading.SNAPSHOT)

    @property
    def file_names(self) -> list[str]:
        return [original["name"] for original in self.originals]

    @property
    def tables(self) -> list[str]:
        return sorted(self.counts.get("tables", {}))


class Snapshot(models.Model):
    """The point of truth: which version of every table belongs together. The newest one is what is read."""

    class Cause(models.TextChoices):
        IMPORT = "import"
        UNDO = "undo"
        ORGANISATION = "organisation"

    cause = models.CharField(max_length=12, choices=Cause.choices)
    import_record = models.ForeignKey(Import, null=True, on_delete=models.PROTECT, related_name="snapshots")
    versions = models.JSONField()
    organisation = models.JSONField(default=dict)
    data_to = models.DateField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"snapshot {self.pk}"


class QualityCheck(models.Model):
    """That the facts of a snapshot were checked; what was found hangs below."""

    snapshot = models.OneToOneField(Snapshot, on_delete=models.CASCADE, related_name="quality_check")
    versions = models.JSONField(default=dict)
    as_of = models.DateField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-snapshot_id"]

    def __str__(self) -> str:
        return f"check of snapshot {self.snapshot_id}"


class QualityFinding(models.Model):
    """A rule that rows of one table out of one source break; without a source, rows that none brought."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    check_of = models.ForeignKey(QualityCheck, on_delete=models.CASCADE, related_name="findings")
    source = models.ForeignKey(Source, null=True, on_delete=models.CASCADE)
    table = models.CharField(max_length=63)
    rule = models.CharField(max_length=40)
    column = models.CharField(max_length=120, blank=True)
    count = models.BigIntegerField()
    rows = models.BigIntegerField()
    amount = models.DecimalField(max_digits=38, decimal_places=4, null=True)
    total = models.DecimalField(max_digits=38, decimal_places=4, null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.count} × {self.rule} in {self.table}"


class QualityAcceptance(models.Model):
    """A finding that somebody accepts as it is, with the reason; it stands until it is withdrawn."""

    source = models.ForeignKey(Source, null=True, on_delete=models.CASCADE)
    table = models.CharField(max_length=63)
    rule = models.CharField(max_length=40)
    column = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=500)
    count = models.BigIntegerField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.rule} in {self.table} accepted"


class NameAnswer(models.Model):
    """Who a text means in the files of one source: a person, or (no person) a queue or robot.

    With a `column` the answer holds for rows that have `value` there. Texts are casefolded and stripped.
    """

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    source = models.ForeignKey(Source, null=True, on_delete=models.CASCADE, related_name="name_answers")
    text = models.CharField(max_length=200)
    column = models.CharField(max_length=120, blank=True)
    value = models.CharField(max_length=200, blank=True)
    person = models.ForeignKey(
        "people.Person", null=True, on_delete=models.CASCADE, related_name="name_answers"
    )
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["text", "column", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "text", "column", "value"],
                condition=models.Q(source__isnull=False),
                name="one_answer_a_name_and_source",
            ),
            models.UniqueConstraint(
                fields=["text", "column", "value"],
                condition=models.Q(source__isnull=True),
                name="one_answer_a_name_without_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text}: {self.person_id or 'nobody'}"
