"""How much one import may take of anything."""

from dataclasses import asdict, dataclass
from typing import Any

MEGABYTE = 1 << 20
GIGABYTE = 1 << 30


@dataclass(frozen=True)
class Limits:
    """Ceilings of one import; what passes one is refused with a code that names it.

    `size` bounds each file as given; `expansion` what a compressed one may grow to, once it passes
    `free_expansion` bytes.
    """

    size: int = 200 * MEGABYTE
    members: int = 200
    expansion: int = 100
    free_expansion: int = 16 * MEGABYTE
    unpacked: int = 40 * GIGABYTE
    columns: int = 300
    rows: int = 200_000_000
    field: int = 100_000
    seconds: float = 3600.0
    memory: int = 2 * GIGABYTE
    threads: int = 2

    @classmethod
    def browser(cls) -> "Limits":
        """For a file that came through the browser."""
        return cls()

    @classmethod
    def command_line(cls) -> "Limits":
        """For a file that the operator of the machine names."""
        return cls(size=4 * GIGABYTE)

    def as_dict(self) -> dict[str, Any]:
        """For the child process."""
        return asdict(self)
