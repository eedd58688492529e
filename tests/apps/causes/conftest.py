"""A diagnosis of made-up facts, and a report of its lenses kept beside it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from tests.apps.causes.reports import report
from tests.apps.diagnose.made_up import LAST, fill

if TYPE_CHECKING:
    from steelyard.apps.accounts.models import User
    from steelyard.apps.causes.models import LensRun
    from steelyard.apps.data.models import Snapshot
    from steelyard.apps.diagnose.models import Diagnosis

ASKED = {"kpi": "won_revenue", "period": "2025-Q4", "against": "year-ago"}


def survey() -> pa.Table:
    """Two waves; one group of West is smaller than the floor, though no import would let it in."""
    rows = [
        ("2025-H1", "east", "I have what I need", 12, 9.0),
        ("2025-H2", "east", "I have what I need", 12, 5.0),
        ("2025-H2", "west", "I have what I need", 9, 7.0),
        ("2025-H2", "west", "I would recommend us", 4, 4.0),
        ("2025-H2", "marketing", "I have what I need", 8, 6.0),
    ]
    names = ("wave", "team", "question", "answers", "favourable")
    kinds = (pa.string(), pa.string(), pa.string(), pa.int64(), pa.float64())
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    return pa.table(columns, schema=pa.schema(list(zip(names, kinds, strict=True))))


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    from steelyard.lake.store import Lake

    folder = tmp_path_factory.mktemp("causes") / "var"
    versions = fill(folder)
    return folder, versions | {"survey_scores": Lake(folder / "lake").write_frozen("survey_scores", survey())}


@pytest.fixture
def data_folder(filled: tuple[Path, dict[str, int]], settings: Any) -> Iterator[Path]:
    settings.STEELYARD_DATA = filled[0]
    return filled[0]


@pytest.fixture
def snapshot(db: None, data_folder: Path, filled: tuple[Path, dict[str, int]]) -> "Snapshot":
    from steelyard.apps.data.models import Snapshot

    return Snapshot.objects.create(cause=Snapshot.Cause.IMPORT, versions=filled[1], data_to=LAST)


@pytest.fixture
def diagnosis(snapshot: "Snapshot", leader: "User") -> "Diagnosis":
    from steelyard.apps.diagnose.actions import start_diagnosis

    return start_diagnosis(leader, **ASKED)


@pytest.fixture
def keep_report() -> "Callable[..., LensRun]":
    """keep_report(diagnosis) → what the lenses are made to say of it."""
    from steelyard.apps.causes.models import LensRun

    def keep(diagnosis: "Diagnosis", **more: Any) -> "LensRun":
        return LensRun.objects.create(
            diagnosis=diagnosis,
            engine_version="0",
            fingerprint=f"made up {LensRun.objects.count()}",
            result=report(**more),
        )

    return keep


@pytest.fixture
def run(diagnosis: "Diagnosis", keep_report: "Callable[..., LensRun]") -> "LensRun":
    return keep_report(diagnosis)
