"""The watched folder as it lies on disk: which files a source was sent, and which of them lie still."""

import os
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from steelyard.apps.data.models import Source
from steelyard.apps.jobs.models import Job

DONE, REFUSED = "done", "refused"
KIND = "data.watch"
STILL_SECONDS = 10.0
# Some programs open an empty file long before they write to it.
EMPTY_SECONDS = 600.0
# A file whose import failed through our own fault is tried again now and then.
AGAIN_SECONDS = 600.0
PARTIAL = (".tmp", ".temp", ".part", ".partial", ".crdownload", ".download", ".filepart", ".swp", "~")
LITTER = ("thumbs.db", "desktop.ini")
SHOWN = 20


@dataclass(frozen=True)
class Still:
    """A file of the inbox as it was seen: `folder` is its source's, "" where it lies outside of any."""

    folder: str
    name: str
    size: int
    changed: int

    @classmethod
    def of(cls, folder: str, path: Path) -> "Still":
        found = path.lstat()
        return cls(folder, path.name, found.st_size, found.st_mtime_ns)

    @property
    def path(self) -> Path:
        return inbox() / self.folder / self.name


class Watch:
    """What one process has seen of the inbox; it knows which files have not changed for long enough."""

    def __init__(self) -> None:
        self._since: dict[Still, float] = {}

    def look(self, *, now: float | None = None) -> dict[str, list[Still]]:
        """Folder → its files that lie still."""
        now = time.monotonic() if now is None else now
        self._since = {still: self._since.get(still, now) for still in _lying()}
        found: dict[str, list[Still]] = {}
        for still, since in self._since.items():
            if now - since >= (STILL_SECONDS if still.size else EMPTY_SECONDS):
                found.setdefault(still.folder, []).append(still)
        return found


@dataclass(frozen=True)
class Arrival:
    """A file that came in through the watched folder, and what became of it."""

    folder: str
    file: str
    outcome: str
    told: dict[str, Any]
    at: Any

    @property
    def public_id(self) -> str:
        return str(self.told.get("import", ""))


def inbox() -> Path:
    return Path(settings.STEELYARD_INBOX or Path(settings.STEELYARD_DATA) / "inbox")


def watched() -> dict[str, Source]:
    """Folder → source, for each source that has a mapping and a name that a folder can have."""
    return {
        each.name: each
        for each in Source.objects.exclude(mapping={})
        if not each.name.startswith(".") and "/" not in each.name and each.name not in (DONE, REFUSED)
    }


def source_of(folder: str) -> Source | None:
    """The source whose name the folder has, in whichever form a file system writes it."""
    by_form = {unicodedata.normalize("NFC", name): source for name, source in watched().items()}
    return by_form.get(unicodedata.normalize("NFC", folder))


def arrivals_seen_by(viewer: Any) -> list[Arrival]:
    """What came in lately, the newest first."""
    from steelyard.apps.access.policy import authorize

    authorize(viewer, "data.import")
    jobs = Job.objects.filter(kind=KIND, state=Job.State.DONE)[:SHOWN]
    found = [
        Arrival(job.args["folder"], each["file"], each["outcome"], each, job.finished_at)
        for job in jobs
        for each in reversed((job.result or {}).get("files", []))
    ]
    return found[:SHOWN]


def is_partial(name: str) -> bool:
    """Whether a name says that a program has not done with the file, or that it is no table at all."""
    plain = name.casefold()
    return plain.startswith((".", "~$")) or plain.endswith(PARTIAL) or plain in LITTER


def _lying() -> Iterator[Still]:
    home = inbox()
    if not home.is_dir():
        return
    yield from _files("", home)
    for entry in sorted(os.scandir(home), key=lambda each: each.name):
        known = entry.name not in (DONE, REFUSED) and not entry.name.startswith(".")
        if known and entry.is_dir(follow_symlinks=False):
            yield from _files(entry.name, Path(entry.path))


def _files(folder: str, path: Path) -> Iterator[Still]:
    for entry in sorted(os.scandir(path), key=lambda each: each.name):
        if entry.is_dir(follow_symlinks=False) or is_partial(entry.name):
            continue
        try:
            yield Still.of(folder, Path(entry.path))
        except FileNotFoundError:
            continue
