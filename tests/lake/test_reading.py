"""The fast and the careful way of reading a file agree."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from steelyard.lake.imports.textfile import as_utf8

HEADER = "opportunity_id,owner,stage,amount,closed_on,seats\n"
BODIES = {
    "plain": 'A1,Ann,Won,1.5,2017-03-01,4\nA2,"Bea, of the North",Open,,,\n',
    "padded": 'A1, Ann ,Won,1.5 ,2017-03-01, 4\nA2,"Bea, of the North",Open,,,\n',
    "quoted": "A1,'=Ann,Won,1.5,2017-03-01,4\nA2,Bea,Open,,,\n",
    "numbers": (
        'A1,Ann,Won,"1,234.50",2017/3/1,1e3\nA2,Bea,Open,￥７,20170302,-5%\nA3,Cy,Open,(9),2017-03,nan\n'
    ),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_both_ways_agree(
    body: str, importer: Any, importer_on: Any, write: Callable[..., Path], tmp_path: Path
) -> None:
    fast = importer.run([write("fast.csv", HEADER + body)], {"table": "opportunities"}).total
    other = importer_on(tmp_path / "careful")
    # A row without a key sends the whole file the careful way.
    careful = other.run([write("careful.csv", HEADER + body + ",x,x,,,\n")], {"table": "opportunities"}).total
    assert (fast.created, fast.rejected) == (careful.created, careful.rejected - 1)
    query = "SELECT opportunity_id, owner, stage, amount, closed_on, seats FROM opportunities ORDER BY 1"
    assert importer.rows(query) == other.rows(query)


@pytest.mark.parametrize(
    ("content", "odd", "padded"),
    [
        (b"a,b\n1,2\n", False, False),
        (b"a,b\n1,x y\n", False, False),
        (b"a,b\n1, 2\n", False, True),
        (b"a,b\n1 ,2\n", False, True),
        (b"a,b\n1,2 ", False, True),
        (b'a,b\n1," x"\n', False, True),
        (b"a,b\n1,'=x\n", False, True),
        (b"a,b\n1,it's\n", False, False),
        (b"a" * ((1 << 20) - 1) + b", 2\n", False, True),
        (b"a" * (1 << 20) + b" ,2\n", False, True),
        ("a,b\n1,“引号”——、\n".encode(), False, False),
        ("a,b\n1,\u3000x\n".encode(), True, False),
        (b"a,b\n1,\x07\n", True, False),
    ],
)
def test_what_a_scan_sees(content: bytes, odd: bool, padded: bool, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    found = as_utf8(path, tmp_path / "utf8", name="file")
    assert (found.odd, found.padded) == (odd, padded)
