"""Hostile and broken files: each gives a clear refusal or counted rejections with their places.

Whatever comes in, nothing is half imported: the versions stay as they were, or the counts add up.
"""

import gzip
import io
import os
import random
import shutil
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from steelyard.errors import Refused
from steelyard.lake.imports.originals import keep_original

HEADER = "opportunity_id,owner,stage,amount,closed_on,outcome\n"
GOOD = "A1,Ann,Won,10,2017-03-01,won\n"
BASE = HEADER + "Z1,Zoe,Won,1,2017-01-01,won\n"


@dataclass(frozen=True)
class Refusal:
    """The whole file is refused: one of the codes, and these places."""

    codes: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Counted:
    """What is created, and each reject as (line, column, code)."""

    created: int
    rejects: tuple[tuple[Any, Any, str], ...] = ()
    unchanged: int = 0
    holds: str = ""


@dataclass(frozen=True)
class Case:
    """A file and what becomes of it."""

    id: str
    content: Callable[[], bytes]
    expected: Refusal | Counted
    name: str = "file.csv"
    mapping: dict[str, Any] = field(default_factory=dict)


def text(rows: str, *, header: str = HEADER, encoding: str = "utf-8") -> Callable[[], bytes]:
    return lambda: (header + rows).encode(encoding)


def case(id: str, content: Callable[[], bytes] | str, expected: Refusal | Counted, **more: Any) -> Any:
    made = text(content) if isinstance(content, str) else content
    return pytest.param(Case(id, made, expected, **more), id=id)


def cell(value: str, *, column: int = 3) -> str:
    """A good row and one with this value, on line 3."""
    cells = ["A2", "Bea", "Won", "10", "2017-03-01", "won"]
    cells[column] = value
    return GOOD + ",".join(cells) + "\n"


def workbook(rows: list[list[Any]], *, sheets: int = 1) -> bytes:
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        for _ in range(sheets):
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return memory.getvalue()


ROWS: list[list[Any]] = [HEADER.strip().split(","), ["A1", "Ann", "Won", 10, "2017-03-01", "won"]]


def edited(content: bytes, member: str, change: Callable[[bytes], bytes], *, level: int = 6) -> bytes:
    """A zip file with one member changed."""
    memory = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as new,
    ):
        for each in old.namelist():
            data = old.read(each)
            new.writestr(each, change(data) if each == member else data)
    return memory.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def without_dimension() -> bytes:
    return edited(workbook(ROWS), SHEET, lambda xml: xml.replace(b'<dimension ref="A1:F2"/>', b""))


def far_cell() -> bytes:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return edited(workbook(ROWS), SHEET, lambda xml: xml.replace(b"</sheetData>", far))


def sheet_bomb() -> bytes:
    return edited(workbook(ROWS), SHEET, lambda xml: xml.replace(b"</sheetData>", b" " * 30_000_000), level=9)


def entities() -> bytes:
    lines = ['<!ENTITY l0 "lol">']
    lines += [f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10)]
    start = f'<?xml version="1.0"?><!DOCTYPE x [{"".join(lines)}]>'.encode()
    return edited(
        workbook(ROWS),
        "xl/sharedStrings.xml",
        lambda xml: start + xml[xml.index(b"<sst") :].replace(b"Ann", b"&l9;"),
    )


def members(count: int) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for number in range(count):
            archive.writestr(f"part{number}.csv", HEADER + GOOD)
    return memory.getvalue()


def lying_zip() -> bytes:
    """A sheet whose directory entry claims a few bytes and which unpacks to many."""
    content = bytearray(sheet_bomb())
    place = content.rindex(SHEET.encode()) - 46
    struct.pack_into("<I", content, place + 24, 1000)
    return bytes(content)


def locked_workbook() -> bytes:
    """The shell of an encrypted workbook: a compound file that names its streams."""
    names = "EncryptionInfo".encode("utf-16-le") + "EncryptedPackage".encode("utf-16-le")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + names + b"\x00" * 600


def parquet(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return sink.getvalue().to_pybytes()


def facts(**more: Any) -> pa.Table:
    return pa.table({"opportunity_id": ["A1"], "owner": ["Ann"], "stage": ["Won"], **more})


def noise() -> bytes:
    return random.Random(7).randbytes(5000)


DAMAGED = (HEADER + GOOD).replace(
    "Ann", "安安安安安安安安安安安安安安安安安安安安安安"
).encode() + b"A2,B\xffea,Won,1,,won\n"
LATIN = (HEADER + GOOD.replace("Ann", "Müller") + "A2,Zoë Gärtner,Verhandlung für Möbel,1,,won\n").encode(
    "cp1252"
)
DATES = "opportunity_id,owner,stage,closed_on\n"

CASES = [
    # Encodings
    case("utf8-bom", text(GOOD, encoding="utf-8-sig"), Counted(1)),
    case("utf16-marked", text(GOOD, encoding="utf-16"), Counted(1)),
    case("utf16-be-marked", lambda: b"\xfe\xff" + (HEADER + GOOD).encode("utf-16-be"), Counted(1)),
    case("utf16-le-unmarked", text(GOOD, encoding="utf-16-le"), Counted(1)),
    case("utf16-be-unmarked", text(GOOD, encoding="utf-16-be"), Counted(1)),
    case("utf16-cut-off", lambda: (HEADER + GOOD).encode("utf-16")[:-1], Refusal("import.bad-encoding")),
    case(
        "gb18030-names",
        text(cell("销售员李明", column=1), encoding="gb18030"),
        Counted(2, holds="销售员李明"),
    ),
    case("latin", lambda: LATIN, Counted(2, holds="Müller")),
    case("damaged-utf8", lambda: DAMAGED, Refusal("import.bad-encoding", {"line": 3})),
    case(
        "noise",
        noise,
        Refusal("import.not-a-table import.unknown-encoding import.bad-encoding import.no-columns"),
    ),
    case("zeros", lambda: b"\x00" * 4096, Refusal("import.not-a-table import.empty-file import.no-columns")),
    case("nul-in-a-cell", cell("Be\x00a", column=1), Counted(1, ((3, "owner", "control-character"),))),
    case("escape-in-a-cell", cell("\x1b[31mBea", column=1), Counted(1, ((3, "owner", "control-character"),))),
    # Rows
    case(
        "short-row", GOOD + "A2,Bea,Won\n" + GOOD.replace("A1", "A3"), Counted(2, ((3, None, "ragged-row"),))
    ),
    case("long-row", GOOD + "A2,Bea,Won,1,2017-01-01,won,what\n", Counted(1, ((3, None, "ragged-row"),))),
    case("trailing-commas", GOOD + "A2,Bea,Won,1,2017-01-01,won,,,\n", Counted(2)),
    case(
        "quote-never-closed",
        GOOD + 'A2,"Bea,Won,1,2017-01-01,won\n' + GOOD,
        Refusal("import.unclosed-quote", {"line": 3}),
    ),
    case(
        "quote-broken", GOOD + 'A2,"Bea"x,Won,1,2017-01-01,won\n', Refusal("import.broken-quote", {"line": 3})
    ),
    case(
        "newline-in-a-cell",
        'A1,"Ann\nof the\nNorth",Won,10,2017-03-01,won\nA2,Bea,Won,x,,won\n',
        Counted(1, ((5, "amount", "not-a-number"),)),
    ),
    case("mixed-line-ends", "A1,Ann,Won,1,,won\r\nA2,Bea,Won,2,,won\nA3,Cy,Won,3,,won\r", Counted(3)),
    case(
        "old-mac-line-ends",
        lambda: (HEADER + GOOD + GOOD.replace("A1", "A2")).replace("\n", "\r").encode(),
        Counted(2),
    ),
    case(
        "blank-lines",
        "\n" + GOOD + "\n\n,,,,,\nA2,Bea,Won,x,,won\n",
        Counted(1, ((7, "amount", "not-a-number"),)),
    ),
    case("no-line-end-at-the-end", GOOD.strip(), Counted(1)),
    case(
        "huge-field", "A1," + "x" * 3_000_000 + ",Won,1,,won\n", Refusal("import.field-too-long", {"line": 2})
    ),
    case("long-text", cell("x" * 20_000, column=1), Counted(1, ((3, "owner", "too-long"),))),
    # Headers
    case("empty", lambda: b"", Refusal("import.empty-file")),
    case("only-spaces", lambda: b" \n\n  \n", Refusal("import.empty-file")),
    case("header-only", lambda: HEADER.encode(), Counted(0)),
    case("title-above", text(GOOD, header="Report of March\n\n" + HEADER), Counted(1)),
    case(
        "column-twice",
        text("A1,Ann,Won,1,2\n", header="opportunity_id,owner,stage,amount,Amount\n"),
        Refusal("import.duplicate-column", {"line": 1, "column": "Amount"}),
    ),
    case(
        "301-columns",
        text(
            "A1,Ann,Won\n",
            header="opportunity_id,owner,stage," + ",".join(f"x{i}" for i in range(298)) + "\n",
        ),
        Refusal("import.too-many-columns", {"columns": 301, "limit": 300}),
    ),
    case("nameless-column", text("A1,Ann,,Won\n", header="opportunity_id,owner,,stage\n"), Counted(1)),
    case(
        "no-key",
        text("Ann,Won\n", header="owner,stage\n"),
        Refusal("import.unmapped-need", {"column": "opportunity_id"}),
    ),
    case(
        "mapped-column-absent",
        GOOD,
        Refusal("import.missing-column", {"column": "Deal value"}),
        mapping={"columns": {"amount": "Deal value"}},
    ),
    case(
        "columns-named-like-ours",
        text("A1,Ann,Won,1,2,3,4\n", header="opportunity_id,owner,stage,_line,_file,_import,v0\n"),
        Counted(1, holds="import1"),
    ),
    case(
        "column-named-like-sql",
        text("A1,Ann,Won,x\n", header='opportunity_id,owner,stage,"""; DROP TABLE opportunities; --"\n'),
        Counted(1),
    ),
    # Values
    case("not-a-number", cell("ten"), Counted(1, ((3, "amount", "not-a-number"),))),
    case("infinite", cell("inf"), Counted(1, ((3, "amount", "not-a-number"),))),
    case("no-number-there", cell("N/A"), Counted(2)),
    case("too-much-money", cell("99999999999999999999"), Counted(1, ((3, "amount", "out-of-range"),))),
    case("full-width-and-grouped", cell('"￥１，２３４．５"'), Counted(2, holds="1234.5")),
    case(
        "decimal-commas",
        text("A1;Ann;Won;1.234,50\nA2;Bea;Won;7,25\n", header="opportunity_id;owner;stage;amount\n"),
        Counted(2, holds="1234.50"),
    ),
    case("31-february", cell("2017-02-31", column=4), Counted(1, ((3, "closed_on", "not-a-date"),))),
    case("year-1", cell("0001-01-01", column=4), Counted(1, ((3, "closed_on", "out-of-range"),))),
    case("year-9999", cell("9999-12-31", column=4), Counted(1, ((3, "closed_on", "out-of-range"),))),
    case("before-christ", cell("-0044-03-15", column=4), Counted(1, ((3, "closed_on", "out-of-range"),))),
    case("infinite-date", cell("infinity", column=4), Counted(1, ((3, "closed_on", "out-of-range"),))),
    case(
        "ambiguous-dates",
        text("A1,Ann,Won,03/04/2017\nA2,Bea,Won,05/06/2017\n", header=DATES),
        Refusal("import.ambiguous-date", {"column": "closed_on", "examples": ["03/04/2017", "05/06/2017"]}),
    ),
    case(
        "ambiguous-in-the-sample-only",
        text(
            "".join(f"B{i},Ann,Won,03/04/2017\n" for i in range(3000)) + "A1,Ann,Won,25/04/2017\n",
            header=DATES,
        ),
        Counted(3001),
    ),
    case(
        "mixed-dates",
        text("A1,Ann,Won,13/04/2017\nA2,Bea,Won,05/26/2017\n", header=DATES),
        Refusal("import.mixed-dates", {"column": "closed_on"}),
    ),
    case(
        "order-given",
        text("A1,Ann,Won,03/04/2017\nA2,Bea,Won,05/06/2017\nA3,Cy,Won,05/26/2017\n", header=DATES),
        Counted(2, ((4, "closed_on", "not-a-date"),), holds="2017-04-03"),
        mapping={"columns": {"closed_on": {"from": "closed_on", "order": "dmy"}}},
    ),
    case("outcome-unknown", cell("maybe", column=5), Counted(1, ((3, "outcome", "not-a-value"),))),
    case("need-missing", cell("", column=1), Counted(1, ((3, "owner", "missing"),))),
    case("key-missing", cell("  ", column=0), Counted(1, ((3, "opportunity_id", "missing"),))),
    case(
        "two-faults-one-row",
        "A1,,Won,ten,,won\n",
        Counted(0, ((2, "amount", "not-a-number"), (2, "owner", "missing"))),
    ),
    case("same-row-twice", GOOD + GOOD, Counted(1, unchanged=1)),
    case(
        "key-twice",
        GOOD + GOOD.replace("10", "11") + GOOD,
        Counted(1, ((3, "opportunity_id", "duplicate-key"),), unchanged=1),
    ),
    case("formula", cell("=cmd|' /C calc'!A0", column=1), Counted(2, holds="=cmd|' /C calc'!A0")),
    # Archives
    case(
        "gzip-cut-off",
        lambda: gzip.compress(b"".join([HEADER.encode(), noise().hex().encode()]))[:-20],
        Refusal("import.broken-archive"),
        name="file.csv.gz",
    ),
    case(
        "gzip-with-a-tail",
        lambda: gzip.compress((HEADER + GOOD).encode()) + b"tail",
        Refusal("import.broken-archive"),
    ),
    case("gzip-bomb", lambda: gzip.compress(b"\n" * 30_000_000), Refusal("import.expands-too-much")),
    case("gzip-in-gzip", lambda: gzip.compress(gzip.compress(b"x")), Refusal("import.not-a-table")),
    case("zip-of-text", lambda: members(2), Refusal("import.archive-without-table")),
    case("zip-of-many", lambda: members(201), Refusal("import.too-many-members", {"members": 201})),
    # Spreadsheets
    case("csv-called-xlsx", GOOD, Counted(1), name="file.xlsx"),
    case(
        "page-called-xls",
        lambda: b"<html><table><tr><td>A1</td></tr></table></html>",
        Refusal("import.web-page"),
        name="f.xls",
    ),
    case("workbook", lambda: workbook(ROWS), Counted(1), name="file.xlsx"),
    case("workbook-called-csv", lambda: workbook(ROWS), Counted(1)),
    case("sheet-without-dimension", without_dimension, Counted(1), name="file.xlsx"),
    case("sheet-bomb", sheet_bomb, Refusal("import.expands-too-much"), name="file.xlsx"),
    case(
        "sheet-bomb-that-lies",
        lying_zip,
        Refusal("import.unreadable-file import.too-much-memory import.broken-archive"),
        name="f.xlsx",
    ),
    case(
        "cell-at-the-end",
        far_cell,
        Refusal("import.too-much-memory import.unreadable-file"),
        name="file.xlsx",
    ),
    case("entities", entities, Refusal("import.unreadable-file"), name="file.xlsx"),
    case(
        "workbook-cut-off", lambda: workbook(ROWS)[:-400], Refusal("import.broken-archive"), name="file.xlsx"
    ),
    case("workbook-locked", locked_workbook, Refusal("import.password-protected"), name="file.xlsx"),
    case("workbook-empty", lambda: workbook([]), Refusal("import.empty-file"), name="file.xlsx"),
    case("workbook-header-only", lambda: workbook(ROWS[:1]), Counted(0), name="file.xlsx"),
    case(
        "workbook-wrong-type",
        lambda: workbook([*ROWS, ["A2", "Bea", "Won", "ten", "2017-03-01", "won"]]),
        Counted(1, ((3, "amount", "not-a-number"),)),
        name="file.xlsx",
    ),
    case(
        "sheet-unknown",
        lambda: workbook(ROWS),
        Refusal("import.unknown-sheet"),
        mapping={"read": {"sheet": "Nope"}},
    ),
    # Parquet
    case("parquet", lambda: parquet(facts(amount=[1.5])), Counted(1), name="file.parquet"),
    case(
        "parquet-cut-off",
        lambda: parquet(facts())[:-10],
        Refusal("import.unreadable-file"),
        name="file.parquet",
    ),
    case("parquet-in-name-only", lambda: b"PAR1" + noise() + b"PAR1", Refusal("import.unreadable-file")),
    case(
        "parquet-nested", lambda: parquet(facts(x=[[1, 2]])), Refusal("import.nested-column", {"column": "x"})
    ),
    case(
        "parquet-bytes", lambda: parquet(facts(x=[b"\xff"])), Refusal("import.binary-column", {"column": "x"})
    ),
    case(
        "parquet-row-numbers", lambda: parquet(facts(file_row_number=[1])), Refusal("import.unreadable-file")
    ),
]


@pytest.fixture(scope="module")
def base_lake(tmp_path_factory: pytest.TempPathFactory, importer_on: Callable[[Path], Any]) -> Path:
    """A lake with one opportunity, copied for each case."""
    folder = tmp_path_factory.mktemp("base")
    (folder / "base.csv").write_text(BASE, encoding="utf-8")
    importer_on(folder / "lake").run([folder / "base.csv"], {"table": "opportunities"})
    return folder / "lake"


@pytest.mark.parametrize("hostile", CASES)
def test_file(hostile: Case, base_lake: Path, importer: Any, write: Callable[..., Path]) -> None:
    shutil.copytree(base_lake, importer.lake.root)
    importer.versions = {"opportunities": 0}
    before = (dict(importer.versions), importer.lake.versions())
    path = write(hostile.name, hostile.content())
    mapping = {"table": "opportunities", **hostile.mapping}
    if isinstance(hostile.expected, Refusal):
        with pytest.raises(Refused) as refused:
            importer.run([path], mapping)
        assert refused.value.code in hostile.expected.codes.split()
        for name, value in hostile.expected.params.items():
            assert refused.value.params[name] == value
        assert refused.value.params.get("file", path.name) == path.name
        assert (importer.versions, importer.lake.versions()) == before
        return
    total = importer.run([path], mapping).total
    assert sorted(importer.rejects(), key=repr) == sorted(hostile.expected.rejects, key=repr)
    assert (total.created, total.unchanged) == (hostile.expected.created, hostile.expected.unchanged)
    assert total.rejected == len({line for line, _, _ in hostile.expected.rejects})
    assert importer.rows("SELECT count(*) FROM opportunities") == [(1 + total.created,)]
    if hostile.expected.holds:
        found = importer.rows("SELECT COLUMNS(*)::VARCHAR FROM opportunities")
        assert any(hostile.expected.holds in str(value) for row in found for value in row)
    if total.created == 0:
        assert importer.lake.versions() == before[1]


def not_files(folder: Path) -> dict[str, Path]:
    os.mkfifo(folder / "pipe.csv")
    (folder / "folder.csv").mkdir()
    (folder / "link.csv").symlink_to(folder / "folder.csv")
    (folder / "nowhere.csv").symlink_to(folder / "absent.csv")
    return {
        "pipe": folder / "pipe.csv",
        "folder": folder / "folder.csv",
        "link-to-a-folder": folder / "link.csv",
        "link-to-nothing": folder / "nowhere.csv",
        "device": Path("/dev/zero"),
        "absent": folder / "absent.csv",
    }


@pytest.mark.parametrize(
    "kind", ["pipe", "folder", "link-to-a-folder", "link-to-nothing", "device", "absent"]
)
def test_what_is_no_file_is_refused_at_once(kind: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        keep_original(not_files(tmp_path)[kind], tmp_path / "lake")
    assert refused.value.code in ("import.not-a-file", "import.unreadable-file")


def test_a_file_above_the_limit_is_refused(importer: Any, write: Callable[..., Path]) -> None:
    path = write("big.csv", b"x" * (importer.limits.size + 1))
    with pytest.raises(Refused) as refused:
        importer.run([path], {"table": "opportunities"})
    assert refused.value.code == "import.file-too-large"
    assert refused.value.params["limit"] == importer.limits.size


def test_a_file_may_have_any_name(importer: Any, write: Callable[..., Path]) -> None:
    path = write('it\'s; a "name" [1]*?{}.csv', HEADER + GOOD)
    assert importer.run([path], {"table": "opportunities"}).total.created == 1
    kept = keep_original(path, importer.lake.root, name="../../../etc/passwd")
    assert kept.name == "passwd"
    assert Path(kept.path).parent == importer.lake.root / "quarantine" / "originals"


def test_time_limit_and_cancel(importer: Any, write: Callable[..., Path]) -> None:
    path = write("file.csv", HEADER + GOOD)
    with pytest.raises(Refused) as refused:
        importer.run([path], {"table": "opportunities"}, cancelled=lambda: True)
    assert refused.value.code == "import.cancelled"
    assert importer.lake.versions() == {}
