"""The watched folder: a file that lies still in a source's folder is imported as that source's next file."""

import hashlib
import json
import os
import shutil
import stat
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog
from django.utils import translation

from steelyard.apps.access.policy import LOCAL_OPERATOR, record
from steelyard.apps.data.actions.imports import OPEN, check, discard, publish, set_mapping, take_in
from steelyard.apps.data.actions.time import on_the_wall
from steelyard.apps.data.models import Import, Source
from steelyard.apps.data.queries.inbox import (
    AGAIN_SECONDS,
    DONE,
    KIND,
    REFUSED,
    Still,
    Watch,
    inbox,
    source_of,
    watched,
)
from steelyard.apps.data.queries.retired import retiring_most
from steelyard.apps.jobs.actions import JobHandle, enqueue
from steelyard.apps.jobs.errors import Cancelled, LeaseLost
from steelyard.apps.jobs.models import Job
from steelyard.errors import Refused
from steelyard.lake.imports.limits import Limits
from steelyard.lake.imports.snapshots import time_in_names
from steelyard.web.words import say

LANGUAGES = ("en", "zh-hans")
WORK, OUTSIDE = ".work", "-"
log = structlog.get_logger(__name__)


def receive(handle: JobHandle, folder: str, files: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """Import the files that lie still in a folder, the oldest export first; what came of each."""
    stills = [Still(folder, *each) for each in files]
    outcomes = []
    for place, still in enumerate(sorted(stills, key=_when)):
        handle.progress(place, len(stills), "receiving")
        if outcome := _receive(handle, still):
            outcomes.append({"file": still.name} | outcome)
    return {"files": outcomes}


def watch_inbox(seen: Watch) -> None:
    """One look at the inbox: ask for a job for each folder with files that lie still."""
    _make_folders()
    _give_back()
    at_work = {job.args["folder"] for job in Job.objects.filter(kind=KIND, state__in=Job.OPEN)}
    for folder, stills in seen.look().items():
        if folder not in at_work:
            files = [[still.name, still.size, still.changed] for still in stills]
            enqueue(LOCAL_OPERATOR, KIND, {"folder": folder, "files": files}, key=_key(folder, files))


def _key(folder: str, files: Sequence[Sequence[Any]]) -> str:
    """The same files are asked for once, and again only after a while."""
    told = hashlib.sha256(json.dumps([folder, files]).encode()).hexdigest()[:32]
    return f"{KIND}:{told}:{int(time.time() // AGAIN_SECONDS)}"


def _make_folders() -> None:
    """A folder for each source whose name can be one, so that people find where to put their files."""
    for name in watched():
        (inbox() / name).mkdir(parents=True, exist_ok=True)


def _give_back() -> None:
    """What a worker had in hand when it was lost for good is refused, with the reason beside it."""
    work = inbox() / WORK
    hands = sorted(work.iterdir()) if work.is_dir() else []
    at_work = set(Job.objects.filter(kind=KIND, state__in=Job.OPEN).values_list("public_id", flat=True))
    for hand in hands:
        if hand.name not in at_work:
            for path in sorted(hand.glob("*/*")):
                _refuse(path, path.parent.name, Refused("inbox.worker-lost"))
            shutil.rmtree(hand, ignore_errors=True)


def _when(still: Still) -> tuple[str, str]:
    """Snapshots are published in the order in which they were taken."""
    told = time_in_names([still.name], now=on_the_wall())
    return (told.isoformat() if told else "~", still.name)


def _receive(handle: JobHandle, still: Still) -> dict[str, Any] | None:
    """Import one file; None where somebody took it away or is writing to it again."""
    hand = inbox() / WORK / handle.job.public_id / (still.folder or OUTSIDE)
    claimed = hand / still.name
    if not os.path.lexists(claimed) and not _claim(still, claimed):
        return None
    try:
        outcome = _import(handle, still, claimed)
    except Refused as refused:
        _drop(handle, still.name)
        _refuse(claimed, still.folder, refused)
        return {"outcome": "refused", "why": {"code": refused.code, "params": _plain(refused.params)}}
    except (Cancelled, LeaseLost):
        raise
    except Exception:
        _refuse(claimed, still.folder, Refused("job.fault"))
        raise
    _move(claimed, inbox() / still.folder / DONE)
    return outcome


def _claim(still: Still, claimed: Path) -> bool:
    """Take the file into a folder of ours, where nobody can put another in its place."""
    path = still.path
    try:
        if Still.of(still.folder, path) != still:
            return False
        claimed.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.rename(path, claimed)
    except FileNotFoundError:
        return False
    return True


def _import(handle: JobHandle, still: Still, claimed: Path) -> dict[str, Any]:
    if not stat.S_ISREG(claimed.lstat().st_mode):
        raise Refused("inbox.not-a-file", file=still.name)
    source = source_of(still.folder)
    if source is None:
        raise Refused("inbox.unknown-source", source=still.folder)
    taken = _taken(handle, source, still.name, claimed)
    if taken.state == Import.State.PUBLISHED:
        return _told(taken, "published")
    counts = check(handle, taken)
    total = counts["total"]
    if total["rejected"] > source.accept_rejects_up_to * total["read"]:
        return _told(taken, "rejects") | {"rejected": total["rejected"], "read": total["read"]}
    if most := retiring_most(counts["tables"]):
        return _told(taken, "retires") | most[0]
    publish(handle, taken)
    return _told(taken, "published")


def _taken(handle: JobHandle, source: Source, name: str, claimed: Path) -> Import:
    """The import of this file; one that an earlier attempt took in is gone on with."""
    arrival = handle.job.public_id
    for known in Import.objects.filter(arrival=arrival, source=source):
        if known.file_names == [name]:
            return known
    mapping = source.mapping | {"source": source.name}
    taken = take_in(handle.actor, [(name, claimed)], limits=Limits.command_line(), mapping=mapping)
    Import.objects.filter(pk=taken.pk).update(arrival=arrival)
    set_mapping(handle.actor, taken, mapping)
    record(handle.actor, "data.receive", taken, source=source.name)
    return taken


def _drop(handle: JobHandle, name: str) -> None:
    """What was refused does not go on as a file to be mapped."""
    for taken in Import.objects.filter(arrival=handle.job.public_id, state__in=OPEN):
        if taken.file_names == [name]:
            discard(handle.actor, taken)


def _told(taken: Import, outcome: str) -> dict[str, Any]:
    return {"outcome": outcome, "import": taken.public_id}


def _plain(params: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, int | float | list) else str(value) for name, value in params.items()
    }


def _refuse(path: Path, folder: str, refused: Refused) -> None:
    """Set the file aside, with the reason in both languages beside it."""
    home = inbox() / ("" if folder == OUTSIDE else folder) / REFUSED
    moved = _move(path, home)
    told = []
    for language in LANGUAGES:
        with translation.override(language):
            told.append(say(refused.code, **refused.params))
    moved.with_name(f"{moved.name}.why.txt").write_text("\n".join([*told, ""]), encoding="utf-8")
    log.info("inbox.refused", folder=folder, file=path.name, code=refused.code)


def _move(path: Path, home: Path) -> Path:
    """Move a file under its own name, or a numbered one where that is taken; nothing is written over."""
    # A link in place of the folder would lead our own rights to wherever it points.
    if home.is_symlink():
        home.unlink()
    home.mkdir(parents=True, exist_ok=True)
    for number in range(1, 10_000):
        name = path.name if number == 1 else f"{path.stem} ({number}){path.suffix}"
        try:
            os.close(os.open(home / name, os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            continue
        os.replace(path, home / name)
        return home / name
    raise Refused("inbox.too-many-alike", file=path.name)
