"""What the lenses answer: codes and numbers, and their JSON form."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from steelyard.engine.diagnosis.finding import plain

LENSES = ("goals", "process", "skills", "resources", "morale", "market", "strategy")
LensVerdict = Literal["supported", "not-supported", "cannot-tell"]
CheckVerdict = Literal["holds", "fails", "cannot-tell"]


@dataclass(frozen=True)
class Fact:
    """A figure worth a sentence: the code of the sentence and what stands in it."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Series:
    """What a chart shows: `kind` is "line", "bars", "dots" or "intervals", `code` names what it is of.

    Rows are plain values with the same keys: a line has `x` (a period) and `y`, `low`, `high` where there are
    bounds, `series` where there are several; bars, dots and intervals have `label` in place of `x`.
    """

    kind: str
    code: str
    rows: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Missing:
    """What a lens would need: a table, its columns, or more of what is there.

    `code` is "lens.no-table", "lens.no-columns" or "lens.too-few" (`params`: what is counted as `of`, how
    many there are as `found`, how many it takes as `needed`).
    """

    table: str
    columns: tuple[str, ...]
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


def holds(is_true: bool) -> CheckVerdict:
    """Return the verdict of a check that could be made."""
    return "holds" if is_true else "fails"


@dataclass(frozen=True)
class Check:
    """One thing that must be true if the lens is the cause, and whether it is; p is of this check alone."""

    code: str
    verdict: CheckVerdict
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    n: int | None = None
    p: float | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where the cause was found, and whether the gap sits there and not elsewhere; None: cannot be told.

    `where` holds dimensions to values ({} is the whole company), `elsewhere` the places that were tested and
    do not show it.
    """

    where: Mapping[str, str] = field(default_factory=dict)
    is_present: bool | None = None
    is_absent: bool | None = None
    elsewhere: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class LensFinding:
    """What one lens says of one gap.

    `effect` (from `low` to `high`, 95 %) is in `unit` ("percentage-points", "hours", "share", "times",
    "money");
    `p` is the one p-value of the lens, corrected for everything that it looked at. `share` is the part of the
    gap that it explains, from `share_low` to `share_high`; None where that cannot be stated, and
    `share_code` says why. `before` tells whether it came before the result.
    """

    lens: str
    verdict: LensVerdict
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    n: int = 0
    p: float | None = None
    share: float | None = None
    share_low: float | None = None
    share_high: float | None = None
    share_code: str | None = None
    before: bool | None = None
    since: str | None = None
    place: Place | None = None
    facts: tuple[Fact, ...] = ()
    charts: tuple[Series, ...] = ()
    checks: tuple[Check, ...] = ()
    missing: tuple[Missing, ...] = ()

    @property
    def is_supported(self) -> bool:
        """Whether the signature of the lens was found."""
        return self.verdict == "supported"

    def as_json(self) -> dict[str, Any]:
        """Return plain values: floats of 12 significant digits, money as text with all its digits."""
        return plain(asdict(self))


@dataclass(frozen=True)
class LensReport:
    """Every lens on one gap: `order` lists them by what explains most, `unexplained` is the share left.

    `unexplained` is None where the gap is not one for the worse, or no share can be stated. Where
    supported lenses overlap, so that their shares would sum to more than the whole, they are scaled to it
    and `is_scaled` is true.
    """

    kpi: str
    unit: str
    direction: str
    period: str
    against: str
    baseline_period: str
    where: Mapping[str, Any]
    actual: Any
    baseline: Any
    gap: Any
    is_adverse: bool | None
    lenses: tuple[LensFinding, ...]
    order: tuple[str, ...]
    unexplained: float | None
    is_scaled: bool

    def lens(self, code: str) -> LensFinding:
        """Return the finding of one lens."""
        return next(each for each in self.lenses if each.lens == code)

    def as_json(self) -> dict[str, Any]:
        """Return plain values: floats of 12 significant digits, money as text with all its digits."""
        return plain(asdict(self))
