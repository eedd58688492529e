"""A lake with a log of work, written once, and snapshots of it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.apps.process.made_up import LAST, fill

if TYPE_CHECKING:
    from steelyard.apps.data.models import Snapshot


@pytest.fixture(scope="session")
def filled_with_work(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    """A data folder whose lake has a log, and the versions of its tables."""
    folder = tmp_path_factory.mktemp("process") / "var"
    return folder, fill(folder)


@pytest.fixture
def data_folder(filled_with_work: tuple[Path, dict[str, int]], settings: Any) -> Iterator[Path]:
    settings.STEELYARD_DATA = filled_with_work[0]
    return filled_with_work[0]


@pytest.fixture
def publish(
    db: None, data_folder: Path, filled_with_work: tuple[Path, dict[str, int]]
) -> "Callable[..., Snapshot]":
    """publish() → a new snapshot of the whole lake; publish(without=…) leaves a table out."""
    from steelyard.apps.data.models import Snapshot

    def published(*, without: tuple[str, ...] = ()) -> "Snapshot":
        versions = {name: number for name, number in filled_with_work[1].items() if name not in without}
        return Snapshot.objects.create(cause=Snapshot.Cause.IMPORT, versions=versions, data_to=LAST)

    return published


@pytest.fixture
def snapshot(publish: "Callable[..., Snapshot]") -> "Snapshot":
    return publish()
