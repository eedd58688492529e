"""`steelyard manage …`: Django's own commands, for the one who runs the site."""

import typer

from steelyard.cli.house import set_up

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


def manage(context: typer.Context) -> None:
    """Pass a command on to Django (migrate, shell, …)."""
    set_up()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["steelyard manage", *context.args])
