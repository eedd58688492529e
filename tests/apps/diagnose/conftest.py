"""A full lake, written once, and snapshots of it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.apps.diagnose.made_up import LAST, fill

if TYPE_CHECKING:
    from steelyard.apps.data.models import Snapshot


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    """A data folder whose lake is full, and the versions of its tables."""
    folder = tmp_path_factory.mktemp("diagnose") / "var"
    return folder, fill(folder)


@pytest.fixture
def data_folder(filled: tuple[Path, dict[str, int]], settings: Any) -> Iterator[Path]:

    settings.STEELYARD_DATA = filled[0]
    return filled[0]


@pytest.fixture
def publish(db: None, data_folder: Path, filled: tuple[Path, dict[str, int]]) -> "Callable[..., Snapshot]":
    """publish() → a new snapshot of the full lake, or of some of its tables."""
    from steelyard.apps.data.models import Snapshot

    def published(*tables: str) -> "Snapshot":
        versions = {name: number for name, number in filled[1].items() if not tables or name in tables}
        return Snapshot.objects.create(cause=Snapshot.Cause.IMPORT, versions=versions, data_to=LAST)

    return published


@pytest.fixture
def snapshot(publish: "Callable[..., Snapshot]") -> "Snapshot":
    return publish()
