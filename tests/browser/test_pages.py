"""Every page, in both languages, light and dark, wide and on a phone."""

import re

import pytest

from tests.browser.conftest import Open, keep_picture, overflow, serious
from tests.browser.pages import PAGES, Visit

pytestmark = pytest.mark.browser

WIDE, PHONE = 1280, 360
SCHEMES = ("light", "dark")
# axe takes most of the time: it looks at each page once, turn about in two looks that share nothing.
AXE = (("en", "light", WIDE), ("zh-hans", "dark", PHONE))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("visit", PAGES, ids=str)
def test_a_page_holds_in_every_look(visit: Visit, language: str, open_page: Open) -> None:
    opened = open_page(visit.path, role=visit.role, language=language, scheme="light", width=WIDE)
    assert opened.status == visit.status
    faults = []
    for scheme in SCHEMES:
        opened.page.emulate_media(color_scheme=scheme)
        for width in (WIDE, PHONE):
            opened.page.set_viewport_size({"width": width, "height": 900})
            keep_picture(opened.page, f"{re.sub(r'[^a-z0-9]+', '-', str(visit))}-{language}-{scheme}-{width}")
            if (wider := overflow(opened.page)) > 0:
                faults.append(f"{width}: the page is {wider} px wider than the window")
            if (language, scheme, width) == AXE[PAGES.index(visit) % len(AXE)]:
                faults += [f"{scheme}, {width}: {found}" for found in serious(opened.page)]
    assert faults + opened.complaints == []
