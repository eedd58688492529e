"""From a scorecard to a confirmed cause, its report and an answered question, by clicking alone."""

import io
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from pypdf import PdfReader

from tests.browser.conftest import ROOT, serve_with_worker
from tests.browser.pages import PASSWORD
from tests.browser.visitor import WAIT, Visitor
from tests.processes import environment

pytestmark = pytest.mark.browser

# Ten minutes of a person's time; the machine itself must take a small part of them.
MINUTES = 10
PROCESS = "#lens-process"


@dataclass(frozen=True)
class Story:
    """What is typed, in one language, and of which KPI: each makes a diagnosis of its own."""

    kpi: str
    cause: str
    said: str
    source: str
    whys: tuple[str, ...]
    reason: str
    options: tuple[str, ...]
    question: str
    answer: str
    audience: str


STORIES = {
    "en": Story(
        kpi="won_revenue",
        cause="Contracts wait for the legal approval",
        said="Every contract waits until Thursday, when legal reads them all.",
        source="Interview with Sun Yaqin",
        whys=(
            "Offers go out days later than a year ago",
            "The contract waits for the legal approval",
            "Legal reads all contracts of a week at once",
            "Small contracts wait for the same reading as large ones",
            "No limit says which contracts need legal at all",
        ),
        reason="The test and the interview say the same.",
        options=("Contracts below a limit need no legal approval", "Hire another lawyer"),
        question="Does this count renewals?",
        answer="No, new contracts alone.",
        audience="leaders and managers",
    ),
    "zh-hans": Story(
        kpi="win_rate",
        cause="合同卡在法务审批",
        said="所有合同都要等到周四法务集中审阅。",
        source="访谈孙雅琴",
        whys=(
            "报价比去年晚几天发出",
            "合同等法务审批",
            "法务一周集中审一次",
            "小合同和大合同走同样的审阅",
            "没有规定哪些合同不必经过法务",
        ),
        reason="检验结果和访谈说的是同一件事。",
        options=("限额以下的合同不再经法务审批", "再招一名法务"),
        question="这里算续约吗？",
        answer="不算，只算新签合同。",
        audience="负责人和经理",
    ),
}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The sample company, imported, its points computed, the server and the worker on it."""
    folder = tmp_path_factory.mktemp("company")
    subprocess.run(
        [sys.executable, "tests/browser/company.py"], cwd=ROOT, env=environment(folder), check=True
    )
    yield from serve_with_worker(folder)


@pytest.mark.parametrize("language", list(STORIES))
def test_from_the_scorecard_to_a_confirmed_cause_and_its_report(
    language: str, company: str, chromium: Any
) -> None:
    story = STORIES[language]
    manager = log_in(chromium, company, language, "manager")
    start = time.monotonic()
    before = manager.clicks

    diagnosis = diagnose_own_team(manager, story)
    run_the_lenses(manager)
    name_cause(manager, story)
    add_note(manager, story)
    look_at_the_work(manager, diagnosis)
    ask_five_whys(manager, story)
    confirm(manager, story)
    choose_among_two(manager, story)
    report = download_report(manager)
    ask(manager, diagnosis, story)
    seconds, clicks = time.monotonic() - start, manager.clicks - before

    leader = log_in(chromium, company, language, "leader")
    answer(leader, story)
    manager.page.reload()
    manager.wait_for(f"text={story.answer}")
    for visitor in (manager, leader):
        visitor.page.context.close()

    text, pages = report
    print(f"{language}: {clicks} clicks, {seconds:.1f} s from the scorecard to the report, {pages} pages")
    assert manager.complaints + leader.complaints == []
    assert 3 <= pages <= 5
    for told in (story.cause, story.said, story.source, story.reason, *story.options, story.whys[-1]):
        assert plain(told) in text, told
    assert clicks < 80
    assert seconds < MINUTES * 60 / 2


def log_in(chromium: Any, base: str, language: str, role: str) -> Visitor:
    context = chromium.new_context(locale="zh-CN" if language == "zh-hans" else "en-GB")
    visitor = Visitor(context.new_page(), language, f"to-the-cause-{role}")
    visitor.page.goto(f"{base}/accounts/login/")
    visitor.fill("[name=login]", f"{role}@example.com")
    visitor.fill("[name=password]", PASSWORD)
    visitor.click("main form button.btn")
    return visitor


def diagnose_own_team(visitor: Visitor, story: Story) -> str:
    """The address of the diagnosis."""
    visitor.click("nav a[href='/measure/']")
    visitor.click(f"main a[href^='/measure/{story.kpi}/']")
    visitor.click("main .acts a.btn[href^='/diagnose/new']")
    visitor.click("main form button.btn")
    return str(visitor.page.url)


def run_the_lenses(visitor: Visitor) -> None:
    """Started from the panel in the diagnosis; the page of the lenses shows how far it is."""
    visitor.wait_for("#causes form[action$='/causes/test'] button")
    visitor.click("#causes form[action$='/causes/test'] button")
    visitor.wait_for("table.lenses")


def name_cause(visitor: Visitor, story: Story) -> None:
    visitor.click("table.lenses a[href='#lens-process']")
    visitor.wait_for(f"{PROCESS} .verdict-line .verdict-supported")
    visitor.click(f"{PROCESS} a[href*='/causes/new/']")
    visitor.fill("[name=text]", story.cause)
    visitor.click("button[name=with_test]")
    visitor.wait_for(f"h1:has-text('{story.cause}')")


def add_note(visitor: Visitor, story: Story) -> None:
    visitor.click("#evidence .acts a.btn")
    visitor.fill("[name=text]", story.said)
    visitor.fill("[name=source]", story.source)
    visitor.fill("[name=happened_on]", "2026-01-09")
    visitor.pick("[name=audience]", "all")
    visitor.click("main form button.btn")
    visitor.wait_for(f"#evidence .said:has-text('{story.said}')")


def look_at_the_work(visitor: Visitor, diagnosis: str) -> None:
    """The process of the own team, by the panel in the diagnosis, and back."""
    cause = visitor.page.url
    visitor.click(f".crumb a[href='{path_of(diagnosis)}']")
    visitor.wait_for("main a.btn[href^='/improve/process/?']")
    visitor.click("main a.btn[href^='/improve/process/?']")
    visitor.wait_for("svg.flow")
    visitor.page.go_back()
    visitor.click(f"#causes a[href='{path_of(cause)}']")


def ask_five_whys(visitor: Visitor, story: Story) -> None:
    visitor.click("main a.btn[href*='/whys/new/?cause=']")
    for number, text in enumerate(story.whys, start=1):
        visitor.fill("[name=text]", text)
        if number == len(story.whys):
            visitor.click("[name=is_actionable]")
        visitor.click("main form button.btn")
        if number < len(story.whys):
            visitor.click(".why-branch.is-open a[href*='/whys/new/?parent=']")
    visitor.wait_for(".why-branch.is-end")


def confirm(visitor: Visitor, story: Story) -> None:
    visitor.click(f"main a:has-text('{story.cause}'), .why-tree a[href*='/causes/cause/']")
    visitor.click("[name=status][value=confirmed]")
    visitor.fill("[name=reason]", story.reason)
    visitor.click("#decide form button.btn")
    visitor.wait_for("main .lede .status-confirmed")


def choose_among_two(visitor: Visitor, story: Story) -> None:
    for number, text in enumerate(story.options):
        visitor.click("main a.btn[href*='/countermeasures/new/']")
        visitor.fill("[name=text]", text)
        visitor.pick("[name=impact]", "4")
        visitor.pick("[name=effort]", str(2 + 2 * number))
        visitor.click("main form button.btn")
    visitor.click("table.options tbody tr form[action$='/choose'] button")
    visitor.wait_for(f"table.options tr.is-chosen th:has-text('{story.options[0]}')")


def download_report(visitor: Visitor) -> tuple[str, int]:
    """What the PDF says, without its spaces, and its pages."""
    visitor.click("main a[href$='/causes/report/']")
    with visitor.page.expect_download(timeout=WAIT) as download:
        visitor.clicks += 1
        visitor.page.locator("main .acts a[href$='report.pdf']").click()
    content = download.value.path().read_bytes()
    assert content.startswith(b"%PDF-")
    pages = PdfReader(io.BytesIO(content)).pages
    return plain("".join(page.extract_text() for page in pages)), len(pages)


def plain(text: str) -> str:
    return "".join(text.split())


def ask(visitor: Visitor, diagnosis: str, story: Story) -> None:
    visitor.click(f".crumb a[href='{path_of(diagnosis)}']")
    visitor.wait_for("#comments textarea")
    visitor.fill("#comments textarea", story.question)
    visitor.click("#comments button[name=question]")
    visitor.wait_for(f"#comments .said:has-text('{story.question}')")


def answer(visitor: Visitor, story: Story) -> None:
    visitor.click("a[href='/comments/']")
    visitor.click(f"main a:has-text('{story.question}')")
    visitor.click("details.answer summary")
    visitor.fill("details.answer textarea", story.answer)
    visitor.click("details.answer button")
    visitor.wait_for(f".answers .said:has-text('{story.answer}')")


def path_of(address: str) -> str:
    return "/" + address.split("/", 3)[3].split("#")[0]
