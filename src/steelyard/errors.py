"""The base of every anticipated "no"."""

from typing import Any


class Refused(Exception):
    """An anticipated refusal: a code that the web turns into words, and the HTTP status that fits.

    `params` are the named figures and places that the sentence needs (a file, a line, a limit).
    """

    def __init__(self, code: str, status: int = 400, /, **params: Any) -> None:
        self.code = code
        self.status = status
        self.params = params
        super().__init__(code)

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code} ({shown})" if shown else self.code
