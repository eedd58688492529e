"""The sample company, written once for all that read it."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from python_calamine import load_workbook

from steelyard.sample import ORGANISATION, Truth, tables_of, write_company


class Company:
    """A written company, read back as a person would: file by file, through its mappings."""

    def __init__(self, folder: Path, truth: Truth) -> None:
        self.folder, self.truth = folder, truth
        self._files = {table: (path, mapping) for table, path, mapping in tables_of(folder)}
        self._files |= {name: (folder / f"{name}.csv", None) for name in ORGANISATION}
        self._read: dict[str, pl.DataFrame] = {}

    def __getitem__(self, table: str) -> pl.DataFrame:
        if table not in self._read:
            self._read[table] = _read(*self._files[table])
        return self._read[table]


def _read(path: Path, mapping: Path | None) -> pl.DataFrame:
    headers = {}
    if mapping:
        columns = yaml.safe_load(mapping.read_text("utf-8"))["columns"]
        headers = {(c["from"] if isinstance(c, dict) else c): name for name, c in columns.items()}
    if path.suffix == ".xlsx":
        first, *rows = load_workbook(path).get_sheet_by_index(0).to_python()
        return pl.DataFrame(rows, schema=first, orient="row", infer_schema_length=None).rename(headers)
    raw = path.read_bytes()
    text = raw.decode("gb18030" if mapping and not raw.isascii() and _is_gb(raw) else "utf-8-sig")
    return pl.read_csv(text.encode(), try_parse_dates=True, infer_schema_length=2000).rename(headers)


def _is_gb(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Company]:
    """Writes a company with these options, once for all tests that ask for the same."""

    @cache
    def write(**options: Any) -> Company:
        folder = tmp_path_factory.mktemp("company")
        return Company(folder, write_company(folder, **options))

    return write


@pytest.fixture(scope="session")
def company(written: Callable[..., Company]) -> Company:
    return written()
