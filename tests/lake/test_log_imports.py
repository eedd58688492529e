"""Event logs through the ordinary import: known by their column names, ties kept, hostile ones refused."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from steelyard.errors import Refused
from steelyard.lake.imports.inspect import inspect
from steelyard.lake.imports.limits import Limits
from steelyard.lake.imports.originals import keep_original
from tests.lake.conftest import LIMITS
from tests.shared import SHARED

WIDE = Limits(seconds=300, memory=1 << 30)
LOGS = {
    "running-example.xes.gz": (42, 0, 0),
    "running-example.csv.gz": (42, 0, 0),
    # Rows, those equal to an earlier one, those that share case, step and time with another.
    "reviewing.csv.gz": (3730, 0, 232),
    "bpa_Production.csv.gz": (4503, 51, 17),
    "sepsis_bupar.csv.gz": (15214, 1, 6),
    "wta_manual_log_3.csv.gz": (63, 0, 0),
    "bpic2020_PrepaidTravelCost.xes.gz": (17507, 0, 0),
}
EVENT = """<event><string key="concept:name" value="check"/>
<date key="time:timestamp" value="2024-03-{}T10:00:00+08:00"/>
<string key="lifecycle:transition" value="{}"/></event>
"""
EVENTS = f"""<log><trace><string key="concept:name" value="A"/>
{EVENT.format("05", "start")}{EVENT.format("05", "complete") * 2}{EVENT.format("09", "complete")}
<event><string key="concept:name" value="file"/><string key="lifecycle:transition" value="complete"/></event>
</trace></log>"""


def suggested(path: Path, importer: Any, limits: Limits = LIMITS) -> Mapping[str, Any]:
    best = inspect(keep_original(path, importer.lake.root, limits=limits), limits=limits).suggestions[0]
    assert (best.table, best.missing) == ("work_events", ())
    return best.mapping()


def stored(importer: Any) -> list[dict[str, Any]]:
    files = importer.lake.files("work_events", importer.versions["work_events"])
    rows = [row for file in files for row in pq.read_table(file).to_pylist()]
    return sorted(rows, key=lambda row: (row["case_id"], row["finished_at"]))


@pytest.mark.parametrize("name", LOGS)
def test_a_known_log_needs_no_mapping(name: str, importer: Any) -> None:
    path = SHARED / "process" / name
    if not path.exists():
        pytest.skip("the shared process logs are not there")
    rows, same, ties = LOGS[name]

    counts = importer.run([path], suggested(path, importer, WIDE), limits=WIDE).counts["work_events"]

    assert (counts.read, counts.created, counts.unchanged, counts.rejected) == (rows, rows - same, same, 0)
    assert importer.last.facts["work_events"].ties == ties


def test_work_done_again_and_ties_are_kept(importer: Any, tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    path.write_text(EVENTS, encoding="utf-8")

    counts = importer.run([path], suggested(path, importer)).counts["work_events"]

    assert (counts.read, counts.created, counts.unchanged, counts.rejected) == (5, 3, 1, 1)
    found = [(str(row["finished_at"]), row["lifecycle_transition"]) for row in stored(importer)]
    assert found == [
        ("2024-03-05 02:00:00", "start"),
        ("2024-03-05 02:00:00.000001", "complete"),
        ("2024-03-09 02:00:00", "complete"),
    ]
    assert importer.last.facts["work_events"].ties == 1
    assert [(each["line"], each["code"]) for each in importer.last.rejects()] == [(15, "missing")]
    again = importer.run([path], suggested(path, importer)).counts["work_events"]
    assert (again.created, again.updated) == (0, 0)


def test_times_that_name_their_zone_become_those_of_the_site(importer: Any, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    said = ["2024-03-05T02:00:00Z", "2024-03-05 10:00:00.5+08:00", "2024-03-05 10:00"]
    rows = [f"{n},a,{text}" for n, text in enumerate(said)]
    path.write_text("\n".join(["case_id,activity,finished_at", *rows]), encoding="utf-8")

    importer.run([path], suggested(path, importer), zone="Asia/Shanghai")

    expected = ["2024-03-05 10:00:00", "2024-03-05 10:00:00.500000", "2024-03-05 10:00:00"]
    assert [str(row["finished_at"]) for row in stored(importer)] == expected


def test_raw_decisions_become_outcomes(importer: Any, tmp_path: Path) -> None:
    path = tmp_path / "审批节点.csv"
    said = ["同意", "已通过", "驳回", "退回修改", "转交", "审批中", "", "agree"]
    rows = [f"A{n},部门经理,2024-03-05 10:00,李四,{text}" for n, text in enumerate(said)]
    path.write_text("\n".join(["审批编号,审批节点,审批时间,审批人,审批结果", *rows]), encoding="utf-8")

    importer.run([path], suggested(path, importer))

    expected = ["approved", "approved", "rejected", "changed", "changed", None, None, "approved"]
    assert [row["outcome"] for row in stored(importer)] == expected


def test_parquet_with_the_names_of_pm4py_needs_no_mapping(importer: Any, tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    times = pa.array([0, 60_000_000], pa.timestamp("us", "Asia/Shanghai"))
    names = {"case:concept:name": ["1", "1"], "concept:name": ["a", "b"], "time:timestamp": times}
    pq.write_table(pa.table(names | {"org:resource": ["Li", None]}), path)

    importer.run([path], suggested(path, importer))

    found = [(row["activity"], str(row["finished_at"]), row["performer"]) for row in stored(importer)]
    assert found == [("a", "1970-01-01 00:00:00", "Li"), ("b", "1970-01-01 00:01:00", None)]


BOMB = "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f'<!DOCTYPE log [<!ENTITY b0 "ha">{BOMB}]>\n<log><trace/>&b11;</log>', "import.xml-with-doctype"),
        ("<log>" + "<trace>" * 100_000, "import.xml-too-deep"),
        (EVENTS[:-20], "import.broken-xml"),
        ('<?xml version="1.0" encoding="klingon"?><log/>', "import.unknown-encoding"),
        ("<log><trace></trace></log>", "import.empty-file"),
        (
            "<log><trace><event>"
            + "".join(f'<int key="k{n}" value="1"/>' for n in range(400))
            + "</event></trace></log>",
            "import.too-many-columns",
        ),
    ],
)
def test_hostile_logs_are_refused(importer: Any, tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "log.xes"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(Refused) as refusal:
        inspect(keep_original(path, importer.lake.root, limits=LIMITS), limits=LIMITS)

    assert refusal.value.code == code
