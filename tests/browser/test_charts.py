"""Charts in a real Chromium, under the policy that pages are served with, and nothing of Django."""

import json
import threading
import time
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.charts import made_up

ROOT = Path(__file__).parents[2]
WEB = ROOT / "src" / "steelyard" / "web"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:"
KINDS = {".js": "text/javascript", ".css": "text/css"}
SHEETS = ("palette", "roles", "plot")
BODY = "body{background:var(--card);color:var(--ink);margin:16px;font-family:sans-serif}"
SETTLED = "body:not(:has(> figure[data-chart=''], > figure[data-chart=drawing]))"
SWAP = """
const swapped = document.querySelector("template").content.cloneNode(true).firstElementChild;
document.body.append(swapped);
document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: swapped } }));
"""


WIDTH_OF = "name => document.querySelector(name).getBoundingClientRect().width"


def _settles(is_so, *, seconds: float = 5.0) -> bool:
    """Ask until it is so: Playwright's own waiting evaluates text, which the policy forbids."""
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(0.05)
    return is_so()


def _figure(name: str, spec: dict) -> str:
    text = json.dumps(spec, ensure_ascii=False).replace("<", "\\u003c")
    return f'<figure data-chart id="{name}"><script type="application/json">{text}</script></figure>'


def _page(language: str, theme: str) -> str:
    charts = made_up.charts(language)
    sheets = "".join(f"<link rel='stylesheet' href='/css/{name}.css'>" for name in SHEETS)
    figures = "".join(_figure(name, spec) for name, spec in charts.items())
    return (
        f'<!doctype html><html lang="{language}" data-theme="{theme}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Charts</title>'
        f"{sheets}<link rel='icon' href='data:,'><link rel='stylesheet' href='/body.css'>"
        f"<template>{_figure('swapped', charts['bridge'])}</template>{figures}"
        '<script defer src="/static/web/chart.js"></script>'
    )


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body, kind = self._content()
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body or b"")

    def _content(self) -> tuple[bytes | None, str]:
        fixed = {"/body.css": (BODY, "text/css"), "/swap.js": (SWAP, "text/javascript")}
        if self.path in fixed:
            text, kind = fixed[self.path]
            return text.encode(), kind
        if self.path.startswith("/page/"):
            language, theme = self.path.split("/")[2:4]
            return _page(language, theme).encode(), "text/html"
        place = WEB / self.path.lstrip("/")
        return (place.read_bytes(), KINDS[place.suffix]) if place.is_file() else (None, "text/plain")

    def log_message(self, *_args: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def visit(chromium, site, request):
    """Open a page and wait until all charts are drawn; any complaint of the browser fails the test."""
    opened, complaints = [], []

    def go(language: str = "en", theme: str = "light", *, width: int = 1280):
        page = chromium.new_page(viewport={"width": width, "height": 900})
        opened.append(page)
        page.on(
            "console",
            lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda fault: complaints.append(str(fault)))
        page.goto(f"{site}/page/{language}/{theme}")
        page.wait_for_selector(SETTLED, state="attached")
        return page

    yield go
    for page in opened:
        page.close()
    assert complaints == []


pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_every_chart_draws_under_the_policy(visit, language, theme, width):
    page = visit(language, theme, width=width)
    states = page.eval_on_selector_all("figure[data-chart]", "all => all.map(one => one.dataset.chart)")
    assert states == ["drawn"] * len(made_up.charts(language))
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    widths = page.eval_on_selector_all(
        ".chart-plot svg", "all => all.map(one => one.getBoundingClientRect().width)"
    )
    assert all(abs(one - (width - 32)) <= 2 for one in widths), widths
    labels = page.eval_on_selector_all(".chart-plot", "all => all.map(one => one.getAttribute('aria-label'))")
    assert all(label == made_up.words(language).description for label in labels)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(visit, theme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(visit("zh-hans", theme)).response["violations"]
    serious = [one["id"] for one in found if one["impact"] in ("serious", "critical")]
    assert serious == []


def test_text_is_never_smaller_than_twelve_pixels(visit):
    page = visit("zh-hans", width=360)
    sizes = page.eval_on_selector_all(
        ".chart-plot svg text", "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert min(sizes) >= 12


def test_a_change_of_theme_repaints_without_drawing_again(visit):
    page = visit("en", "light")
    colour = "getComputedStyle(document.querySelector('#bridge svg text')).fill"
    page.evaluate("document.querySelector('#bridge svg').id = 'same'")
    light = page.evaluate(colour)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert light != page.evaluate(colour)
    assert page.evaluate("document.querySelector('#bridge svg').id") == "same"


def test_the_tooltip_reads_and_stays_hidden_until_asked(visit):
    page = visit("zh-hans")
    box = page.locator("#xmr svg").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.55, box["y"] + 80)
    tip = page.locator("#vg-tooltip-element.visible")
    tip.wait_for()
    assert "赢单金额" in tip.inner_text()
    assert (
        page.evaluate("getComputedStyle(document.querySelector('#vg-tooltip-element')).position") == "fixed"
    )
    page.mouse.move(2, 2)
    page.wait_for_selector("#vg-tooltip-element:not(.visible)", state="attached")


def test_paper_gets_a_layout_of_its_own(visit):
    page = visit("en", "dark")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert _settles(lambda: abs(page.evaluate(WIDTH_OF, "#xmr svg") - 680) <= 2)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert _settles(lambda: abs(page.evaluate(WIDTH_OF, "#xmr svg") - 1248) <= 2)


def test_a_chart_that_htmx_swaps_in_is_drawn_and_forgotten(visit):
    page = visit("en")
    page.add_script_tag(url="/swap.js")
    page.wait_for_selector("#swapped[data-chart=drawn] svg")
    page.evaluate(
        """const gone = document.querySelector("#swapped");
        document.dispatchEvent(new CustomEvent("htmx:beforeCleanupElement", {detail: {elt: gone}}));
        gone.remove();"""
    )
    page.set_viewport_size({"width": 700, "height": 900})
    assert _settles(lambda: page.evaluate(WIDTH_OF, "#bridge svg") < 700)


def test_a_plot_follows_its_own_width_not_only_the_windows(visit):
    page = visit("en")
    page.evaluate("document.querySelector('#xmr').style.width = '500px'")
    assert _settles(lambda: abs(page.evaluate(WIDTH_OF, "#xmr svg") - 500) <= 2)


def test_text_from_data_stays_text(visit, site, chromium):
    page = visit("en")
    spec = made_up.charts("en")["segments"]
    name = "<img src=x onerror=window.hit=1>"
    text = json.dumps(spec).replace("Central \\u00b7 GTX", name)
    assert name in text
    page.evaluate(
        """text => {
            const figure = document.createElement("figure");
            figure.dataset.chart = ""; figure.id = "struck";
            const block = document.createElement("script");
            block.type = "application/json"; block.textContent = text;
            figure.append(block); document.body.prepend(figure);
            document.dispatchEvent(new CustomEvent("htmx:load", {detail: {elt: figure}}));
        }""",
        text,
    )
    page.wait_for_selector("#struck[data-chart=drawn]")
    box = page.locator("#struck svg path[aria-label], #struck svg path").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert page.evaluate("window.hit") is None
    assert name in page.locator("#struck svg").text_content()
