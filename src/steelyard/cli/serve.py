"""`steelyard serve` and `steelyard worker`: the product, and the jobs beside it."""

import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Annotated

import structlog
import typer

from steelyard.cli.house import open_house
from steelyard.errors import Refused

if TYPE_CHECKING:
    from steelyard.apps.data.queries.inbox import Watch

LOOK_EVERY = 15.0


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PORT", help="The port to listen on.")] = 8000,
    with_worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Run the worker for jobs beside the server.")
    ] = True,
) -> None:
    """Serve the product until Ctrl-C."""
    require_free(host, port)
    open_house()
    beside = start_worker() if with_worker else None
    try:
        run_server(host, port)
    finally:
        if beside is not None:
            stop(beside)


def worker() -> None:
    """Work on jobs until Ctrl-C."""
    open_house()
    from django.core.management import call_command

    ended = threading.Event()
    threading.Thread(target=_look_round, args=(ended,), daemon=True).start()
    try:
        call_command("db_worker", interval=0.5, startup_delay=False, verbosity=0)
    finally:
        ended.set()


def require_free(host: str, port: int) -> None:
    """The server would share a port with another one of its kind, and each would get half of the requests."""
    with socket.socket() as probe:
        # What a server that has just ended leaves behind is no other server.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as taken:
            raise Refused("cli.port-taken", 409, host=host, port=port) from taken


def start_worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "steelyard", "worker"], start_new_session=True)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Let the worker end its step; a worker that does not is ended, and its lease will tell."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()


def run_server(host: str, port: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    # The lake's library starts threads as soon as it opens a table, and a fork would be without them.
    multiprocessing.set_start_method("spawn", force=True)
    Granian(
        "steelyard.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=int(os.environ.get("STEELYARD_THREADS", "4")),
        log_level=LogLevels.warning,
        websockets=False,
    ).serve()


def _look_round(ended: threading.Event) -> None:
    """Take up what dead workers left; ask for what landed in the watched folder, and for the month's end."""
    from steelyard.apps.data.queries.inbox import Watch

    seen = Watch()
    while not ended.wait(LOOK_EVERY):
        try:
            _look(seen)
        except Exception:
            structlog.get_logger(__name__).exception("worker.look-failed")


def _look(seen: "Watch") -> None:
    from django.db import close_old_connections

    from steelyard.apps.data.actions import watch_inbox
    from steelyard.apps.jobs.actions import take_up_expired
    from steelyard.apps.measure.actions import keep_what_is_due

    close_old_connections()
    take_up_expired()
    watch_inbox(seen)
    keep_what_is_due()
