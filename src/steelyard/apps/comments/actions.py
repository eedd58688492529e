"""Writes of conversations: say something about a record, take it back, bring it back."""

from django.db import transaction
from django.utils import timezone

from steelyard.apps.access.policy import authorize, record
from steelyard.apps.accounts.models import User
from steelyard.apps.comments.kinds import record_seen_by
from steelyard.apps.comments.models import Comment
from steelyard.errors import Refused

LONGEST = 4000


def write_comment(
    actor: User, *, kind: str, key: str, text: str, is_question: bool = False, answers: Comment | None = None
) -> Comment:
    """Say or ask something about a record; an answer to an answer joins the same conversation."""
    authorize(actor, "comments.write")
    record_seen_by(actor, kind, key)
    said = text.strip()
    if not said:
        raise Refused("comments.empty", 422)
    if len(said) > LONGEST:
        raise Refused("comments.too-long", 422, most=LONGEST)
    first = (answers.parent or answers) if answers is not None else None
    if first is not None and (first.kind, first.key) != (kind, key):
        raise Refused("access.denied", 404)
    with transaction.atomic():
        made = Comment.objects.create(
            kind=kind,
            key=key,
            parent=first,
            text=said,
            is_question=is_question and first is None,
            author=actor,
        )
        record(actor, "comments.write", made, on=f"{kind} {key}")
    return made


def withdraw_comment(actor: User, comment: Comment) -> None:
    """Take one's own words back; the place stays, so that the answers still make sense."""
    _mark(actor, comment, is_withdrawn=True)


def restore_comment(actor: User, comment: Comment) -> None:
    """Bring back one's own words that were taken back."""
    _mark(actor, comment, is_withdrawn=False)


def _mark(actor: User, comment: Comment, *, is_withdrawn: bool) -> None:
    authorize(actor, "comments.own", comment)
    with transaction.atomic():
        comment.withdrawn_at = timezone.now() if is_withdrawn else None
        comment.save(update_fields=["withdrawn_at"])
        record(actor, "comments.withdraw" if is_withdrawn else "comments.restore", comment)
