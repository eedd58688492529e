"""Approval exports of 飞书, 企业微信 and 钉钉 as files, and the events that they hold."""

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
import yaml

# Request, activity, time of 2024 ("03-05 10:12" or with seconds), performer, outcome.
Event = tuple[str, str, str, str | None, str | None]


@dataclass(frozen=True)
class Export:
    """A file, the events that it holds, the process they belong to, and (line, part) of what is rejected."""

    id: str
    file: str
    header: list[str]
    rows: list[list[Any]]
    events: list[Event]
    process: str
    rejects: tuple[tuple[int, str], ...] = ()
    titles: tuple[str, ...] = ()
    merged: tuple[tuple[int, int, int], ...] = ()

    def write(self, folder: Path) -> Path:
        """Write the file; a CSV file as Chinese programs do, with a mark or in GB18030."""
        path = folder / self.file
        if path.suffix == ".xlsx":
            self._workbook(path)
            return path
        encoding = "gb18030" if "gbk" in self.id else "utf-8-sig"
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "wt", encoding=encoding, newline="") as file:
            csv.writer(file).writerows([self.header, *self.rows])
        return path

    def _workbook(self, path: Path) -> None:
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet("Sheet1")
            lines = [*([title] for title in self.titles), self.header, *self.rows]
            for line, row in enumerate(lines):
                for place, cell in enumerate(row):
                    if cell is not None:
                        sheet.write(line, place, cell)
            for column, first, last in self.merged:
                sheet.merge_range(first, column, last, column, lines[first][column])


def _exports() -> list[Export]:
    text = Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
    return [Export(**each) for each in yaml.safe_load(text)]


EXPORTS = _exports()
