"""The diagnosis on paper: its words, pages and refusals, read back from the PDF."""

import io
import shutil
import subprocess

import pytest
from PIL import Image
from pypdf import PdfReader

from steelyard.charts.fonts import has_cjk_font
from steelyard.charts.theme import LIGHT
from steelyard.errors import Refused
from steelyard.web.pdf import diagnosis_pdf, render_pdf
from tests.web.pdf.sheets import SHEETS, images

LANGUAGES = ["en", "zh-hans"]


@pytest.fixture(scope="module", params=LANGUAGES)
def printed(request):
    if request.param != "en" and not has_cjk_font():
        pytest.skip("no Chinese font is installed")
    return request.param, diagnosis_pdf(SHEETS[request.param], images(request.param))


def _text(pdf: bytes) -> str:
    """All text without blanks: where lines break and where Typst sets Chinese apart from Latin is style."""
    pages = (page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return "".join("".join(pages).split())


def _words(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        quiet = {"language", "page_of", "image", "alt", "judgement", "judged", "off_scale", "title"}
        return [word for name, part in value.items() if name not in quiet for word in _words(part)]
    return [word for part in value for word in _words(part)] if isinstance(value, list) else []


def test_every_word_of_the_sheet_is_on_paper(printed):
    language, pdf = printed
    text = _text(pdf)
    missing = [word for word in _words(dict(SHEETS[language])) if "".join(word.split()) not in text]
    assert missing == []


def test_text_from_users_is_not_markup(printed):
    language, pdf = printed
    if language == "en":
        assert "#panic()*bold*$x$\\u{41}" in _text(pdf)


def test_every_page_says_which_it_is(printed):
    language, pdf = printed
    pages = PdfReader(io.BytesIO(pdf)).pages
    for number, page in enumerate(pages, start=1):
        expected = SHEETS[language]["page_of"].replace("{n}", str(number)).replace("{m}", str(len(pages)))
        text = "".join(page.extract_text().split())
        assert "".join(expected.split()) in text
        assert "".join(SHEETS[language]["footer"][1].split()) in text


def test_the_paper_is_a4_tagged_and_named(printed):
    language, pdf = printed
    reader = PdfReader(io.BytesIO(pdf))
    width, height = reader.pages[0].mediabox[2:]
    assert (round(float(width) / 72 * 25.4), round(float(height) / 72 * 25.4)) == (210, 297)
    assert reader.metadata.title == SHEETS[language]["title"]
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert str(reader.trailer["/Root"]["/Lang"]).startswith(language[:2])


def test_the_chart_keeps_its_words(printed):
    language, pdf = printed
    assert ("赢单率" if language != "en" else "Opportunities") in _text(pdf)


def test_the_same_data_give_the_same_bytes(printed):
    language, pdf = printed
    assert diagnosis_pdf(SHEETS[language], images(language)) == pdf


@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="pdftoppm draws the pages")
def test_the_page_shows_ink_band_and_judgement(printed, tmp_path):
    _language, pdf = printed
    (tmp_path / "a.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "80", "-png", "a.pdf", "page"], cwd=tmp_path, check=True)
    drawn = Image.open(tmp_path / "page-1.png").convert("RGB")
    seen = {colour for _, colour in drawn.getcolors(maxcolors=200_000)}
    for role in ("worse", "better", "limit", "accent"):
        wanted = tuple(int(LIGHT[role][place : place + 2], 16) for place in (1, 3, 5))
        assert wanted in seen, role


def test_parts_that_are_left_out_are_not_printed():
    kept = ("language", "brand", "title", "crumb", "headline", "lede", "footer", "page_of")
    bare = {name: SHEETS["en"][name] for name in kept}
    reader = PdfReader(io.BytesIO(diagnosis_pdf(bare, {})))
    assert len(reader.pages) == 1
    assert "Definitions" not in reader.pages[0].extract_text()


def test_a_long_table_goes_on_with_its_headings():
    rows = [[f"Segment {number}", "−¥1 k", "1%", "–", "9"] for number in range(90)]
    sheet = SHEETS["en"] | {"segments": SHEETS["en"]["segments"] | {"rows": rows}}
    pages = PdfReader(io.BytesIO(diagnosis_pdf(sheet, images("en")))).pages
    assert len(pages) >= 3
    assert "Contribution" in pages[1].extract_text()


@pytest.fixture
def no_chinese_font(tmp_path, monkeypatch):
    """A font configuration that lists nothing."""
    if not shutil.which("fc-list"):
        pytest.skip("fonts are listed by folder here")
    bare = tmp_path / "fonts.conf"
    bare.write_text(f'<?xml version="1.0"?><fontconfig><dir>{tmp_path}/none</dir></fontconfig>')
    monkeypatch.setenv("FONTCONFIG_FILE", str(bare))
    has_cjk_font.cache_clear()
    yield
    has_cjk_font.cache_clear()


@pytest.mark.parametrize(
    "change",
    [{"language": "zh-hans"}, {"footer": ["Q4", "Snapshot 12", "林悦"]}],
    ids=["Chinese page", "Chinese name on an English page"],
)
def test_chinese_without_a_font_is_refused_and_not_boxed(no_chinese_font, change):
    with pytest.raises(Refused) as refusal:
        diagnosis_pdf(SHEETS["en"] | change, images("en"))
    assert (refusal.value.code, refusal.value.status) == ("pdf.no-cjk-font", 409)


def test_chinese_in_a_picture_without_a_font_is_refused(no_chinese_font):
    with pytest.raises(Refused):
        diagnosis_pdf(SHEETS["en"], {**images("en"), "bridge.svg": images("zh-hans")["bridge.svg"]})


def test_latin_text_needs_no_chinese_font(no_chinese_font):
    assert diagnosis_pdf(SHEETS["en"], images("en")).startswith(b"%PDF")


@pytest.mark.parametrize("name", ["../page.typ", "a/b.svg", "A.svg", "x.typ"])
def test_a_picture_cannot_take_the_place_of_another_file(name):
    with pytest.raises(ValueError, match="picture name"):
        render_pdf("diagnosis", SHEETS["en"], {name: b""})
