"""Where the table stands among the cells of a sheet: titles, header, columns, and what its rows need."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from steelyard.lake.imports import totals
from steelyard.lake.imports.approvals import EVENT_COLUMNS, Approvals, find_approvals
from steelyard.lake.imports.periods import HeaderPeriod, When, as_months, header_period
from steelyard.lake.imports.reading import ReadRule

JOINED = " / "
PERIOD, VALUE, SHEET = "_period", "_value", "_sheet"
_HEADER_ROWS = 4
_MONTH_DAY = re.compile(r"\d{1,2}\s*月\s*\d{1,2}\s*[日号]?")
_DAY_OF_MONTH = re.compile(r"(?:0?[1-9]|[12]\d|3[01])[日号]?")
_DAY_HEADER = re.compile(r"日期|日|号|day|date", re.IGNORECASE)
_DATE = re.compile(r"\d{4}[-/.年]\d{1,2}.*")
_HAN = re.compile("[\u4e00-\u9fff]")
# Fewest columns that make a wide table of periods.
_FEWEST = {"month": 3, "quarter": 2, "day": 5, "year": 2}
Row = tuple[int, list[str]]
# First row, first column, last row, last column: rows by their line, columns from 0.
Merged = tuple[int, int, int, int]


@dataclass(frozen=True)
class Wide:
    """A table with a column for each period: place in the row, period, and the measure that it holds."""

    cells: tuple[tuple[int, HeaderPeriod, str], ...]
    left_out: tuple[str, ...] = ()

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures, each once; one without a name is the value."""
        return tuple(dict.fromkeys(measure for _, _, measure in self.cells))


@dataclass(frozen=True)
class Shape:
    """A table in a sheet. `names` has "" for a column that is not read.

    `usual` is how many cells its fullest row fills; `dated` are columns of dates without a year ("month") or
    without a month too ("day"); `filled` are columns in which a cell stands for those below it. `approvals`
    are the columns of an approval export whose rows hold several events each.
    """

    header_lines: tuple[int, ...]
    names: tuple[str, ...]
    titles: tuple[str, ...] = ()
    usual: int = 1
    wide: Wide | None = None
    dated: tuple[tuple[int, str], ...] = ()
    filled: tuple[int, ...] = ()
    renamed: tuple[str, ...] = ()
    approvals: Approvals | None = None

    @property
    def last_line(self) -> int:
        return max(self.header_lines, default=0)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that its rows have when they are read."""
        if self.approvals is not None:
            told = self.approvals.told
            kept = ("" if i in told else name for i, name in enumerate(self.names))
            return (*kept, *EVENT_COLUMNS)
        if self.wide is None:
            return self.names
        inside = {place for place, _, _ in self.wide.cells}
        left = set(self.wide.left_out)
        kept = ("" if i in inside or name in left else name for i, name in enumerate(self.names))
        return (*kept, PERIOD, *self.wide.measures)


def find_shape(rows: Sequence[Row], merged: Sequence[Merged], reading: ReadRule) -> Shape:
    """The table among the first rows of a sheet."""
    if not rows:
        return Shape((), ())
    full = [(line, spread(line, row, merged)) for line, row in rows]
    most = max(_filled(row) for _, row in full)
    if reading.has_header:
        block = _wanted(full, reading.header) if reading.header else _header_block(full, merged, most)
        names, renamed = numbered(_names([row for _, row in block], merged, [line for line, _ in block]))
        lines = tuple(line for line, _ in block)
    else:
        names, renamed, lines = list(reading.names), (), ()
    first, last = min(lines, default=0), max(lines, default=0)
    titles = [cell.strip() for line, row in rows if line < first for cell in row if cell.strip()]
    body = [row for line, row in rows if line > last]
    records = [row for row in body if not totals.is_total(row, usual=most) and not totals.is_note(row)]
    approvals = find_approvals(names, records, column=reading.record) if reading.finds_records else None
    return Shape(
        header_lines=lines,
        names=tuple(names),
        titles=tuple(dict.fromkeys(titles)),
        usual=most,
        wide=_wide(names, records) if reading.unpivot and approvals is None else None,
        dated=_dated(names, records),
        filled=tuple(i for i, name in enumerate(names) if name and name in (reading.fill or ())),
        renamed=renamed,
        approvals=approvals,
    )


def spread(line: int, row: Sequence[str], merged: Sequence[Merged]) -> list[str]:
    """The row with each merged cell's text in all of its columns."""
    filled = list(row)
    for top, left, bottom, right in merged:
        if top == line and bottom >= line and left < len(filled):
            for place in range(left, min(right + 1, len(filled))):
                filled[place] = filled[left]
    return filled


def is_texts(row: Sequence[str]) -> bool:
    """Whether a row has words and no figures, as a header does; a column of a period may be called by one."""
    cells = [cell.strip() for cell in row if cell.strip()]
    return bool(cells) and all(
        not (totals.is_number(cell) or _DATE.fullmatch(cell)) or header_period(cell) for cell in cells
    )


def numbered(names: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """The names with those that come twice numbered, each of them: none is more the column than the other."""
    times = Counter(name.casefold() for name in names if name)
    twice = {name for name, count in times.items() if count > 1}
    seen: Counter[str] = Counter()
    result = []
    for name in names:
        form = name.casefold()
        seen[form] += 1
        result.append(f"{name} #{seen[form]}" if form in twice else name)
    return result, tuple(dict.fromkeys(name for name in names if name.casefold() in twice))


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _wanted(rows: Sequence[Row], lines: Sequence[int]) -> list[Row]:
    return [(line, row) for line, row in rows if line in lines]


def _header_block(rows: Sequence[Row], merged: Sequence[Merged], most: int) -> list[Row]:
    """The lines of the header: the first row that is as full as a header, and those that belong to it."""
    start = _header_start(rows, most)
    end = start
    while end + 1 < len(rows) and end - start + 1 < _HEADER_ROWS and _goes_on(rows, start, end, merged):
        end += 1
    if start and end == start and _is_above(rows[start - 1], rows[start], merged):
        start -= 1
    return list(rows[start : end + 1])


def _header_start(rows: Sequence[Row], most: int) -> int:
    full = [
        place
        for place, (_, row) in enumerate(rows)
        if _filled(row) >= 0.6 * most and (most < 2 or not _is_title(row))
    ]
    texts = [place for place in full if 2 * sum(map(is_texts, [[c] for c in rows[place][1]])) > most]
    # Below the first figures nothing can be the header.
    return next(iter(texts), next(iter(full), 0)) if texts and texts[0] <= full[0] + 2 else (full or [0])[0]


def _is_title(row: Sequence[str]) -> bool:
    """Whether a row says one thing, or things with their name before a colon."""
    cells = list(dict.fromkeys(cell.strip() for cell in row if cell.strip()))
    named = sum("：" in cell or re.search(r":\s", cell + " ") is not None for cell in cells)
    return len(cells) < 2 or 2 * named >= len(cells)


def _goes_on(rows: Sequence[Row], start: int, end: int, merged: Sequence[Merged]) -> bool:
    """Whether the row after `end` belongs to the header too."""
    first, line, below = rows[start][0], rows[end][0], rows[end + 1]
    if any(first <= top <= line < bottom and bottom >= below[0] for top, _, bottom, _ in merged):
        return True
    if not is_texts(below[1]) or below[0] != line + 1:
        return False
    if any(top == line == bottom and right > left for top, left, bottom, right in merged):
        return True
    return not merged and _completes(rows[end][1], below[1], rows[end + 2 : end + 4])


def _completes(upper: Sequence[str], lower: Sequence[str], body: Sequence[Row]) -> bool:
    """Whether the lower row names what stands under groups of the upper one, where nothing is merged."""
    both = [(up.strip(), low.strip()) for up, low in zip(upper, lower, strict=False)]
    grouped = [not up or not right for (up, _), (right, _) in zip(both, [*both[1:], ("-", "")], strict=True)]
    named = [group for group, (_, low) in zip(grouped, both, strict=True) if low]
    covers = all(up or low for up, low in both)
    has_figures = any(not is_texts(row) for _, row in body)
    return covers and has_figures and all(named) and 0 < len(named) < len(both)


def _is_above(upper: Row, lower: Row, merged: Sequence[Merged]) -> bool:
    """Whether the row over the header names groups of its columns: only so are they told apart."""
    if upper[0] != lower[0] - 1 or not is_texts(upper[1]) or _is_title(upper[1]):
        return False
    times = Counter(cell.strip() for cell in lower[1] if cell.strip())
    holes = any(not low.strip() and up.strip() for up, low in zip(upper[1], lower[1], strict=False))
    return _filled(upper[1]) >= 2 and (holes or max(times.values(), default=0) > 1)


def _names(block: Sequence[Sequence[str]], merged: Sequence[Merged], lines: Sequence[int]) -> list[str]:
    """Each column's name: what stands over it, from top to bottom, each text once."""
    if not block:
        return []
    width = max(len(row) for row in block)
    rows = [list(row) + [""] * (width - len(row)) for row in block]
    for depth, row in enumerate(rows[:-1]):
        is_merged = any(top <= lines[depth] <= bottom for top, _, bottom, _ in merged)
        for place in range(1, width):
            under = any(below[place].strip() for below in rows[depth + 1 :])
            if not is_merged and not row[place].strip() and under and row[place - 1].strip():
                row[place] = row[place - 1]
    names = []
    for place in range(width):
        parts = [_plain(row[place]) for row in rows if row[place].strip()]
        names.append(JOINED.join(dict.fromkeys(parts)))
    return names


def _plain(cell: str) -> str:
    """A header on one line: Chinese words are put together again, others with a space."""
    pieces = [piece.strip() for piece in cell.splitlines() if piece.strip()]
    text = pieces[0] if pieces else ""
    for piece in pieces[1:]:
        is_chinese = (_HAN.search(text[-1]) and _HAN.search(piece[0])) or piece[0] in "(（"
        text += piece if is_chinese else f" {piece}"
    return text


def _wide(names: Sequence[str], records: Sequence[Sequence[str]]) -> Wide | None:
    """The columns of periods, when there are enough of one kind and they hold figures."""
    found: list[tuple[int, HeaderPeriod, str]] = []
    for place, name in enumerate(names):
        parts = name.split(JOINED)
        periods = [(part, period) for part in parts if (period := header_period(part))]
        if len(periods) == 1:
            rest = [part for part in parts if part != periods[0][0]]
            found.append((place, periods[0][1], JOINED.join(rest) or VALUE))
    shown = as_months([period for _, period, _ in found])
    found = [(place, period, rest) for (place, _, rest), period in zip(found, shown, strict=True)]
    kinds = Counter(period.kind for period in dict.fromkeys(period for _, period, _ in found))
    for kind in ("day", "month", "quarter", "year"):
        if kinds[kind] >= _FEWEST[kind]:
            cells = tuple(each for each in found if each[1].kind == kind)
            if not _all_figures([each[0] for each in cells], records):
                return None
            inside = {each[0] for each in cells}
            others = {each[0] for each in found} - inside
            sums = [
                name
                for place, name in enumerate(names)
                if name and place not in inside and (place in others or _is_sum(name))
            ]
            return Wide(cells, tuple(sums))
    return None


def _is_sum(name: str) -> bool:
    """Whether a column beside those of periods adds them up."""
    words = re.compile(r"全年|年度|[上下]半年|h[12]|ytd|full\s*year|fy", re.IGNORECASE)
    return any(totals.is_total_label(part) or words.match(part) for part in name.split(JOINED))


def _all_figures(places: Sequence[int], records: Sequence[Sequence[str]]) -> bool:
    cells = [row[place].strip() for row in records for place in places if place < len(row)]
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(totals.is_number(cell) for cell in filled)


def _dated(names: Sequence[str], records: Sequence[Sequence[str]]) -> tuple[tuple[int, str], ...]:
    """Columns whose days lack their year, or their year and month."""
    found = []
    for place, name in enumerate(names):
        cells = [row[place].strip() for row in records if name and place < len(row) and row[place].strip()]
        if any(map(_MONTH_DAY.fullmatch, cells)):
            found.append((place, "month"))
        elif cells and _DAY_HEADER.fullmatch(name.strip()) and all(map(_DAY_OF_MONTH.fullmatch, cells)):
            found.append((place, "day"))
    return tuple(found)


def completed(cell: str, kind: str, when: When) -> str:
    """A day with the year (and month) that it lacks; as it is while they are not known."""
    text = cell.strip()
    if when.year is None:
        return cell
    if kind == "month" and _MONTH_DAY.fullmatch(text):
        return f"{when.year}年{text.replace(' ', '').replace('号', '日')}"
    if kind == "day" and when.month is not None and _DAY_OF_MONTH.fullmatch(text):
        return f"{when.year}-{when.month:02}-{int(text.rstrip('日号')):02}"
    return cell


def without_year(shape: Shape, when: When) -> tuple[str, ...]:
    """The columns whose days or months lack a year that nothing tells."""
    if when.year is not None:
        return ()
    lacking = [shape.names[place] for place, _ in shape.dated]
    if shape.wide:
        lacking += [shape.names[place] for place, period, _ in shape.wide.cells if period.year is None]
    return tuple(lacking)
