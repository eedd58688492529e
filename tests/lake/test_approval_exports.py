"""Approval exports become the events of their requests without a mapping, or a row is not read at all."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steelyard.errors import Refused
from steelyard.lake.event_logs import read_event_log
from steelyard.lake.imports.approval_records import NotUnderstoodError, entries_of
from steelyard.lake.imports.inspect import inspect
from steelyard.lake.imports.originals import keep_original
from tests.lake.approval_exports import EXPORTS, Event, Export
from tests.lake.conftest import LIMITS

WHOLE = [export for export in EXPORTS if not export.rejects]
BY_ID = {export.id: export for export in EXPORTS}


def inspected(path: Path, importer: Any) -> Any:
    return inspect(keep_original(path, importer.lake.root, limits=LIMITS), limits=LIMITS)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"2024-{text}")


def stored(importer: Any) -> list[dict[str, Any]]:
    files = importer.lake.files("work_events", importer.versions["work_events"])
    rows = [row for file in files for row in pq.read_table(file).to_pylist()]
    return sorted(rows, key=lambda row: (row["case_id"], row["finished_at"], row["activity"]))


def told(row: dict[str, Any]) -> Event:
    return (row["case_id"], row["activity"], row["finished_at"], row["performer"], row["outcome"])


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.id)
def test_an_export_becomes_events_without_a_mapping(export: Export, importer: Any, tmp_path: Path) -> None:
    path = export.write(tmp_path)
    inspection = inspected(path, importer)

    best = inspection.suggestions[0]
    assert (best.table, best.missing) == ("work_events", ())
    assert [question for question in inspection.questions if not question["chosen"]] == []
    importer.run([path], best.mapping())

    rows = stored(importer)
    expected = [(case, name, moment(at), who, outcome) for case, name, at, who, outcome in export.events]
    assert sorted(map(told, rows), key=str) == sorted(expected, key=str)
    assert {row["process"] for row in rows} == {export.process}
    rejects = [(each["line"], each["value"], each["code"]) for each in importer.last.rejects()]
    assert rejects == [(line, part, "approval-not-understood") for line, part in export.rejects]


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.id)
def test_the_same_file_again_changes_nothing(export: Export, importer: Any, tmp_path: Path) -> None:
    path = export.write(tmp_path)
    mapping = inspected(path, importer).suggestions[0].mapping()

    importer.run([path], mapping)
    again = importer.run([path], mapping).counts["work_events"]

    assert (again.created, again.updated) == (0, 0)


@pytest.mark.parametrize("export", WHOLE, ids=lambda export: export.id)
def test_the_file_is_an_event_log_as_it_is(export: Export, tmp_path: Path) -> None:
    log = read_event_log(export.write(tmp_path))

    found = [told(row | {"finished_at": row["finished_at"].replace(tzinfo=None)}) for row in log.to_pylist()]
    expected = [(case, name, moment(at), who, outcome) for case, name, at, who, outcome in export.events]
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_a_log_with_a_part_that_is_not_understood_is_refused_by_its_line(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        read_event_log(BY_ID["dingtalk in words"].write(tmp_path))

    assert refusal.value.code == "log.record-not-understood"
    assert (refusal.value.params["line"], refusal.value.params["column"]) == (8, "操作记录")


def test_form_fields_are_kept_as_columns_of_the_case(importer: Any, tmp_path: Path) -> None:
    path = BY_ID["dingtalk with ids"].write(tmp_path)
    importer.run([path], inspected(path, importer).suggestions[0].mapping())

    first = stored(importer)[0]
    assert (first["采购金额_元"], first["采购事由"], first["发起人部门"]) == (12500.0, "展台搭建", "市场部")
    assert first["performer_detail"] == "012"
    assert "审批记录_含处理人user_id" not in first


def test_starts_are_told_only_where_the_export_tells_them(importer: Any, tmp_path: Path) -> None:
    path = BY_ID["feishu with arrival and finish"].write(tmp_path)
    importer.run([path], inspected(path, importer).suggestions[0].mapping())

    assert [row["started_at"] for row in stored(importer)] == [
        None,
        moment("05-06 09:05"),
        moment("05-06 11:00"),
    ]


def test_records_can_be_left_alone_and_can_be_named(importer: Any, tmp_path: Path) -> None:
    export = BY_ID["feishu in lines"]
    path = export.write(tmp_path)
    original = keep_original(path, importer.lake.root, limits=LIMITS)

    plain = inspect(original, limits=LIMITS, read={"records": "none"})
    named = inspect(original, limits=LIMITS, read={"records": {"column": "审批历史", "kind": "approval"}})

    assert [column["name"] for column in plain.columns] == export.header
    assert "_activity" in [column["name"] for column in named.columns]
    with pytest.raises(Refused, match=r"mapping\.bad-value"):
        inspect(original, limits=LIMITS, read={"records": {"kind": "approval"}})


UNREADABLE = (
    "张三 同意 昨天",
    "？？？乱码",
    "张三 2024-03-05 10:12:33",
    "张三|2024-03-05 10:12|也许|",
    "张三 同意 2024-13-05 10:12",
    "同意 2024-03-05 10:12",
    "张三 李四 同意 2024-03-05 10:12",
    "张三 同意 2024-03-05 10:12 2024-03-06 10:12",
    "这是一句很长的话而不是名字 同意 2024-03-05 10:12",
    "张三 同意 2024-03-05 10:12\n然后就没有了",
    "hello world\n王五 同意 2024-03-05 10:12",
    "财务总监 李四\n王五 同意 2024-03-05 10:12",
)


@pytest.mark.parametrize("cell", UNREADABLE)
def test_what_is_not_understood_is_never_half_read(cell: str) -> None:
    with pytest.raises(NotUnderstoodError):
        entries_of(cell)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["张三", "李四", "王伟", "欧阳修文", "Tom"]),
            st.sampled_from([("同意", "approved"), ("驳回", "rejected"), ("转交", "changed")]),
            st.datetimes(moment("01-01"), moment("12-31")),
        ),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(
        [
            ("{who}|{at}|{word}|", ";\n"),
            ("{who}|x1|审批|{at}|{word}|好", ";"),
            ("财务审核|{who}|{at}|{word}|", ";"),
            ("{who} {word} {at}", "\n"),
            ("{who}({at})-已{word}", "；"),
            ("主管审批:{who}(已{word}, {at})", ";"),
            ("{at} {who} {word}", " → "),
        ]
    ),
)
def test_every_way_of_writing_tells_the_same(decisions: list[Any], way: tuple[str, str]) -> None:
    pattern, between = way
    cell = between.join(
        pattern.format(who=who, word=word, at=f"{at:%Y-%m-%d %H:%M:%S}") for who, (word, _), at in decisions
    )

    found = [(each.person, each.outcome, each.finished) for each in entries_of(cell)]

    expected = [(who, outcome, f"{at:%Y-%m-%d %H:%M:%S}") for who, (_, outcome), at in decisions]
    assert found == sorted(expected, key=lambda each: each[2])


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(cell: str) -> None:
    try:
        entries = entries_of(cell)
    except NotUnderstoodError:
        return
    assert all(entry.finished for entry in entries)
