"""Five whys: a tree of answers that several people write."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steelyard.apps.causes import actions
from steelyard.apps.causes.errors import Overtaken
from steelyard.apps.causes.forms import WhyForm
from steelyard.apps.causes.models import Cause, Why
from steelyard.apps.causes.queries.blame import blame_in, repeated_in
from steelyard.apps.causes.queries.seen import (
    cause_of,
    diagnosis_for,
    standing_evidence,
    why_of,
    withdrawn_evidence,
    wordings_of,
)
from steelyard.apps.causes.queries.tree import Branch, Tree, Whys, whys_in
from steelyard.apps.causes.views.frame import frame
from steelyard.apps.causes.views.lines import EvidenceLine, evidence_lines, former_lines
from steelyard.apps.causes.views.overtaken import overtaken_page
from steelyard.apps.causes.words import warnings, whys
from steelyard.apps.diagnose.models import Diagnosis
from steelyard.apps.jobs.views import actor_of
from steelyard.errors import Refused
from steelyard.web.doors import door
from steelyard.web.words import sentence

form_page = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class BranchLine:
    """One answer as the page shows it."""

    why: Why
    branches: tuple["BranchLine", ...]
    evidence: tuple[EvidenceLine, ...]
    warnings: tuple[str, ...]
    is_open: bool
    depth: int


@dataclass(frozen=True)
class TreeLine:
    cause: Cause | None
    question: str
    state: str
    branches: tuple[BranchLine, ...]


@door("causes.see")
@require_safe
def tree(request: HttpRequest, public_id: str) -> HttpResponse:
    diagnosis = diagnosis_for(request.user, public_id)
    found = whys_in(diagnosis, standing_evidence(request.user, diagnosis))
    around = frame(request, diagnosis, "whys")
    gone = [each for each in withdrawn_evidence(request.user, diagnosis) if each.why_id]
    shown = {
        "headline": whys.headline(found),
        "trees": [tree_line(request.user, diagnosis, each, problem=around["gap"]) for each in found.trees],
        "withdrawn": found.withdrawn,
        "gone": evidence_lines(request.user, diagnosis, gone),
        "causes": unasked(diagnosis, found),
    }
    return render(request, "causes/whys.html", shown | around)


def unasked(diagnosis: Diagnosis, found: Whys) -> list[Cause]:
    """Causes that stand, and of which nobody has asked why."""
    asked = [tree.cause.pk for tree in found.trees if tree.cause]
    return list(diagnosis.causes.exclude(pk__in=asked).exclude(status=Cause.Status.REJECTED))


def tree_line(viewer: Any, diagnosis: Diagnosis, found: Tree, *, problem: str) -> TreeLine:
    return TreeLine(
        cause=found.cause,
        question=whys.question(found.cause.text if found.cause else problem),
        state=whys.state(found),
        branches=tuple(branch_line(viewer, diagnosis, each) for each in found.branches),
    )


def branch_line(viewer: Any, diagnosis: Diagnosis, found: Branch) -> BranchLine:
    told = [warnings.blame(found.blame)]
    if found.repeats is not None:
        told.append(warnings.circle(found.repeats.text))
    return BranchLine(
        why=found.why,
        branches=tuple(branch_line(viewer, diagnosis, each) for each in found.branches),
        evidence=tuple(evidence_lines(viewer, diagnosis, found.evidence)),
        warnings=tuple(text for text in told if text),
        is_open=found.is_open,
        depth=found.depth,
    )


@door("causes.edit")
@form_page
def new(request: HttpRequest, public_id: str) -> HttpResponse:
    """An answer below `?parent=`, to `?cause=`, or to the gap itself."""
    diagnosis = diagnosis_for(request.user, public_id)
    parent = why_of(diagnosis, key) if (key := request.GET.get("parent", "")) else None
    cause = cause_of(diagnosis, key) if (key := request.GET.get("cause", "")) else None
    form = WhyForm(request.POST or None)
    if form.is_valid():
        told = form.cleaned_data
        try:
            made = actions.add_why(
                actor_of(request),
                diagnosis,
                text=told["text"],
                parent=parent,
                cause=cause,
                is_actionable=told["is_actionable"],
            )
        except Refused as refused:
            form.add_error("text", sentence(refused))
        else:
            warn(request, made)
            return redirect(place_of(diagnosis, made))
    around = frame(request, diagnosis, "")
    above = parent.text if parent else cause.text if cause else around["gap"]
    shown = {"form": form, "above": above, "question": whys.question(above), "line": line_above(parent)}
    status = 422 if form.is_bound else 200
    return render(request, "causes/new_why.html", shown | around, status=status)


@door("causes.edit")
@form_page
def change(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """Another wording; where somebody else was faster, both texts and the choice."""
    diagnosis = diagnosis_for(request.user, public_id)
    found = why_of(diagnosis, key)
    initial = {"text": found.text, "is_actionable": found.is_actionable, "version": found.version}
    form = WhyForm(request.POST or None, initial=initial)
    around = frame(request, diagnosis, "")
    if form.is_valid():
        told = form.cleaned_data
        try:
            changed = actions.change_why(
                actor_of(request),
                found,
                text=told["text"],
                is_actionable=told["is_actionable"],
                based_on=form.based_on,
            )
        except Overtaken as overtaken:
            hidden = {"is_actionable": told["is_actionable"] and "on"}
            return overtaken_page(request, around, overtaken, hidden=hidden)
        except Refused as refused:
            form.add_error("text", sentence(refused))
        else:
            warn(request, changed)
            return redirect(place_of(diagnosis, found))
    shown = {"form": form, "why": found, "former": former_lines(wordings_of(found.public_id))}
    status = 422 if form.is_bound else 200
    return render(request, "causes/change_why.html", shown | around, status=status)


@door("causes.edit")
@require_POST
def withdraw(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    diagnosis = diagnosis_for(request.user, public_id)
    actions.withdraw_why(actor_of(request), why_of(diagnosis, key))
    messages.success(request, _("Withdrawn. It can be brought back below."))
    return redirect("whys", public_id)


@door("causes.edit")
@require_POST
def restore(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    diagnosis = diagnosis_for(request.user, public_id)
    found = why_of(diagnosis, key)
    actions.restore_why(actor_of(request), found)
    return redirect(place_of(diagnosis, found))


def place_of(diagnosis: Diagnosis, why: Why) -> str:
    return reverse("whys", args=[diagnosis.public_id]) + f"#why-{why.public_id}"


def line_above(why: Why | None) -> list[Why]:
    """From the first answer down to this one."""
    line: list[Why] = []
    while why is not None:
        line.insert(0, why)
        why = why.parent
    return line


def warn(request: HttpRequest, made: Why) -> None:
    """Pointed out, never stopped."""
    above = line_above(made)[:-1]
    repeats = repeated_in(made, above)
    told = [warnings.blame(blame_in(made.text)), warnings.circle(repeats.text) if repeats else ""]
    for text in told:
        if text:
            messages.warning(request, text)
