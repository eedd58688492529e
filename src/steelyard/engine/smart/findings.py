"""A goal as it is drafted, and what the SMART check says of it: codes and figures, no sentences."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Lang = Literal["zh", "en"]
Value = str | float | date | tuple[str, ...] | None
DIGITS = 12
LETTERS = ("specific", "measurable", "achievable", "relevant", "time_bound")


@dataclass(frozen=True)
class Draft:
    """A goal that is being written: its text, and the fields that are filled in so far.

    `kpi` is an id or a name; `history` its values, one a period, the oldest first. `kind` is reach,
    keep-above, keep-below, band, milestone or deliverable; `cause` says why, beside or instead of a parent.
    """

    text: str
    lang: Lang | None = None
    kpi: str = ""
    baseline: float | None = None
    target: float | None = None
    unit: str = ""
    start: date | None = None
    end: date | None = None
    owner: str = ""
    parent: str = ""
    cause: str = ""
    history: Sequence[float | None] = ()
    kind: str = ""


@dataclass(frozen=True)
class Reason:
    """Why a letter is told as it is. A remark advises and decides nothing."""

    code: str
    params: dict[str, Any] = dataclasses.field(default_factory=dict)
    is_remark: bool = False


@dataclass(frozen=True)
class Repair:
    """A change that mends a letter: the field of the draft and what to put there.

    `split` takes a tuple of texts, one for each goal. Where `value` is None only a person can know it:
    the field is opened for them.
    """

    code: str
    field: str
    value: Value = None
    params: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Letter:
    """One letter: True, False, or None where it cannot be told."""

    verdict: bool | None
    reasons: tuple[Reason, ...] = ()
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True)
class SmartCheck:
    """The five letters of a draft; `chance` is that of reaching it, `usual` the rate that was usual."""

    lang: Lang
    specific: Letter
    measurable: Letter
    achievable: Letter
    relevant: Letter
    time_bound: Letter
    chance: float | None = None
    usual: float | None = None

    @property
    def letters(self) -> dict[str, Letter]:
        return {name: getattr(self, name) for name in LETTERS}

    def as_json(self) -> dict[str, Any]:
        """Every letter with its reasons and repairs by code, ready for JSON."""
        return {
            "lang": self.lang,
            **{name: _letter(letter) for name, letter in self.letters.items()},
            "chance": plain(self.chance),
            "usual": plain(self.usual),
        }


def plain(value: Any) -> Any:
    """A value as JSON's own types: floats of 12 significant digits, days as text."""
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") + 0.0
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    return value


def _letter(letter: Letter) -> dict[str, Any]:
    return {
        "verdict": letter.verdict,
        "reasons": [
            {"code": each.code, "params": plain(each.params), "is_remark": each.is_remark}
            for each in letter.reasons
        ],
        "repairs": [
            {
                "code": each.code,
                "field": each.field,
                "value": plain(each.value),
                "params": plain(each.params),
            }
            for each in letter.repairs
        ],
    }
