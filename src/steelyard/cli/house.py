"""Opens the house for a verb: settings, database at the newest schema, and who is acting."""

import os
from typing import TYPE_CHECKING

from steelyard.errors import Refused

if TYPE_CHECKING:
    from steelyard.apps.jobs.actions import Actor


def set_up() -> None:
    """Django on the data folder, and nothing more."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steelyard.config.settings")
    import django

    django.setup()


def open_house() -> "Actor":
    """Set up, bring the schema up to date, and give the actor that `--as` names."""
    set_up()
    from django.core.management import call_command

    call_command("prepare", verbosity=0)
    return _acting()


def _acting() -> "Actor":
    from steelyard.apps.access.policy import LOCAL_OPERATOR
    from steelyard.apps.accounts.models import User

    email = os.environ.get("STEELYARD_AS")
    if not email:
        return LOCAL_OPERATOR
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise Refused("cli.unknown-user", 404, email=email)
    return user
