"""Writes on names in files: who a text means in the files of a source."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from steelyard.apps.access.policy import authorize, record
from steelyard.apps.data.models import NameAnswer, Source
from steelyard.apps.jobs.actions import Actor, account_of, enqueue
from steelyard.apps.jobs.models import Job
from steelyard.apps.people.models import Person
from steelyard.apps.people.queries import as_alias


@dataclass(frozen=True)
class Answer:
    """In the files of this source (None: those without one) the text means the person, or nobody.

    With a column only in rows that have the value there.
    """

    source: Source | None
    text: str
    person: Person | None
    column: str = ""
    value: str = ""


def answer_names(actor: Actor, answers: Sequence[Answer]) -> Job | None:
    """Keep answers and publish them: they hold for what was imported already, too."""
    authorize(actor, "data.names")
    if not answers:
        return None
    with transaction.atomic():
        for each in answers:
            _keep(actor, each)
        return enqueue(actor, "data.organisation", {})


def withdraw_answer(actor: Actor, answer: NameAnswer) -> Job:
    """The question is open again."""
    authorize(actor, "data.names")
    with transaction.atomic():
        record(actor, "data.withdraw-name", answer, **_told(answer))
        answer.delete()
        return enqueue(actor, "data.organisation", {})


def _keep(actor: Actor, answer: Answer) -> None:
    """An answer for all rows takes the place of those by a column, and the other way round."""
    same = NameAnswer.objects.filter(source=answer.source, text=as_alias(answer.text))
    (same.filter(column="") if answer.column else same.exclude(column="")).delete()
    made, _is_new = NameAnswer.objects.update_or_create(
        source=answer.source,
        text=as_alias(answer.text),
        column=answer.column,
        value=as_alias(answer.value),
        defaults={"person": answer.person, "actor": account_of(actor)},
    )
    record(actor, "data.answer-name", made, **_told(made))


def _told(answer: NameAnswer) -> dict[str, str]:
    return {
        "source": answer.source.name if answer.source else "",
        "text": answer.text,
        "column": answer.column,
        "value": answer.value,
        "person": answer.person.code if answer.person else "",
    }
