"""A goal is written or changed: a short form, the check beside it, and nothing typed is ever lost."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from steelyard.apps.goals.actions.goals import change_goal, set_goal
from steelyard.apps.goals.errors import Overtaken
from steelyard.apps.goals.forms import amounts
from steelyard.apps.goals.forms.goals import GoalForm
from steelyard.apps.goals.models import Cascade, Goal, GoalVersion
from steelyard.apps.goals.queries.seen import (
    goal_seen_by,
    may_propose,
    may_set,
    newest_number,
    owner_of,
    sees_pay,
    settings_now,
    unit_of,
)
from steelyard.apps.goals.queries.versions import changes_between
from steelyard.apps.goals.views import choosing, smart
from steelyard.apps.goals.views.drafting import baseline_for, draft_of
from steelyard.apps.goals.views.frame import currency, frame
from steelyard.apps.goals.views.saying import as_goal, initial_of, owner_typed, said_in
from steelyard.apps.goals.words import changes as words
from steelyard.apps.goals.words import names
from steelyard.apps.jobs.views import actor_of
from steelyard.apps.measure.queries.calendar import read_period
from steelyard.apps.measure.queries.definitions import known_kpis
from steelyard.apps.measure.queries.units import Unit
from steelyard.apps.measure.words.names import period_name, unit_name
from steelyard.errors import Refused
from steelyard.web.doors import door
from steelyard.web.words import sentence

form_page = require_http_methods(["GET", "HEAD", "POST"])
TAKEN_OVER = ("title", "kpi", "parent", "cause", "finding", "target", "period", "why")


@dataclass
class Writing:
    """One visit to the form: who writes about whose goal, and the version that is changed."""

    actor: Any
    units: list[Unit]
    goal: Goal | None = None
    version: GoalVersion | None = None

    def owner(self, typed: Any) -> Unit | None:
        return unit_of(self.goal) if self.goal else owner_typed(self.units, typed.get("owner", ""))

    def form(self, data: Any = None, *, initial: Any = None, typed: Any = None) -> GoalForm:
        given = data if data is not None else typed or initial or {}
        today, renamed = timezone.localdate(), settings_now().level_names
        owner = self.owner(given)
        periods = choosing.period_choices(today)
        if self.version is not None:
            periods, _label = choosing.with_stretch(periods, self.version)
        thing = self.goal or (as_goal(owner) if owner else None)
        parents = choosing.parents_for(
            self.actor, owner_of(thing) if thing else None, own=self.goal, today=today
        )
        known = {each.public_id for each in parents}
        asked = choosing.goal_for(self.actor, str(given.get("parent") or ""))
        parents += [asked] if asked is not None and asked.public_id not in known else []
        causes = choosing.causes_for(self.actor, named=str(given.get("cause") or ""))
        owners = choosing.grouped(self.units)
        return GoalForm(
            data,
            initial=typed if typed is not None else initial,
            typed=typed,
            owners=owners,
            units=choosing.grouped(choosing.sharers(self.units, self.version)),
            kpis=choosing.kpi_choices(),
            periods=periods,
            parents=[(each.public_id, choosing.parent_label(each)) for each in parents],
            themes=[(each.public_id, each.title) for each in choosing.themes_open()],
            causes=[(each.public_id, each.text) for each in causes],
            level_names={
                level: names.level_name(level, renamed) for level in ("floor", "stretch", "challenge")
            },
            is_change=self.goal is not None,
        )


@door("goals.propose")
@form_page
def new(request: HttpRequest) -> HttpResponse:
    writing = Writing(request.user, choosing.owners_for(request.user))
    if request.method == "POST":
        return sent(request, writing)
    like = choosing.like_for(request.user, request.GET.get("like", ""))
    if like is not None:
        initial = initial_of(request.user, like, number=0)
        initial |= {"owner": unit_of(like.goal).key, "period": choosing.with_stretch([], like)[1]}
        return shown(request, writing, initial=initial)
    asked = {name: request.GET[name][:500] for name in TAKEN_OVER if name in request.GET}
    return shown(request, writing, typed=filled(writing, begun(request, writing, asked)))


@door("goals.propose")
@form_page
def change(request: HttpRequest, public_id: str) -> HttpResponse:
    goal = goal_seen_by(request.user, public_id)
    if not may_propose(request.user, goal):
        raise Refused("access.denied", 404)
    linked = ("parent__current", "theme", "cause__diagnosis", "finding")
    version = goal.versions.select_related(*linked).order_by("-number").first()
    if version is None:
        raise Refused("access.denied", 404)
    writing = Writing(request.user, choosing.owners_for(request.user), goal, version)
    if request.method == "POST":
        return sent(request, writing)
    initial = initial_of(request.user, version, number=newest_number(goal))
    initial["period"] = choosing.with_stretch([], version)[1]
    return shown(request, writing, initial=initial)


def begun(request: HttpRequest, writing: Writing, asked: dict[str, str]) -> dict[str, Any]:
    """An empty form, with what the address brings: a cause, a finding, a goal above, a KPI and a team."""
    parent = choosing.goal_for(request.user, asked.get("parent", ""))
    owner = request.GET.get("owner") or ""
    if not owner and (team := request.GET.get("team")):
        owner = f"team:{team}"
    if owner not in {unit.key for unit in writing.units}:
        owner = choosing.first_owner(request.user, writing.units)
    typed: dict[str, Any] = {"owner": owner} | asked
    if parent is not None and parent.current is not None:
        typed.setdefault("kpi", parent.current.kpi)
        typed.setdefault("period", choosing.with_stretch([], parent.current)[1])
    if not typed.get("period"):
        typed["period"] = choosing.following(timezone.localdate(), "quarter", 2)[1].label
    named = asked.get("cause", "")
    cause = next(
        (each for each in choosing.causes_for(request.user, named=named) if each.public_id == named), None
    )
    if named and cause is not None:
        typed.setdefault("why", _("It answers the cause “%(cause)s”.") % {"cause": cause.text})
        typed.setdefault("kpi", cause.diagnosis.kpi)
    if (finding := choosing.finding_for(request.user, asked.get("finding"))) is not None:
        typed.setdefault("kpi", finding.diagnosis.kpi)
    return typed


def sent(request: HttpRequest, writing: Writing) -> HttpResponse:
    """Saved, or shown again with what a button asked for: a check, a repair, more rows."""
    do = request.POST.get("do", "save")
    if do == "save":
        return saved(request, writing)
    typed = request.POST.dict()
    if do == "fill":
        typed = filled(writing, typed)
    if do.startswith("repair"):
        typed = smart.repaired(typed, wanted(request, writing), do, today=timezone.localdate())
    return shown(request, writing, typed=typed)


def saved(request: HttpRequest, writing: Writing) -> HttpResponse:
    form = writing.form(request.POST)
    if not form.is_valid():
        return shown(request, writing, form=form, status=422)
    try:
        goal, is_held = written(request, writing, form)
    except Overtaken as overtaken:
        return overtaken_page(request, writing, overtaken)
    except Refused as refused:
        form.add_error(field_of(refused), sentence(refused))
        return shown(request, writing, form=form, status=422)
    told = _("The goal is set.") if is_held else _("Proposed. It holds once somebody above approves it.")
    messages.success(request, told)
    return redirect("goal", goal.public_id)


def written(request: HttpRequest, writing: Writing, form: GoalForm) -> tuple[Goal, bool]:
    """The goal, and whether what was said holds at once."""
    actor, told = actor_of(request), form.cleaned_data
    said = said_in(actor, form, before=writing.version)
    if writing.goal is None:
        made = set_goal(actor, choosing.unit_among(writing.units, told["owner"]), said)
        return made, made.state == Goal.State.ACTIVE
    version = change_goal(
        actor,
        writing.goal,
        said,
        reason=told["reason"],
        based_on=told["version"] or 0,
        valid_from=told["valid_from"],
        leaves_cascade="leaves_cascade" in request.POST,
    )
    return writing.goal, version.state == GoalVersion.State.APPROVED


FIELDS = {
    "goals.no-title": "title",
    "goals.no-number": "target",
    "goals.no-unit": "unit",
    "goals.no-end": "period",
    "goals.ends-before-start": "period",
    "goals.no-upper-edge": "target_high",
    "goals.band-upside-down": "target_high",
    "goals.parent-not-open": "parent",
    "goals.circle": "parent",
    "goals.theme-retired": "theme",
    "goals.no-reason": "reason",
}


def field_of(refused: Refused) -> str | None:
    return FIELDS.get(refused.code)


def overtaken_page(request: HttpRequest, writing: Writing, overtaken: Overtaken) -> HttpResponse:
    """The form as it was typed, beside what was saved meanwhile; sending it again decides."""
    typed = request.POST.copy()
    typed["version"] = str(overtaken.number)
    before = writing.version.goal.versions.filter(number=request.POST.get("version") or 0).first()  # type: ignore[union-attr]
    stands = []
    if before is not None:
        found = changes_between(request.user, before, overtaken.stands)
        stands = [
            words.change_line(each, after=overtaken.stands, before=before, currency=currency())
            for each in found
        ]
    more = {"overtaken": sentence(overtaken), "stands": stands}
    return shown(request, writing, typed=typed.dict(), status=409, more=more)


def filled(writing: Writing, typed: dict[str, Any]) -> dict[str, Any]:
    """What the KPI and the owner know already: unit, kind, where it stands. What is typed stays."""
    owner, kpi = writing.owner(typed), known_kpis().get(typed.get("kpi") or "")
    if kpi is None:
        return typed
    typed = {**typed, "unit": kpi.unit}
    found = baseline_for(writing.actor, owner, kpi=kpi.id, period=period_typed(typed)) if owner else None
    if found is not None:
        digits = 3 if kpi.unit == "percent" else 2
        typed["baseline"] = amounts.write(round(found.value, digits), unit=kpi.unit)
    return typed


def period_typed(typed: Any) -> Any:
    try:
        return read_period(typed.get("period") or "")
    except Refused:
        return None


def wanted(request: HttpRequest, writing: Writing) -> smart.Checked:
    return checked(writing, request.POST)


def checked(writing: Writing, typed: Any) -> smart.Checked:
    """The check of what is typed, however unfinished."""
    data = QueryDict(urlencode({name: "" if text is None else text for name, text in typed.items()}))
    probe = writing.form(data)
    probe.is_valid()
    told = probe.cleaned_data
    owner = writing.owner(data)
    parent = dict(probe.fields["parent"].choices).get(data.get("parent", ""), "")  # type: ignore[attr-defined]
    theme = dict(probe.fields["theme"].choices).get(data.get("theme", ""), "")  # type: ignore[attr-defined]
    cause = dict(probe.fields["cause"].choices).get(data.get("cause", ""), "")  # type: ignore[attr-defined]
    above = parent if data.get("parent") else theme if data.get("theme") else ""
    draft = draft_of(
        writing.actor,
        told,
        owner=owner,
        goal=writing.goal,
        parent=str(above),
        cause=str(cause) if data.get("cause") else "",
    )
    return smart.check_of(writing.actor, draft, told, goal=writing.goal, owner=owner)


def shown(
    request: HttpRequest,
    writing: Writing,
    *,
    form: GoalForm | None = None,
    initial: dict[str, Any] | None = None,
    typed: dict[str, Any] | None = None,
    status: int = 200,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    made = form or writing.form(initial=initial, typed=typed)
    texts = request.POST if form is not None else smart.texts_of(made)
    context = {
        "form": made,
        "goal": writing.goal,
        "headline": headline(writing),
        "owner": unit_name(unit_of(writing.goal)) if writing.goal else "",
        "action": request.get_full_path(),
        "check": checked(writing, texts).lines if texts.get("title") else (),
        "units": [names.unit_choice(unit) for unit in ("count", "percent", "money", "days", "score")],
        "baseline_note": baseline_note(writing, texts),
        "has_more": is_more_said(made, texts),
        "in_cascade": writing.version is not None
        and writing.version.cascade is not None
        and writing.version.cascade.state == Cascade.State.APPLIED,
        "hides_pay": writing.version is not None and not sees_pay(writing.actor, writing.version.goal),
        "is_held": bool(writing.goal and writing.goal.current),
        "other": (typed or {}).get("other", ""),
    }
    return render(request, "goals/write.html", context | frame(request, "") | (more or {}), status=status)


def is_more_said(form: GoalForm, texts: Any) -> bool:
    """Whether the folded part holds something, or something that is wrong."""
    faulty = set(form.errors) - {*GoalForm.SHORT, "__all__"} if form.is_bound else set()
    return bool(faulty) or any(texts.get(name) for name in GoalForm.FOLDED)


def headline(writing: Writing) -> str:
    if writing.goal is not None:
        return _("Change the goal")
    if any(may_set(writing.actor, unit) for unit in writing.units):
        return _("What will be reached, and why?")
    return _("Propose a goal: what will you reach, and why?")


def baseline_note(writing: Writing, typed: Any) -> str:
    """What the baseline is of: Q4 2025, ¥1.2 m."""
    owner, kpi = writing.owner(typed), known_kpis().get(typed.get("kpi") or "")
    if owner is None or kpi is None:
        return ""
    found = baseline_for(writing.actor, owner, kpi=kpi.id, period=period_typed(typed))
    if found is None:
        return _("There is no figure of it yet.")
    return _("%(period)s: %(value)s") % {
        "period": period_name(found.period),
        "value": names.amount(found.value, kpi.unit, currency=currency()).text,
    }


@door("goals.propose")
@require_POST
def smart_check(request: HttpRequest) -> HttpResponse:
    """The check of what is typed: the fragment that the form asks for while one writes."""
    key = request.POST.get("goal", "")
    goal = goal_seen_by(request.user, key) if key else None
    writing = Writing(request.user, choosing.owners_for(request.user), goal)
    action = reverse("change_goal", args=[key]) if goal else reverse("new_goal")
    lines = checked(writing, request.POST).lines if request.POST.get("title", "").strip() else ()
    context = {"check": lines, "goal": goal, "action": action}
    return render(request, "goals/parts/check.html", context)
