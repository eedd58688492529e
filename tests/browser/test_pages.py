"""Every page, in both languages, light and dark, wide and on a phone."""

import re

import pytest
from tests.browser.conftest import Open, keep_picture, overflow, serious
from tests.browser.pages import PAGES, Visit

pytestmark = pytest.mark.browser

LOOKS = [
    (language, scheme, width)
    for language in ("en", "zh-hans")
    for scheme in ("light", "dark")
    for width in (1280, 360)
]


@pytest.mark.parametrize("visit", PAGES, ids=str)
def test_a_page_holds_in_every_look(visit: Visit, open_page: Open) -> None:
    faults = []
    for language, scheme, width in LOOKS:
        look = f"{language}-{scheme}-{width}"
        opened = open_page(visit.path, role=visit.role, language=language, scheme=scheme, width=width)
        assert opened.status == visit.status
        keep_picture(opened.page, f"{re.sub(r'[^a-z0-9]+', '-', str(visit))}-{look}")
        faults += [f"{look}: {complaint}" for complaint in opened.complaints]
        if (wider := overflow(opened.page)) > 0:
            faults.append(f"{look}: the page is {wider} px wider than the window")
        faults += [f"{look}: {found}" for found in serious(opened.page)]
        opened.page.context.close()
    assert faults == []
