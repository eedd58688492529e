"""Event logs and approval exports, from the upload to the rows of the lake."""

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from steelyard.apps.access.policy import LOCAL_OPERATOR
from steelyard.apps.data import actions
from steelyard.apps.data.models import Import
from steelyard.apps.jobs.actions import run_here
from steelyard.lake.imports.limits import Limits
from tests.apps.data.conftest import content
from tests.lake.approval_exports import EXPORTS, Export

pytestmark = pytest.mark.django_db(transaction=True)
XES = """<?xml version="1.0" encoding="UTF-8"?>
<log><trace><string key="concept:name" value="PO-1"/><int key="amount" value="1200"/>
<event><string key="concept:name" value="Create"/><string key="org:resource" value="Li Na"/>
<date key="time:timestamp" value="2024-03-05T01:00:00Z"/></event>
<event><string key="concept:name" value="Approve"/><string key="org:resource" value="王芳"/>
<date key="time:timestamp" value="2024-03-05T10:30:00+08:00"/></event>
</trace></log>"""


def taken_in(path: Path) -> Import:
    return actions.take_in(LOCAL_OPERATOR, [(path.name, path)], limits=Limits.browser())


def published(path: Path) -> Mapping[str, Any]:
    taken = taken_in(path)
    run_here(LOCAL_OPERATOR, "data.publish", {"public_id": taken.public_id})
    taken.refresh_from_db()
    assert taken.state == Import.State.PUBLISHED
    return taken.counts


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(f"2024-{text}")


def test_an_xes_file_is_imported_without_a_mapping(tmp_path: Path, settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Shanghai"
    path = tmp_path / "purchase.xes"
    path.write_text(XES, encoding="utf-8")

    counts = published(path)

    assert counts["total"] == {"read": 2, "created": 2, "updated": 0, "unchanged": 0, "rejected": 0}
    assert content("work_events", "case_id", "activity", "finished_at", "performer", "case_amount") == [
        ("PO-1", "Approve", at("03-05 10:30"), "王芳", 1200),
        ("PO-1", "Create", at("03-05 09:00"), "Li Na", 1200),
    ]


def test_an_approval_export_is_imported_and_remembered(tmp_path: Path) -> None:
    export = next(each for each in EXPORTS if each.id == "dingtalk in words")
    path = export.write(tmp_path)

    counts = published(path)

    assert (counts["total"]["created"], counts["total"]["rejected"]) == (len(export.events), 1)
    expected = sorted((case, name, at(time), who) for case, name, time, who, _ in export.events)
    assert content("work_events", "case_id", "activity", "finished_at", "performer") == expected
    assert {row[0] for row in content("work_events", "process")} == {"用印申请"}


def test_the_inspection_says_that_the_records_were_read(tmp_path: Path) -> None:
    export: Export = next(each for each in EXPORTS if each.id == "feishu with nodes")
    taken = taken_in(export.write(tmp_path))

    assert taken.inspections[0]["records"] == "审批记录"
    assert taken.inspections[0]["questions"] == []
    assert taken.mapping["table"] == "work_events"
