"""Writing a text over a version: the first wins, the second loses nothing and is asked."""

from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from steelyard.apps.access.policy import record
from steelyard.apps.accounts.models import User
from steelyard.apps.causes.errors import Overtaken, Texts
from steelyard.apps.causes.models import Cause, Countermeasure, Why, Wording
from steelyard.errors import Refused

LONGEST = 500
KINDS: dict[type, Wording.Kind] = {
    Cause: Wording.Kind.CAUSE,
    Why: Wording.Kind.WHY,
    Countermeasure: Wording.Kind.COUNTERMEASURE,
}
Thing = TypeVar("Thing", Cause, Why, Countermeasure)


def said(text: str, *, longest: int = LONGEST) -> str:
    """The text as it is kept; refused when there is none, or too much of it."""
    told = " ".join(text.split())
    if not told:
        raise Refused("causes.no-text")
    if len(told) > longest:
        raise Refused("causes.text-too-long", most=longest)
    return told


def save_over(actor: User, thing: Thing, *, based_on: int, action: str, **fields: Any) -> Thing:
    """Change a thing if it still stands as the actor read it.

    Its former text is kept where it changes. Where somebody else saved first, the text that was sent is set
    aside and `Overtaken` raised: nothing of either is lost.
    """
    text = fields.get("text", thing.text)
    now = timezone.now()
    with transaction.atomic():
        stands = (
            type(thing).objects.select_for_update(of=("self",)).select_related("worded_by").get(pk=thing.pk)
        )
        is_overtaken = stands.version != based_on
        if is_overtaken and text != stands.text:
            _keep(stands, text, by=actor, state=Wording.State.SET_ASIDE)
        if not is_overtaken:
            is_reworded = text != stands.text
            if is_reworded:
                _keep(stands, stands.text, by=stands.worded_by)
                fields |= {"worded_by": actor, "worded_at": now}
            type(thing).objects.filter(pk=thing.pk).update(version=F("version") + 1, **fields)
            record(actor, action, thing, **_told(fields, is_reworded=is_reworded))
    if is_overtaken:
        raise Overtaken(stands, Texts(stands.text, text, stands.version, stands.worded_by.name))
    thing.refresh_from_db()
    return thing


def keep_reason(cause: Cause) -> None:
    """The reason of a decision that is taken back."""
    if cause.reason and cause.decided_by:
        _keep(cause, cause.reason, by=cause.decided_by, kind=Wording.Kind.REASON)


def _keep(
    thing: Any,
    text: str,
    *,
    by: User,
    state: Wording.State = Wording.State.FORMER,
    kind: Wording.Kind | None = None,
) -> None:
    Wording.objects.create(
        kind=kind or KINDS[type(thing)],
        object_id=thing.public_id,
        text=text,
        state=state,
        author=by,
        at=timezone.now(),
    )


def _told(fields: dict[str, Any], *, is_reworded: bool) -> dict[str, Any]:
    """What of a change the audit trail tells: codes and figures, no texts."""
    plain = {name: held for name, held in fields.items() if isinstance(held, bool | int)}
    told = plain | {name: str(fields[name]) for name in ("status", "lens") if name in fields}
    return told | ({"reworded": True} if is_reworded else {})
