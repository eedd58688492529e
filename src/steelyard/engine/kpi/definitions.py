"""What a KPI is: a frozen declaration, read strictly from YAML."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["sum", "count", "distinct", "ratio", "quantile", "snapshot", "formula"]
UNITS = ("money", "percent", "count", "days", "hours", "times", "score")
DIRECTIONS = ("up", "down", "band")
DIMENSIONS = ("results", "process", "customer", "people")
KINDS = ("sum", "count", "distinct", "ratio", "quantile", "snapshot", "formula")


@dataclass(frozen=True)
class Condition:
    """One column and what it must hold: `is` one of the values, be present, be less or more."""

    column: str
    test: Literal["in", "present", "absent", "less", "more"]
    values: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Timing:
    """A date column that must lie before, or not before, a bound of the period (empty counts as later)."""

    column: str
    test: Literal["before", "from"]
    bound: Literal["start", "end"]


@dataclass(frozen=True)
class Measure:
    """What is added up over the rows of a part.

    `sum` of a column (or of its `squares`, for error bars), `count` of rows, `distinct` values of a
    column, or the quantile `at` of a column or of the days between two dates (`columns`).
    """

    kind: Literal["sum", "count", "distinct", "quantile", "squares"]
    columns: tuple[str, ...] = ()
    at: float = 0.5


@dataclass(frozen=True)
class Part:
    """A number that is read from one table: a KPI, or the numerator or denominator of a ratio.

    `when`: the rows dated in the period, or all dated before its start or end (a snapshot).
    `complete`: a column that counts rows without a value; unless it sums to 0 the part is missing.
    `shift`: -1 reads the period before, "year" the same period a year before. `target`: a KPI whose target
    for the period is taken instead, if any; `otherwise` "none": without a target there is no value.
    """

    table: str
    date: str
    measure: Measure
    where: tuple[Condition, ...] = ()
    timing: tuple[Timing, ...] = ()
    when: Literal["period", "start", "end"] = "period"
    shift: Literal[0, -1, "year"] = 0
    complete: str | None = None
    target: str | None = None
    otherwise: Literal["none"] | None = None

    @property
    def is_additive(self) -> bool:
        """Whether the part of a whole is the sum over its units."""
        return self.measure.kind in ("sum", "count", "squares")


@dataclass(frozen=True)
class Kpi:
    """A KPI: what it is called, what it reads, how it is judged.

    `gaming`: how the figure can be made to look better than the work is; `levers`: what moves it (both by
    language, for its card). `floor`: a unit with fewer records than this (answers of a survey) has no value.
    """

    id: str
    version: int
    names: Mapping[str, str]
    dimension: str
    kind: Kind
    unit: str
    direction: str
    note: Mapping[str, str]
    numerator: Part | None = None
    denominator: Part | None = None
    scale: Literal["days"] | None = None
    formula: str | None = None
    tree: str | None = None
    owner: str | None = None
    valid_from: str | None = None
    gaming: Mapping[str, str] | None = None
    levers: Mapping[str, str] | None = None
    floor: int | None = None

    @property
    def table(self) -> str | None:
        """The table (or derived relation) of the KPI; None for a formula."""
        return self.numerator.table if self.numerator else None

    @property
    def date(self) -> str | None:
        """The date column that puts a row into a period; None for a formula."""
        return self.numerator.date if self.numerator else None

    @property
    def parts(self) -> tuple[Part, ...]:
        """The numerator and, of a ratio, the denominator."""
        return tuple(part for part in (self.numerator, self.denominator) if part)

    @property
    def additive(self) -> bool:
        """Whether teams and members sum to the company (not so for ratios and quantiles)."""
        return self.kind in ("sum", "count", "snapshot")

    @property
    def additive_over_time(self) -> bool:
        """Whether months sum to the quarter."""
        return self.kind in ("sum", "count")

    @property
    def is_ratio(self) -> bool:
        """Whether the value is a numerator over a denominator."""
        return self.denominator is not None
