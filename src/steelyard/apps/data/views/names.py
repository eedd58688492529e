"""Whom a text in files means: one page of questions, what was answered, and a column to tell by."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from steelyard.apps.data import actions
from steelyard.apps.data.actions import Answer
from steelyard.apps.data.models import Import
from steelyard.apps.data.queries import names as queries
from steelyard.apps.data.queries.names import Question
from steelyard.apps.data.words import column_label, table_label
from steelyard.apps.data.words import quality as words
from steelyard.apps.jobs.views import actor_of
from steelyard.apps.people.actions import add_person
from steelyard.apps.people.models import Person
from steelyard.apps.people.queries import known_people
from steelyard.errors import Refused
from steelyard.web.doors import can, door
from steelyard.web.words import sentence

NOBODY, NEW, OTHER = "nobody", "new", "other"


@door("data.names")
@require_http_methods(["GET", "HEAD", "POST"])
def names(request: HttpRequest) -> HttpResponse:
    questions = queries.questions_seen_by(request.user)
    if request.method == "POST" and (answer := save(request, after=reverse("names"))):
        return answer
    shown = {
        "lines": [asked(each, number) for number, each in enumerate(questions)],
        "several": sum(each.kind == "several" for each in questions),
        "answers": [
            {"answer": each, "source": words.source_label(each.source.name if each.source else "")}
            for each in queries.answers_seen_by(request.user)
        ],
        "here": reverse("names"),
        "can_see_data": can(request.user, "data.see"),
    }
    return render(request, "data/names.html", shown)


@door("data.names")
@require_http_methods(["GET", "HEAD", "POST"])
def names_by_column(request: HttpRequest) -> HttpResponse:
    """A name that means one person where a column says East and another where it says South."""
    given = request.POST if request.method == "POST" else request.GET
    place = {name: given.get(name, "") for name in ("source", "text", "column")}
    told = queries.values_of(request.user, **place)
    if request.method == "POST" and (answer := save(request, after=reverse("names"))):
        return answer
    people = queries.by_name().get(place["text"]) or list(Person.objects.order_by("name", "code"))
    shown = {
        **place,
        "source_label": words.source_label(place["source"]),
        "can_see_data": can(request.user, "data.see"),
        "told": told,
        "tabs": [
            {
                "label": column_label(each),
                "href": f"?{urlencode({**place, 'column': each})}",
                "is_here": each == told.column,
            }
            for each in told.columns
        ],
        "lines": [
            {"number": number, "value": value, "rows": rows, "options": options(people, text=place["text"])}
            for number, (value, rows) in enumerate(told.values)
        ],
    }
    return render(request, "data/names_by_column.html", shown)


@door("data.names")
@require_POST
def withdraw_name(request: HttpRequest, public_id: str) -> HttpResponse:
    actions.withdraw_answer(actor_of(request), queries.answer_seen_by(request.user, public_id))
    messages.success(request, _("Taken back: the name is open again as soon as the data were published."))
    return redirect("names")


def name_questions(request: HttpRequest, taken: Import) -> list[dict[str, Any]]:
    """What the dry run of an import could not tell, for who may answer it."""
    if taken.state != Import.State.CHECKED or not can(request.user, "data.names"):
        return []
    return [asked(each, number) for number, each in enumerate(queries.questions_of(taken))]


def asked(question: Question, number: int) -> dict[str, Any]:
    """A question as a form tells it."""
    place = urlencode({"source": question.source, "text": question.text})
    return {
        "number": number,
        "question": question,
        "source": words.source_label(question.source),
        "tables": [table_label(each) for each in question.tables],
        "options": options(question.people, text=question.text),
        "by_column": f"{reverse('names_by_column')}?{place}",
    }


def options(people: Any, *, text: str) -> list[dict[str, str]]:
    """The people who may be meant, each told by team and code."""
    found = []
    for person in people:
        team = next((held.team.name for held in getattr(person, "current", [])), "")
        label = " · ".join(part for part in (person.name, team, person.code) if part)
        found.append({"value": f"person:{person.code}", "label": label})
    return found


def save(request: HttpRequest, *, after: str) -> HttpResponse | None:
    """Keep what was chosen; a refusal is said above the form."""
    try:
        chosen = list(answers_in(request))
        if not chosen:
            raise Refused("names.nothing-chosen")
        actions.answer_names(actor_of(request), chosen)
    except Refused as refused:
        if refused.status == 404:
            raise
        messages.error(request, sentence(refused))
        return None
    messages.success(
        request, _("Saved. It holds for what was imported already, as soon as the data were published.")
    )
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    return redirect(back if is_ours else after)


def answers_in(request: HttpRequest) -> Any:
    """The answers of a form: choice-N with its source, text, and column and value where it has one."""
    sent = request.POST
    for name in sorted(each for each in sent if each.startswith("choice-")):
        number = name.removeprefix("choice-")
        choice = sent[name]
        if not choice:
            continue
        text = sent.get(f"text-{number}") or sent.get("text", "")
        source = queries.source_named(sent.get(f"source-{number}", sent.get("source", "")))
        column, value = sent.get("column", ""), sent.get(f"value-{number}", "")
        person = person_in(request, choice, text=text, other=sent.get(f"other-{number}", ""))
        yield Answer(source, text, person, column, value)


def person_in(request: HttpRequest, choice: str, *, text: str, other: str) -> Person | None:
    """Whom a choice means; somebody new is added under the code that was typed."""
    if choice == NOBODY:
        return None
    if choice == NEW:
        if not other.strip():
            raise Refused("people.missing-value", column=column_label("code"))
        return add_person(request.user, code=other.strip(), name=text)
    return known_people().person(other if choice == OTHER else choice.removeprefix("person:"))
