"""Public ids: what stands in an address says nothing and cannot be guessed."""

import secrets


def new_public_id() -> str:
    return secrets.token_hex(10)
