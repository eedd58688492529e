"""A real server on a data folder of its own, a real Chromium, and what a page must never do."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.browser.pages import PASSWORD
from tests.processes import environment

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Playwright keeps a loop running in this thread; Django would refuse its database beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_it_answers(address: str, server: subprocess.Popen[bytes], *, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5)  # noqa: S310  our own server
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"The server does not answer on {address}.")


def serve(folder: Path) -> Iterator[str]:
    """Granian, as `steelyard serve` runs it; the address it answers on."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--blocking-threads", "4"]
    command += [
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-access-log",
        "steelyard.config.wsgi:application",
    ]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment(folder), stdout=log, stderr=log)
        try:
            wait_until_it_answers(f"http://127.0.0.1:{port}/accounts/login/", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=20)


def serve_with_worker(folder: Path) -> Iterator[str]:
    """The server, and beside it the worker that does the jobs."""
    with (folder / "worker.log").open("wb") as log:
        work = [sys.executable, "-m", "steelyard", "worker"]
        worker = subprocess.Popen(work, cwd=ROOT, env=environment(folder), stdout=log, stderr=log)
        try:
            yield from serve(folder)
        finally:
            worker.terminate()
            worker.wait(timeout=30)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The product, filled by `fill.py`."""
    folder = tmp_path_factory.mktemp("site")
    subprocess.run([sys.executable, "tests/browser/fill.py"], cwd=ROOT, env=environment(folder), check=True)
    yield from serve(folder)


@pytest.fixture(scope="session")
def empty_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The product before its first account."""
    folder = tmp_path_factory.mktemp("new-site")
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment(folder), check=True)
    yield from serve(folder)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Opened:
    """A page, and whatever the browser complained of since it was opened."""

    page: Any
    complaints: list[str]
    status: int = 0


class Heard(Protocol):
    """Whatever has a page and keeps what its browser complains of."""

    page: Any
    complaints: list[str]


Open = Callable[..., Opened]


@pytest.fixture(scope="session")
def sessions() -> dict[tuple[str, str], Any]:
    """Cookies of roles that have logged in, by server and role."""
    return {}


@pytest.fixture
def open_page(chromium: Any, server: str, sessions: dict[tuple[str, str], Any]) -> Iterator[Open]:
    """open_page("/kit/", role="leader", language="zh-hans", scheme="dark", width=360) → Opened."""
    contexts = []

    def open_it(
        path: str,
        *,
        role: str = "",
        language: str = "en",
        scheme: str = "light",
        width: int = 1280,
        base: str = "",
    ) -> Opened:
        base = base or server
        if role and (base, role) not in sessions:
            sessions[base, role] = logged_in(chromium, base, role)
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            locale="zh-CN" if language == "zh-hans" else "en-GB",
            storage_state=sessions.get((base, role)),
        )
        contexts.append(context)
        opened = Opened(context.new_page(), [])
        watch(opened)
        answer = opened.page.goto(base + path)
        opened.status = answer.status
        return opened

    yield open_it
    for context in contexts:
        context.close()


def watch(opened: Heard) -> None:
    """Collect errors of the console, which is where a broken policy shows; a 4xx page itself is none."""

    def heard(message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            opened.complaints.append(message.text)

    def failed(response: Any) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            opened.complaints.append(f"{response.status} {response.url}")

    opened.page.on("console", heard)
    opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.page.on("response", failed)


def logged_in(chromium: Any, base: str, role: str) -> Any:
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(f"{base}/accounts/login/")
    page.fill("[name=login]", f"{role}@example.com")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button.btn")
    page.wait_for_url(lambda address: "/login/" not in address)
    state = context.storage_state()
    context.close()
    return state


def overflow(page: Any) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def serious(page: Any) -> list[str]:
    """What axe finds serious or critical, with the first place of each."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{rule['id']}: {rule['help']}: {rule['nodes'][0]['target']} {rule['nodes'][0]['html'][:200]}"
        for rule in found
        if rule["impact"] in {"serious", "critical"}
    ]


def keep_picture(page: Any, name: str) -> None:
    """A screenshot into the folder STEELYARD_SCREENSHOTS, when it is set."""
    if folder := os.environ.get("STEELYARD_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True, caret="initial")
