"""What can go otherwise when two people change one goal or theme."""

from typing import Any

from steelyard.errors import Refused


class Overtaken(Refused):
    """Somebody saved another version first: `stands` is that one, `sent` what was sent meanwhile."""

    def __init__(self, stands: Any, sent: Any, *, by: str, number: int) -> None:
        self.stands = stands
        self.sent = sent
        self.number = number
        super().__init__("goals.overtaken", 409, by=by, number=number)
