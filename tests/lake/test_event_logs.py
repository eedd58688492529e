"""Event logs as files: the logs that process mining is measured on, and what is refused by line."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from steelyard.errors import Refused
from steelyard.lake.event_logs import LEFT_OUT, read_event_log
from steelyard.lake.imports.limits import Limits
from tests.shared import SHARED

# File: cases, rows, activities, whether starts are told, and performers, a blank being one of them.
LOGS = {
    "running-example.xes.gz": (6, 42, 8, False, 6),
    "running-example.csv.gz": (6, 42, 8, False, 6),
    "receipt.csv.gz": (1434, 8577, 27, False, 48),
    "interval_event_log.csv.gz": (1266, 8109, 8, True, None),
    "reviewing.csv.gz": (100, 3730, 14, False, 11),
    "teleclaims.xes.gz": (3512, 46138, 11, False, 4),
    "bpic2013_incidents.xes.gz": (7554, 65533, 4, False, 1440),
    "bpic2012.xes.gz": (13087, 262200, 24, False, 69),
    "wta_Production.csv.gz": (225, 4953, 26, True, 48),
    "wta_PurchasingExample.csv.gz": (608, 9119, 21, True, 27),
    "wta_manual_log_1.csv.gz": (4, 12, 6, True, 4),
    "wta_manual_log_2.csv.gz": (5, 15, 3, True, 4),
    "wta_manual_log_3.csv.gz": (18, 63, 7, True, 5),
    "bpic2020_DomesticDeclarations.xes.gz": (10357, 55628, 14, False, 2),
    "bpic2020_PrepaidTravelCost.xes.gz": (2007, 17507, 29, False, 2),
    "bpic2012_W_intervals.csv.gz": (8616, 59302, 6, True, 58),
    "procure_to_pay_sim.csv.gz": (1000, 13290, 24, True, 21),
    "procure_to_pay_sim_3_timers.csv.gz": (1000, 13112, 24, True, 21),
    "sepsis_bupar.csv.gz": (1050, 15214, 16, False, None),
    "bpa_Production.csv.gz": (225, 4503, 24, True, 46),
    "bpa_Production_expected_WTs.csv.gz": (225, 4503, 24, True, 46),
}
XES = """<?xml version="1.0" encoding="UTF-8"?>
<!-- made by hand -->
<log xmlns="http://www.xes-standard.org/">
  <global scope="event"><string key="concept:name" value="?"/></global>
  <trace>
    <string key="concept:name" value="A1"/>
    <float key="amount" value="12.50"><string key="unit" value="EUR"/></float>
    <event>
      <string value="Register" key="concept:name"/>
      <date key="time:timestamp" value="2024-03-05T10:00:00.000+08:00"/>
      <list key="parts"><string key="concept:name" value="inner"/></list>
    </event>
    <event>
      <string key="concept:name" value="Say &quot;no&quot; &amp; go"/>
      <string key="org:resource" value="王芳"/>
      <string key="outcome" value="驳回"/>
      <date key="time:timestamp" value="2024-03-05T04:00:00Z"/>
    </event>
  </trace>
</log>
"""


def shared_log(name: str) -> Path:
    path = SHARED / "process" / name
    if not path.exists():
        pytest.skip("the shared process logs are not there")
    return path


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    packed = gzip.compress(text.encode()) if name.endswith(".gz") else text.encode()
    path.write_bytes(packed)
    return path


@pytest.mark.parametrize("name", LOGS)
def test_known_logs_are_read_as_they_are_described(name: str) -> None:
    cases, rows, activities, has_starts, performers = LOGS[name]

    log = read_event_log(shared_log(name))

    assert (log.num_rows, len(log["case_id"].unique())) == (rows, cases)
    assert len(log["activity"].unique()) == activities
    assert ("started_at" in log.column_names) is has_starts
    found = len(log["performer"].unique()) if "performer" in log.column_names else None
    assert found == performers
    assert log["finished_at"].null_count == 0
    assert log.schema.metadata == {LEFT_OUT: b"0"}


def test_the_same_log_in_xes_and_csv_has_the_same_events() -> None:
    xes, csv = (read_event_log(shared_log(f"running-example.{kind}.gz")) for kind in ("xes", "csv"))
    columns = ["case_id", "activity", "finished_at", "performer"]

    def in_order(log: pa.Table) -> list[dict[str, object]]:
        return log.select(columns).sort_by([(name, "ascending") for name in columns]).to_pylist()

    assert in_order(xes) == in_order(csv)


def test_an_xes_event_has_its_own_attributes_and_those_of_its_trace(tmp_path: Path) -> None:
    log = read_event_log(written(tmp_path, "log.xes.gz", XES))

    assert log.to_pylist() == [
        {
            "case_id": "A1",
            "activity": "Register",
            "finished_at": datetime(2024, 3, 5, 2, tzinfo=UTC),
            "performer": None,
            "outcome": None,
            "case:amount": 12.5,
        },
        {
            "case_id": "A1",
            "activity": 'Say "no" & go',
            "finished_at": datetime(2024, 3, 5, 4, tzinfo=UTC),
            "performer": "王芳",
            "outcome": "rejected",
            "case:amount": 12.5,
        },
    ]


def test_names_can_be_given_and_the_rest_is_kept(tmp_path: Path) -> None:
    text = "nr;what;at;who;code\n7;check;2024/03/05 10:00:01.123456789;Li;007\n7;pay;2024/03/06 10:00;;012\n"
    path = written(tmp_path, "own.csv", text)

    log = read_event_log(path, case="nr", activity="what", finished="at", performer="who")

    first, second = log.to_pylist()
    assert first["finished_at"] == datetime(2024, 3, 5, 10, 0, 1, 123456, tzinfo=UTC)
    assert (first["case_id"], first["performer"], first["code"]) == ("7", "Li", "007")
    assert second["performer"] is None


def test_parquet_and_workbooks_are_read_as_text_files_are(tmp_path: Path) -> None:
    table = pa.table(
        {
            "case:concept:name": [1, 1],
            "concept:name": pa.array(["a", "b"]).dictionary_encode(),
            "time:timestamp": pa.array([0, 1_000_000_000], pa.timestamp("ns", "Europe/Berlin")),
        }
    )
    pq.write_table(table, tmp_path / "log.parquet")
    with xlsxwriter.Workbook(tmp_path / "log.xlsx") as book:
        sheet = book.add_worksheet()
        rows = [
            ("Case ID", "Activity", "Complete Timestamp"),
            ("1", "a", "1970-01-01 00:00:00"),
            ("1", "b", "1970-01-01 00:00:01"),
        ]
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)

    parquet, workbook = (read_event_log(tmp_path / f"log.{kind}") for kind in ("parquet", "xlsx"))

    assert parquet.to_pylist() == workbook.to_pylist()


def test_a_single_time_is_the_finish_and_rows_without_one_are_counted(tmp_path: Path) -> None:
    text = "case_id,activity,start_time\n1,a,2024-03-05 10:00\n1,b,\n2,,2024-03-05 11:00\n"

    log = read_event_log(written(tmp_path, "starts.csv", text))

    assert log.column_names == ["case_id", "activity", "finished_at"]
    assert log.num_rows == 1
    assert log.schema.metadata == {LEFT_OUT: b"2"}


REFUSED = {
    "bomb.xes": (
        '<?xml version="1.0"?>\n<!DOCTYPE log [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<log>&b;</log>',
        "import.xml-with-doctype",
        2,
    ),
    "outside.xes": (
        '<!DOCTYPE log SYSTEM "file:///etc/passwd">\n<log/>',
        "import.xml-with-doctype",
        1,
    ),
    "cut.xes": (XES[: XES.index("</trace>")], "import.broken-xml", 19),
    "unclosed.xes": (XES.replace("</event>", "", 1), "import.broken-xml", 19),
    "deep.xes": ("<log>\n" + "<trace>" * 200, "import.xml-too-deep", 2),
    "loose.xes": ("<log>\n<event/>\n</log>", "import.event-without-trace", 2),
    "ragged.csv": ("case_id,activity,end_time\n1,a,2024-03-05\n1,b\n", "import.ragged-row", 3),
    "untimed.csv": (
        'case_id,activity,end_time\n1,"a\nb",2024-03-05\n\n1,b,soon\n',
        "log.not-a-time",
        5,
    ),
    "untimed.xes": (XES.replace("2024-03-05T04:00:00Z", "later"), "log.not-a-time", 13),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_is_refused_by_its_line(tmp_path: Path, name: str) -> None:
    text, code, line = REFUSED[name]

    with pytest.raises(Refused) as refusal:
        read_event_log(written(tmp_path, name, text))

    assert (refusal.value.code, refusal.value.params["line"]) == (code, line)
    assert refusal.value.params["file"] == name


def test_what_cannot_be_a_log_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress(XES.encode())
    for name, content, code in (
        ("empty.xes", b"<log></log>", "import.empty-file"),
        ("cut.xes.gz", packed[:-20], "import.broken-archive"),
        ("page.xes", b"<!DOCTYPE html><html><body></body></html>", "import.web-page"),
        ("other.xml", b"<?xml version='1.0'?><rows/>", "import.web-page"),
        ("days.csv", b"case_id,activity,end_time\n1,a,03/04/2024\n1,b,05/06/2024\n", "log.day-or-month"),
        ("short.csv", b"case_id,end_time\n1,2024-03-05\n", "log.column-not-found"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(Refused, match=code):
            read_event_log(path)
    with pytest.raises(Refused, match=r"import\.missing-column"):
        read_event_log(written(tmp_path, "log.xes", XES), case="no such")


def test_a_packed_log_may_not_grow_beyond_measure(tmp_path: Path) -> None:
    event = "<event>" + " " * 1000 + "</event>"
    path = written(tmp_path, "bomb.xes.gz", f"<log><trace>{event * 20_000}</trace></log>")

    with pytest.raises(Refused, match=r"import\.expands-too-much"):
        read_event_log(path, limits=Limits(free_expansion=1 << 20))
