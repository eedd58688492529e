"""Approval exports, one request a row: where the columns stand, and the events that a row holds."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from steelyard.lake.imports.approval_records import (
    SUBMIT,
    WITHDRAW,
    Entry,
    NotUnderstoodError,
    activity_names,
    all_entries,
    approval_words,
    entries_of,
    moment_of,
    state_of,
)
from steelyard.lake.imports.headers import bare, normalise

ACTIVITY = "_activity"
# The columns of an event, in the order in which they stand after those of the file.
EVENT_COLUMNS = (
    "_case_id",
    ACTIVITY,
    "_finished_at",
    "_started_at",
    "_performer",
    "_performer_detail",
    "_outcome",
    "_comment",
    "_process",
)
NOT_UNDERSTOOD = "approval-not-understood"
_MOST_EVENTS = 500
_SURE = 0.6
_TITLE = re.compile(r"^.{1,40}?(?:提交|发起|提出)?的(.{2,60})$")


@dataclass(frozen=True)
class Approvals:
    """The places of the columns that tell the events of a row; -1 for one that the file has not."""

    record: int
    number: int
    who: int = -1
    when: int = -1
    done: int = -1
    status: int = -1
    process: int = -1
    title: int = -1

    @property
    def told(self) -> frozenset[int]:
        """The columns of the file that the columns of the events stand for."""
        return frozenset((self.record, self.number, self.process))


class Unread(list[str]):
    """A row that is not read, and why: the code, the column, and the part of the cell."""

    def __init__(self, code: str, column: str, value: str) -> None:
        super().__init__([value or column])
        self.defect = "\x1f".join((code, column, value[:80]))


def find_approvals(
    names: Sequence[str], rows: Sequence[Sequence[str]], *, column: str = ""
) -> Approvals | None:
    """The columns of an approval export: a record called so whose cells are one, or the column named here."""
    places = {key: _place(names, forms) for key, forms in approval_words()["columns"].items()}
    if column:
        places["record"] = next(
            (i for i, name in enumerate(names) if normalise(name) == normalise(column)), -1
        )
    if places["record"] < 0 or places["number"] < 0:
        return None
    if not column and not _are_records(
        [row[places["record"]] for row in rows if len(row) > places["record"]]
    ):
        return None
    return Approvals(**places)


def events_of(row: Sequence[str], found: Approvals, names: Sequence[str]) -> list[list[str]] | Unread:
    """The cells of the event columns for each event of a row, or why there are none."""
    try:
        entries = _entries(row, found)
    except NotUnderstoodError as fault:
        return Unread(NOT_UNDERSTOOD, names[found.record], fault.part)
    if not entries or len(entries) > _MOST_EVENTS:
        return Unread(NOT_UNDERSTOOD, names[found.record], row[found.record].strip())
    is_chinese = not row[found.record].isascii() or any(not name.isascii() for name in names)
    process = _process(row, found)
    return [
        [
            row[found.number],
            name,
            entry.finished,
            entry.started,
            entry.person,
            entry.detail,
            entry.outcome,
            entry.comment,
            process,
        ]
        for entry, name in zip(entries, activity_names(entries, is_chinese=is_chinese), strict=True)
    ]


def _place(names: Sequence[str], forms: Sequence[str]) -> int:
    """The place of the first word that a header has; an exact header goes before one with brackets."""
    for spelled in ([normalise(name) for name in names], [normalise(bare(name)) for name in names]):
        for form in forms:
            if form in spelled:
                return spelled.index(form)
    return -1


def _are_records(cells: Sequence[str]) -> bool:
    """Whether most cells are records, and one tells a time: a step's name or the word 通过 alone is none."""
    read = [_read(cell) for cell in cells if cell.strip()]
    has_times = any(entry.finished for entries in read for entry in entries)
    return has_times and sum(map(bool, read)) >= _SURE * len(read)


def _read(cell: str) -> list[Entry]:
    try:
        return all_entries(cell)
    except NotUnderstoodError:
        return []


def _entries(row: Sequence[str], found: Approvals) -> list[Entry]:
    """What the record tells, with the submission and the withdrawal that only other columns tell."""
    entries = entries_of(row[found.record])
    begun, ended = (moment_of(_cell(row, place)) for place in (found.when, found.done))
    # What the record tells of may be a second submission, after the request was sent back.
    if begun and (not entries or entries[0].kind != SUBMIT):
        entries.insert(0, Entry(SUBMIT, _cell(row, found.who), begun))
    state = state_of(_cell(row, found.status))
    is_withdrawn = state is not None and state[0] == WITHDRAW
    if is_withdrawn and ended and not any(entry.kind == WITHDRAW for entry in entries):
        entries.append(Entry(WITHDRAW, "", ended))
    return sorted(entries, key=lambda entry: entry.finished)


def _process(row: Sequence[str], found: Approvals) -> str:
    """The name of the template: from its column, else from a title like 张三提交的采购申请."""
    if name := _cell(row, found.process):
        return name
    title = _TITLE.match(_cell(row, found.title))
    return title[1] if title else ""


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip() if 0 <= place < len(row) else ""


def turned(row: list[str], found: Approvals, names: Sequence[str]) -> Iterator[list[str]]:
    """A row for each event of a request: the other cells of the file, then those of the event."""
    events = events_of(row, found, names)
    if isinstance(events, Unread):
        yield events
        return
    kept = [
        cell if name and place not in found.told else ""
        for place, (cell, name) in enumerate(zip(row, names, strict=True))
    ]
    for event in events:
        yield [*kept, *event]
