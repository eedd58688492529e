"""Sentences for refusals. Each app's `words.py` has WORDS: code → sentence that says what to do."""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from steelyard.errors import Refused

Words = Mapping[str, "str | Promise"]
WORDS: Words = {
    "access.denied": _("There is nothing here, or it is not yours to see."),
    "web.form-expired": _(
        "This form was open for too long. Go back, load the page again and send it once more."
    ),
    "web.bad-request": _("The address or the form is not complete. Go back and try again."),
    "database.unsafe-settings": _("The database runs with unsafe settings: %(settings)s."),
    "database.newer-schema": _(
        "The data folder was written by a newer version (%(migration)s). Install that version, or restore a backup."
    ),
    "database.not-migrated": _("The database is not up to date. Run: steelyard migrate"),
}
UNKNOWN = _("This was refused (%(code)s).")
_registry: dict[str, "str | Promise"] = {}


class Gaps(dict[str, Any]):
    """Parameters of a sentence; one that is not given shows as a dash rather than as an error page."""

    def __missing__(self, key: str) -> str:
        return "—"


def collect() -> None:
    """Gather the words of every installed app; called when the apps are ready."""
    _registry.update(WORDS)
    for app in apps.get_app_configs():
        name = f"{app.name}.words"
        if app.name.startswith("steelyard.apps.") and find_spec(name):
            _registry.update(getattr(import_module(name), "WORDS", {}))


def sentence(refused: Refused) -> str:
    """The refusal in the viewer's language."""
    words = _registry.get(refused.code, UNKNOWN)
    return str(words) % Gaps(refused.params, code=refused.code)


def has_words(code: str) -> bool:
    return code in _registry
