"""What was said about a diagnosis and its causes: comments that can be cited as evidence."""

from typing import Any

from steelyard.apps.causes.queries.seen import causes_of
from steelyard.apps.comments.kinds import record_seen_by
from steelyard.apps.comments.models import Comment
from steelyard.apps.comments.queries import talks_on
from steelyard.apps.diagnose.models import Diagnosis


def comments_on(viewer: Any, diagnosis: Diagnosis) -> list[Comment]:
    """Those that stand, with their answers, on the diagnosis first."""
    keys = [("diagnosis", diagnosis.public_id), *(("cause", each.public_id) for each in causes_of(diagnosis))]
    talks = [talk for kind, key in keys for talk in talks_on(viewer, record_seen_by(viewer, kind, key))]
    every = [comment for talk in talks for comment in (talk.comment, *talk.answers)]
    return [comment for comment in every if comment.withdrawn_at is None]
