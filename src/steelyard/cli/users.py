"""`steelyard user`: make an account from the command line, for whoever runs the machine."""

from typing import Annotated

import typer

from steelyard.cli.house import open_house
from steelyard.errors import Refused


def user(
    email: Annotated[str, typer.Argument(help="The e-mail address to log in with.")],
    name: Annotated[str, typer.Option(help="The name that others see.")],
    role: Annotated[list[str], typer.Option(help="A role; repeat for several.")],
) -> None:
    """Make an account and print its random password once."""
    open_house()
    from steelyard.apps.accounts.models import Role

    for each in role:
        if each not in Role.values:
            raise Refused("accounts.unknown-role", role=each, roles=", ".join(Role.values))
    print(new_account(email, name, role))


def new_account(email: str, name: str, roles: list[str]) -> str:
    """Make the account; the password, which is kept nowhere."""
    import secrets

    from steelyard.apps.accounts.models import User

    if User.objects.filter(email__iexact=email).exists():
        raise Refused("accounts.known-email", 409, email=email)
    password = secrets.token_urlsafe(12)
    User.objects.create_user(email, password=password, name=name, roles=roles)
    return password
