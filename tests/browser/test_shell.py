"""The shell as hands use it: by keyboard, on a phone, in the other language, on the first run."""

import pytest

from tests.browser.conftest import Open, overflow, serious
from tests.browser.pages import PASSWORD

pytestmark = pytest.mark.browser


def test_the_keyboard_reaches_the_content_and_the_rooms(open_page: Open) -> None:
    page = open_page("/kit/", role="leader").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.goto(page.url.split("#")[0])
    reached = []
    for _ in range(14):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getAttribute('href') || ''"))
    assert "/people/" in reached
    assert "/settings/" in reached


def test_what_has_the_focus_is_seen(open_page: Open) -> None:
    page = open_page("/kit/", role="leader").page
    for _ in range(8):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle })()"
        )
        assert style == "solid"


def test_on_a_phone_the_rest_is_behind_more(open_page: Open) -> None:
    opened = open_page("/kit/", role="leader", width=360, language="zh-hans")
    page = opened.page
    assert page.locator(".bottombar > .place").count() <= 4
    page.locator(".bottombar summary").click()
    sheet = page.locator(".bottombar .sheet")
    assert sheet.is_visible()
    assert sheet.get_by_text("退出登录").is_visible()
    assert page.locator(".topbar").get_by_text("English").is_visible()
    assert overflow(page) <= 0
    assert serious(page) == []


def test_the_language_switches_in_place_and_back(open_page: Open) -> None:
    page = open_page("/people/?q=lin", role="finance").page
    page.locator(".rail").get_by_text("中文").click()
    assert page.url.endswith("/people/?q=lin")
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    page.locator(".rail").get_by_text("English").click()
    assert page.locator("html").get_attribute("lang") == "en"


def test_the_look_switches_and_holds(open_page: Open) -> None:
    page = open_page("/accounts/login/", scheme="light").page
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    for expected in ("light", "dark"):
        page.locator("button[name=theme]").click()
        page.wait_for_selector(f"html[data-theme={expected}]")
    assert page.evaluate(paper) != light
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_a_wrong_field_is_marked_and_said(open_page: Open) -> None:
    page = open_page("/people/new/", role="compensation").page
    page.fill("[name=code]", "p-001")
    page.fill("[name=name]", "Somebody")
    page.click("main form .btn")
    assert page.locator("[role=alert]").inner_text() == "The code p-001 is taken. Choose another."
    assert page.input_value("[name=name]") == "Somebody"


def test_the_first_run_leads_to_a_working_account(open_page: Open, empty_server: str) -> None:
    opened = open_page("/accounts/login/", base=empty_server, width=360)
    page = opened.page
    assert page.url.endswith("/welcome/")
    assert serious(page) == []
    page.fill("[name=name]", "Lin Yue")
    page.fill("[name=email]", "lin@example.com")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.click("main form button.btn")
    page.goto(f"{empty_server}/settings/users/")
    assert page.get_by_text("lin@example.com").first.is_visible()
    assert opened.complaints == []


def test_print_has_no_rail_and_light_paper(open_page: Open) -> None:
    page = open_page("/kit/", role="leader", scheme="dark").page
    page.emulate_media(media="print", color_scheme="dark")
    assert not page.locator(".rail").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator(".print-foot").is_visible()
