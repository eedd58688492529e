"""Conversations on a record, and the questions that wait for an answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from steelyard.apps.access.policy import authorize
from steelyard.apps.comments.kinds import Record, record_seen_by
from steelyard.apps.comments.models import Comment
from steelyard.errors import Refused

# Of the newest questions so many are looked at: whether a record may be seen is asked for each.
LOOKED_AT = 200


@dataclass(frozen=True)
class Talk:
    """A comment with its answers, oldest first."""

    comment: Comment
    answers: tuple[Comment, ...]

    @property
    def is_waiting(self) -> bool:
        """A question waits for as long as its last word is its asker's."""
        if not self.comment.is_question or self.comment.is_withdrawn:
            return False
        said = [each for each in self.answers if not each.is_withdrawn]
        return not said or said[-1].author_id == self.comment.author_id


@dataclass(frozen=True)
class Question:
    record: Record
    talk: Talk


def talks_on(viewer: Any, record: Record) -> list[Talk]:
    """What was said about a record that the viewer sees."""
    authorize(viewer, "comments.see")
    return talks_of(first_words().filter(kind=record.kind, key=record.key))


def questions_for(viewer: Any) -> list[Question]:
    """Questions on records that the viewer sees, newest first: those that wait, and the viewer's own."""
    authorize(viewer, "comments.see")
    asked = first_words().filter(is_question=True, withdrawn_at=None).order_by("-pk")[:LOOKED_AT]
    talks = [talk for talk in talks_of(asked) if talk.is_waiting or talk.comment.author_id == viewer.pk]
    found = [(talk, seen(viewer, talk.comment)) for talk in talks]
    return [Question(record, talk) for talk, record in found if record is not None]


def comment_of(viewer: Any, public_id: str) -> Comment:
    """A comment on a record that the viewer sees."""
    comment = Comment.objects.select_related("author", "parent").filter(public_id=public_id).first()
    if comment is None:
        raise Refused("access.denied", 404)
    record_seen_by(viewer, comment.kind, comment.key)
    return comment


def seen(viewer: Any, comment: Comment) -> Record | None:
    try:
        return record_seen_by(viewer, comment.kind, comment.key)
    except Refused:
        return None  # not the viewer's to see, or gone: then neither is what was said about it


def first_words() -> QuerySet[Comment]:
    answers = Prefetch("answers", Comment.objects.select_related("author"))
    return Comment.objects.filter(parent=None).select_related("author").prefetch_related(answers)


def talks_of(comments: Iterable[Comment]) -> list[Talk]:
    return [Talk(comment, tuple(comment.answers.all())) for comment in comments]
