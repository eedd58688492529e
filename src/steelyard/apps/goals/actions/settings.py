"""Writes on how this site handles goals: a row is added, the ones before stay readable."""

from collections.abc import Mapping

from django.db import transaction

from steelyard.apps.access.policy import authorize, record
from steelyard.apps.accounts.models import User
from steelyard.apps.goals.models import GoalSettings
from steelyard.apps.goals.queries.sight import SETTINGS
from steelyard.errors import Refused
from steelyard.web.once import forget

LEVELS = ("floor", "target", "stretch", "challenge")
LANGUAGES = ("en", "zh")
LONGEST_NAME = 40


def change_settings(
    actor: User,
    *,
    members_see_chance: bool,
    managers_need_approval: bool,
    level_names: Mapping[str, Mapping[str, str]],
) -> GoalSettings:
    """From now on; level names by language, empty ones are the usual."""
    authorize(actor, "goals.settings")
    names = _named(level_names)
    with transaction.atomic():
        made = GoalSettings.objects.create(
            members_see_chance=members_see_chance,
            managers_need_approval=managers_need_approval,
            level_names=names,
            author=actor,
        )
        record(
            actor,
            "goals.settings",
            made,
            members_see_chance=members_see_chance,
            managers_need_approval=managers_need_approval,
        )
    forget(SETTINGS)
    return made


def _named(level_names: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    kept = {
        language: {level: " ".join(str(name).split()) for level, name in names.items()}
        for language, names in level_names.items()
    }
    told = {
        language: {level: name for level, name in names.items() if name} for language, names in kept.items()
    }
    for language, names in told.items():
        if language not in LANGUAGES or any(level not in LEVELS for level in names):
            raise Refused("goals.bad-levels")
        if any(len(name) > LONGEST_NAME for name in names.values()):
            raise Refused("goals.text-too-long", most=LONGEST_NAME)
        if len(set(names.values())) < len(names):
            raise Refused("goals.same-level-names")
    return {language: names for language, names in told.items() if names}
