"""Somebody at the site who goes by clicking alone, and counts it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.browser.conftest import keep_picture, overflow, watch

WAIT = 120_000


@dataclass
class Visitor:
    """What they click and type is counted; what they see must fit into the window. `story` names pictures."""

    page: Any
    language: str
    story: str
    clicks: int = 0
    seen: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        watch(self)

    def click(self, where: str) -> None:
        self.clicks += 1
        self.page.locator(where).first.click()
        self.page.wait_for_load_state()
        self.look()

    def fill(self, where: str, text: str) -> None:
        self.clicks += 1
        self.page.locator(where).first.fill(text)

    def pick(self, where: str, value: str) -> None:
        """From a list that is sent with its form."""
        self.clicks += 1
        self.page.locator(where).first.select_option(value)

    def choose_file(self, path: Path) -> None:
        self.clicks += 1
        self.page.set_input_files("[type=file]", str(path))

    def choose(self, where: str, label: str) -> None:
        """From a list that takes effect by itself."""
        self.clicks += 1
        before = self.page.url
        self.page.select_option(where, label=label)
        self.page.wait_for_url(lambda address: address != before, timeout=WAIT)
        self.look()

    def wait_for(self, where: str) -> None:
        self.page.locator(where).first.wait_for(timeout=WAIT)
        self.look()

    def text(self) -> str:
        return str(self.page.inner_text("main"))

    def look(self) -> None:
        self.seen.append(self.page.inner_text("h1"))
        keep_picture(self.page, f"{self.story}-{self.language}-{len(self.seen):02}")
        assert overflow(self.page) <= 0, self.page.url
