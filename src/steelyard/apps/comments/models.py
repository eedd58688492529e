"""What people ask and say about a record; an answer hangs on what it answers."""

from django.conf import settings
from django.db import models

from steelyard.web.ids import new_public_id


class Comment(models.Model):
    """A comment or a question on the record that `kind` and `key` name. Withdrawn, it keeps its place."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="answers"
    )
    text = models.TextField()
    is_question = models.BooleanField(default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments")
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["kind", "key"], name="comments_of_a_record")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.text[:40]}"

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None
