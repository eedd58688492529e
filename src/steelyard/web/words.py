"""Sentences for refusals. Each app's `words.py` has WORDS: code → sentence that says what to do."""

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from steelyard.errors import Refused
from steelyard.web import engine_words, numbers

Words = Mapping[str, "str | Promise"]
WORDS: Words = {
    "access.denied": _("There is nothing here, or it is not yours to see."),
    "web.form-expired": _(
        "This form was open for too long. Go back, load the page again and send it once more."
    ),
    "web.only-sent": _(
        "This address takes what a form sends, and shows nothing. Go back to the page of the form."
    ),
    "web.bad-request": _("The address or the form is not complete. Go back and try again."),
    "database.unsafe-settings": _("The database runs with unsafe settings: %(settings)s."),
    "database.newer-schema": _(
        "The data folder was written by a newer version (%(migration)s). "
        "Install that version, or restore a backup."
    ),
    "database.lost": _(
        "The database is missing from %(folder)s, though the folder has been used. Restore a backup."
    ),
    "database.backup-broken": _(
        "The backup %(backup)s cannot be read back, so the database was not changed. Check the disk."
    ),
    "pdf.no-cjk-font": _("There is no Chinese font for the PDF. Install one, such as Noto Sans CJK."),
    "database.not-migrated": _("The database is not up to date. Run: steelyard manage prepare"),
}
UNKNOWN = _("This was refused (%(code)s).")
_registry: dict[str, "str | Promise"] = {}


FORMATS: Mapping[str, Callable[[Any], str]] = {"bytes": numbers.size, "count": numbers.count}


class Gaps(dict[str, Any]):
    """Parameters of a sentence; one that is not given shows as a dash rather than as an error page.

    A sentence may name the form of a figure: %(limit|bytes)s, %(rows|count)s.
    """

    def __missing__(self, key: str) -> str:
        name, _, form = key.partition("|")
        return FORMATS[form](self[name]) if form in FORMATS and name in self else "—"


def collect() -> None:
    """Gather the words of every installed app; called when the apps are ready."""
    _registry.update({**engine_words.WORDS, **WORDS})
    for app in apps.get_app_configs():
        name = f"{app.name}.words"
        if app.name.startswith("steelyard.apps.") and find_spec(name):
            _registry.update(getattr(import_module(name), "WORDS", {}))


def know(words: Words) -> None:
    """Take in words of an app that is not installed here, for a verb that needs no house."""
    _registry.update(words)


def say(code: str, /, **params: Any) -> str:
    """The words of a code in the viewer's language; lists are told as lists."""
    between = "、" if numbers.is_chinese() else ", "
    shown = {
        name: between.join(map(str, value)) if isinstance(value, list | tuple) else value
        for name, value in params.items()
    }
    words = _registry.get(code)
    return str(UNKNOWN) % {"code": code} if words is None else str(words) % Gaps(shown)


def sentence(refused: Refused) -> str:
    """The refusal in the viewer's language."""
    return say(refused.code, **refused.params)


def has_words(code: str) -> bool:
    return code in _registry
