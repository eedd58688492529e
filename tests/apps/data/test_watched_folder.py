"""What lands in the watched folder is imported, set aside with a reason, or left for a person."""

import os
import threading
from pathlib import Path
from typing import Any

import pytest

from steelyard.apps.access.policy import LOCAL_OPERATOR
from steelyard.apps.data import actions
from steelyard.apps.data.models import Import, Source
from steelyard.apps.data.queries.inbox import (
    EMPTY_SECONDS,
    STILL_SECONDS,
    Watch,
    arrivals_seen_by,
    inbox,
    watched,
)
from steelyard.apps.jobs.actions import run_queued
from steelyard.apps.jobs.models import Job
from tests.apps.data import crm
from tests.apps.data.conftest import content
from tests.apps.data.test_full_snapshots import row

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


class Inbox:
    """The watched folder, and a worker whose clock the test moves."""

    def __init__(self) -> None:
        self.seen, self.now = Watch(), 0.0
        self.seen_look = self.seen.look

    def put(self, *rows: list[Any], day: str, folder: str = "crm") -> Path:
        home = inbox() / folder
        home.mkdir(parents=True, exist_ok=True)
        return crm.export(home, list(rows), day=day)

    def look(self, *, after: float = STILL_SECONDS) -> None:
        """One look of the worker so many seconds later, and the jobs that it asks for."""
        self.now += after
        now = self.now

        class Seen:
            look = staticmethod(lambda: self.seen_look(now=now))

        actions.watch_inbox(Seen())  # type: ignore[arg-type]
        run_queued()

    def wait(self) -> None:
        self.look(after=1)
        self.look()

    def lying(self, folder: str = "crm") -> list[str]:
        home = inbox() / folder
        return sorted(str(path.relative_to(home)) for path in home.rglob("*") if not path.is_dir())


@pytest.fixture
def box(tmp_path) -> Inbox:
    """The source crm is known by one import that a person made."""
    crm.commit(crm.take(crm.export(tmp_path, [row(1), row(2), row(3)], day="2024-01-31")))
    return Inbox()


def outcomes() -> list[tuple[str, str]]:
    return [(each.file, each.outcome) for each in arrivals_seen_by(LOCAL_OPERATOR)]


def keys() -> list[str]:
    return [key for (key,) in content("opportunities", "opportunity_id")]


def test_a_folder_appears_for_each_source_that_can_have_one(box):
    for name in ("../../etc", ".hidden", "done", "a/b"):
        Source.objects.create(name=name, mapping=crm.MAPPING)
    box.look()
    assert list(watched()) == ["crm"]
    assert sorted(path.name for path in inbox().iterdir()) == ["crm"]


def test_a_file_that_lies_still_is_imported(box):
    box.put(row(1, "Won"), row(2), row(4, created="2024-02-02"), day="2024-02-29")
    box.look(after=1)
    assert Import.objects.count() == 1
    box.look()
    assert keys() == ["O1", "O2", "O4"]
    assert [change[1:4] for change in crm.stage_changes()] == [
        ("O1", "Engaging", "Won"),
        ("O4", None, "Engaging"),
    ]
    assert box.lying() == ["done/商机_20240229.csv"]
    assert outcomes() == [("商机_20240229.csv", "published")]
    assert not (inbox() / ".work").exists() or not list((inbox() / ".work").rglob("*.csv"))


def test_a_file_that_still_grows_is_left_alone(box):
    path = box.put(row(1), day="2024-02-29")
    box.look(after=1)
    for _ in range(3):
        with path.open("a") as file:
            file.write("O9,lin,Won,2024-02-01,1\n")
        box.look()
    assert box.lying() == ["商机_20240229.csv"]
    box.look()
    assert box.lying() == ["done/商机_20240229.csv"]


def test_several_snapshots_are_imported_in_the_order_of_their_days(box):
    box.put(row(1, "Lost"), row(2), day="2024-03-31")
    box.put(row(1, "Won"), row(2), day="2024-02-29")
    box.wait()
    assert [change[:4] for change in crm.stage_changes()] == [
        ("02-29", "O1", "Engaging", "Won"),
        ("03-31", "O1", "Won", "Lost"),
    ]


def test_what_is_refused_lies_beside_its_reason_in_both_languages(box):
    box.put(row(1), row(2), day="2024-01-01")
    box.wait()
    assert box.lying() == ["refused/商机_20240101.csv", "refused/商机_20240101.csv.why.txt"]
    told = (inbox() / "crm/refused/商机_20240101.csv.why.txt").read_text("utf-8").splitlines()
    assert "2024-01-31" in told[0]
    assert len(told) == 2
    assert outcomes() == [("商机_20240101.csv", "refused")]
    assert Import.objects.first().state == Import.State.DISCARDED


def test_a_name_that_is_taken_is_not_written_over(box):
    for stage in ("Won", "Lost"):
        box.put(row(1, stage), row(2), day="2024-01-15")
        box.wait()
    assert box.lying() == [
        "refused/商机_20240115 (2).csv",
        "refused/商机_20240115 (2).csv.why.txt",
        "refused/商机_20240115.csv",
        "refused/商机_20240115.csv.why.txt",
    ]


def test_too_many_rejects_wait_for_a_person(box):
    box.put(row(1), row(2), row(3, amount="a lot"), day="2024-02-29")
    box.wait()
    assert outcomes() == [("商机_20240229.csv", "rejects")]
    waiting = Import.objects.first()
    assert waiting.state == Import.State.CHECKED
    assert keys() == ["O1", "O2", "O3"]
    assert box.lying() == ["done/商机_20240229.csv"]


def test_a_source_says_how_many_rejects_it_accepts(box):
    Source.objects.update(accept_rejects_up_to=0.5)
    box.put(row(1), row(2), row(3, amount="a lot"), day="2024-02-29")
    box.wait()
    assert outcomes() == [("商机_20240229.csv", "published")]
    assert keys() == ["O1", "O2", "O3"]


def test_a_snapshot_that_would_take_most_rows_away_waits_for_a_person(box):
    box.put(row(1), day="2024-02-29")
    box.wait()
    assert outcomes() == [("商机_20240229.csv", "retires")]
    assert keys() == ["O1", "O2", "O3"]


def test_a_folder_of_no_source_and_a_file_of_no_folder_are_refused(box):
    box.put(row(1), day="2024-02-29", folder="erp")
    (inbox() / "loose.csv").write_text("a,b\n1,2\n")
    box.wait()
    assert box.lying("erp")[0] == "refused/商机_20240229.csv"
    assert box.lying("refused") == ["loose.csv", "loose.csv.why.txt"]


def test_a_link_is_not_followed(box, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("opportunity_id,owner,stage\nX,lin,Won\n")
    (inbox() / "crm").mkdir(parents=True)
    (inbox() / "crm" / "link.csv").symlink_to(secret)
    (inbox() / "outside").symlink_to(tmp_path, target_is_directory=True)
    box.wait()
    assert (inbox() / "crm/refused/link.csv").is_symlink()
    assert secret.exists()
    assert Import.objects.count() == 1


def test_a_link_in_place_of_a_folder_leads_nowhere(box, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (inbox() / "crm").mkdir(parents=True)
    (inbox() / "crm" / "done").symlink_to(elsewhere, target_is_directory=True)
    box.put(row(1), row(2), day="2024-02-29")
    box.wait()
    assert list(elsewhere.iterdir()) == []
    assert box.lying() == ["done/商机_20240229.csv"]


def test_what_programs_have_not_done_with_stays_where_it_is(box):
    home = inbox() / "crm"
    home.mkdir(parents=True)
    names = ["a.csv.tmp", "~$a.xlsx", "a.csv.crdownload", ".a.csv", "Thumbs.db", "a.csv.part"]
    for name in names:
        (home / name).write_text("a,b\n1,2\n")
    (home / "empty.csv").touch()
    box.wait()
    assert box.lying() == sorted([*names, "empty.csv"])


def test_a_pipe_holds_nobody_up(box):
    (inbox() / "crm").mkdir(parents=True)
    os.mkfifo(inbox() / "crm" / "pipe.csv")
    worker = threading.Thread(target=Watch().look)
    worker.start()
    worker.join(timeout=5)
    assert not worker.is_alive()
    box.look(after=1)
    box.look(after=EMPTY_SECONDS)
    assert box.lying()[0] == "refused/pipe.csv"


def test_looking_again_asks_for_no_second_job(box):
    box.look()
    box.look()
    assert Job.objects.filter(kind="data.watch").count() == 0
    box.put(row(1), row(2), day="2024-02-29")
    box.wait()
    box.look()
    assert Job.objects.filter(kind="data.watch").count() == 1


def test_what_a_lost_worker_had_in_hand_is_refused(box):
    hand = inbox() / ".work" / "gone" / "crm"
    hand.mkdir(parents=True)
    (hand / "a.csv").write_text("a,b\n1,2\n")
    box.look()
    assert box.lying() == ["refused/a.csv", "refused/a.csv.why.txt"]


def test_a_second_attempt_goes_on_with_the_import_of_the_first(box, monkeypatch):
    box.put(row(1), row(2), day="2024-02-29")

    def die(*args: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("steelyard.apps.data.actions.arrivals.publish", die)
        with pytest.raises(KeyboardInterrupt):
            box.wait()
    Job.objects.filter(kind="data.watch").update(state=Job.State.QUEUED)
    run_queued()
    assert outcomes() == [("商机_20240229.csv", "published")]
    assert Import.objects.count() == 2
    assert keys() == ["O1", "O2"]
