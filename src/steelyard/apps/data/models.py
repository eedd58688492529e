"""Where facts come from: sources with their mapping, imports, and the snapshots that they publish."""

from django.conf import settings
from django.db import models

from steelyard.web.ids import new_public_id


class Source(models.Model):
    """A system that exports files; its mapping is remembered for the next file."""

    name = models.CharField(max_length=80, unique=True)
    mapping = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Import(models.Model):
    """Files on their way into the lake, from upload to publication, undoable as one unit."""

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
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{', '.join(self.file_names)} ({self.state})"

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
