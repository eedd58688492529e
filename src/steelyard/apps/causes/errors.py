"""What can go otherwise when two people write the same text."""

from dataclasses import dataclass
from typing import Any

from steelyard.errors import Refused


@dataclass(frozen=True)
class Texts:
    """What stands by now, and what was sent for an older version."""

    stands: str
    sent: str
    version: int
    by: str


class Overtaken(Refused):
    """Somebody saved another text first; both are kept, and the writer decides."""

    def __init__(self, thing: Any, texts: Texts) -> None:
        self.thing = thing
        self.texts = texts
        super().__init__("causes.overtaken", 409, by=texts.by)
