"""A throw-away PostgreSQL: made in a temporary folder, gone with it. Listens on a socket only."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

# PostgreSQL refuses to run as root, so root lends the folder to whoever of these exists.
UNPRIVILEGED = ("postgres", "nobody")


def binaries() -> Path | None:
    """Where `initdb` and `pg_ctl` are: on the PATH, or where Debian puts them."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    places = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: path.parts[-3].zfill(4)
    )
    return places[-1].parent if places else None


def owner() -> str | None:
    """The account to run as; None for one's own."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED if name in known)


@contextmanager
def throw_away_server() -> Iterator[str]:
    """Start one, give its address, and stop it."""
    place = binaries()
    if place is None:
        raise RuntimeError("PostgreSQL is not here: tests/setup.sh installs it on Debian as root.")
    user = owner()
    folder = Path(tempfile.mkdtemp(prefix="steelyard-pg-", dir="/tmp"))  # a socket's path must be short
    if user:
        shutil.chown(folder, user)

    def run(name: str, *arguments: str) -> None:
        command = [str(place / name), *arguments]
        if user:
            command = ["runuser", "-u", user, "--", *command]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)

    data = folder / "data"
    options = f"-k {folder} -c listen_addresses= -c fsync=off -c full_page_writes=off"
    run("initdb", "-D", str(data), "-U", "steelyard", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    run("pg_ctl", "-D", str(data), "-l", str(folder / "log"), "-o", options, "-w", "start")
    try:
        yield f"postgres://steelyard@{quote(str(folder), safe='')}/postgres"
    finally:
        run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)
