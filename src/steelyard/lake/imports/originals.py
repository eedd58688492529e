"""Originals: every file that was ever imported, kept once under its SHA-256."""

import hashlib
import os
import stat
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from steelyard.errors import Refused
from steelyard.lake.imports.limits import Limits


@dataclass(frozen=True)
class Original:
    """A kept file: its digest, size, the name it came with and where it lies."""

    sha256: str
    size: int
    name: str
    path: str

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def keep_original(path: Path, lake_root: Path, *, limits: Limits | None = None, name: str = "") -> Original:
    """Copy a file into the lake's quarantine while its SHA-256 is taken; the same bytes are kept once.

    A copy and not a link: the owner of the file may go on writing to it.
    """
    path, limits = Path(path), limits or Limits.command_line()
    name = Path(name or path).name
    folder = Path(lake_root).resolve() / "quarantine" / "originals"
    folder.mkdir(parents=True, exist_ok=True)
    with _regular(path, name) as source:
        size = os.fstat(source.fileno()).st_size
        if size > limits.size:
            raise Refused("import.file-too-large", 413, file=name, size=size, limit=limits.size)
        if size == 0:
            raise Refused("import.empty-file", file=name)
        sha256, copy = _copied(source, size, folder)
    kept = folder / sha256
    if kept.exists():
        os.unlink(copy)
    else:
        os.chmod(copy, 0o440)
        os.replace(copy, kept)
    return Original(sha256=sha256, size=kept.stat().st_size, name=name, path=str(kept))


def _regular(path: Path, name: str) -> Any:
    """Open a regular file; a folder, a pipe or a device is refused without waiting for it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as fault:
        raise Refused("import.unreadable-file", file=name, reason=fault.strerror or "") from fault
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Refused("import.not-a-file", file=name)
    return os.fdopen(descriptor, "rb")


def _copied(source: Any, size: int, folder: Path) -> tuple[str, str]:
    """Copy inside the kernel; then the digest is taken while the disc writes."""
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".incoming-", delete=False) as copy:
        done = 0
        while done < size and (sent := os.sendfile(copy.fileno(), source.fileno(), done, size - done)):
            done += sent
        with ThreadPoolExecutor(max_workers=1) as writer:
            written = writer.submit(os.fsync, copy.fileno())
            copy.seek(0)
            digest = hashlib.file_digest(copy, "sha256")
            written.result()
    return digest.hexdigest(), copy.name
