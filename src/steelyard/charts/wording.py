"""What a chart says: words and figures come from the web layer, in the reader's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Wording:
    """The words of one chart in one language.

    `labels` holds the words that the chart's module names in its `WORDS`; `figure` writes a value
    ("¥4.97 m", "497 万元"), `change` a signed difference, `tick` a round number on an axis, `span` an
    interval between two of them.
    """

    language: str
    description: str
    figure: Callable[[float], str]
    change: Callable[[float], str]
    tick: Callable[[float], str]
    labels: Mapping[str, str] = field(default_factory=dict)
    span: str = "{low} … {high}"

    def __getitem__(self, code: str) -> str:
        return self.labels[code]

    def figure_or_dash(self, value: float | None) -> str:
        return "–" if value is None else self.figure(value)

    def change_or_dash(self, value: float | None) -> str:
        return "–" if value is None else self.change(value)


@dataclass(frozen=True)
class Table:
    """A chart's figures for those who cannot see it: the first column names the row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def interval_text(low: float | None, high: float | None, *, words: Wording) -> str:
    """An interval as two figures, or a dash where none is known."""
    if low is None or high is None:
        return "–"
    return words.span.format(low=words.change(low), high=words.change(high))
