"""Words for what a KPI's declaration holds, and for what is wrong with one."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from steelyard.errors import Refused
from steelyard.web.words import sentence

Choices = list[tuple[str, str]]


def labels_of_words() -> dict[str, str]:
    return {
        "names": pgettext("of a KPI", "Name"),
        "note": _("What it says"),
        "gaming": _("How it can be gamed"),
        "levers": _("What moves it"),
    }


def kinds() -> Choices:
    return [
        ("count", _("How many records")),
        ("sum", _("Sum of a column")),
        ("distinct", _("How many different values")),
        ("ratio", _("One number divided by another")),
        ("quantile", _("Median or another quantile")),
        ("snapshot", _("What stands on one day")),
        ("formula", _("Formula of other KPIs")),
    ]


def units() -> Choices:
    return [
        ("money", _("Money")),
        ("percent", _("Share, in %")),
        ("count", pgettext("unit of a KPI", "Number")),
        ("days", _("Days")),
        ("hours", _("Hours")),
        ("times", _("Times, such as 2.5×")),
        ("score", pgettext("unit of a KPI", "Score")),
    ]


def directions() -> Choices:
    return [("up", _("higher")), ("down", _("lower")), ("band", _("within a range"))]


def whens() -> Choices:
    return [
        ("", _("as above, or of the period")),
        ("period", _("dated in the period")),
        ("start", _("dated before the period begins")),
        ("end", _("dated before the period ends")),
    ]


def ways() -> Choices:
    return [
        ("count", _("How many records")),
        ("sum", _("Sum of a column")),
        ("distinct", _("How many different values")),
        ("days", _("Days between two dates")),
        ("of", _("Quantile of a column")),
    ]


def tests() -> Choices:
    return [
        ("in", pgettext("condition", "is one of")),
        ("present", pgettext("condition", "is filled in")),
        ("absent", pgettext("condition", "is empty")),
        ("less", pgettext("condition", "is less than")),
        ("more", pgettext("condition", "is more than")),
    ]


def kind_name(kind: str) -> str:
    return dict(kinds()).get(kind, kind)


def unit_name(unit: str) -> str:
    return dict(units()).get(unit, unit)


def direction_name(direction: str) -> str:
    return dict(directions()).get(direction, direction)


def place_name(key: str) -> str:
    """A place of a declaration as a list of changes has it: Numerator · Condition · outcome."""
    known = {
        **labels_of_words(),
        "names": pgettext("of a KPI", "Name"),
        "dimension": _("Dimension"),
        "kind": pgettext("of a KPI", "Kind"),
        "unit": pgettext("of measurement", "Unit"),
        "direction": _("Better is"),
        "table": pgettext("of facts", "Table"),
        "date": _("Date"),
        "when": _("Records"),
        "where": pgettext("on records", "Condition"),
        "measure": _("What is measured"),
        "numerator": _("Numerator"),
        "denominator": _("Denominator"),
        "formula": _("Formula"),
        "tree": _("Factors of its tree"),
        "owner": _("Who answers for it"),
        "floor": _("Fewest records"),
        "en": _("English"),
        "zh": _("Chinese"),
    }
    return " · ".join(known.get(each, each) for each in key.split("."))


def value_text(value: object) -> str:
    """A value of a declaration; a list as alternatives."""
    if value is None:
        return "—"
    if isinstance(value, list | tuple):
        return " / ".join(str(each) for each in value)
    return str(value)


def why_not(refusal: Refused) -> str:
    """What is wrong with a declaration, in words that say what to do."""
    if refusal.code != "kpi.invalid":
        return sentence(refusal)
    key, reason = str(refusal.params.get("key", "")), str(refusal.params.get("reason", ""))
    known = {
        "used-twice": _("There is a KPI of this id already. Choose another id, or change that KPI."),
        "taken": _("This id is the name of a page or of something else. Choose another one."),
        "unit-stays": _(
            "The unit stays what it was: figures of two units cannot stand in one series. Make a new KPI."
        ),
        "unknown-kpi": _("There is no KPI “%(key)s”, or it was retired."),
        "units-differ": _(
            "The units do not fit: in %(key)s money, days, hours and scores are added to something else, "
            "or the result has another unit than the one chosen."
        ),
        "names-no-kpi": _("The formula names no KPI."),
        "no-date": _("%(key)s is no date. Write it as 2026-03-31."),
        "in-the-future": _("A declaration counts from today on or from an earlier day."),
        "missing-key": _("This is needed: %(place)s."),
        "unknown-key": _("A declaration knows no “%(key)s”."),
        "not-text": _("Fill this in, in both languages."),
        "not-a-mapping": _("%(place)s has parts of its own here; look at the example in the guide."),
        "unknown-measure": _("Say what is measured: choose a column that is added up, counted or taken."),
        "does-not-fit-the-kind": _("%(place)s does not fit the kind that was chosen."),
        "unknown-value": _id_words(key),
    }
    if reason not in known:
        return sentence(refusal)
    return known[reason] % {"key": key, "place": place_name(key) if key else _("The declaration")}


def _id_words(key: str) -> str:
    if key == "id":
        return _("An id begins with a small letter and has small letters, digits and _ only.")
    if key.startswith("where."):
        return _("Write what this column must hold.")
    return _("%(place)s: choose one of the values that there are.")
