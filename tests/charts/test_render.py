"""Pictures without a browser."""

import io
import os
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from PIL import Image

from steelyard.charts.fonts import has_chinese, has_cjk_font
from steelyard.charts.render import to_png, to_svg
from steelyard.charts.theme import DARK, LIGHT
from tests.charts import made_up


@pytest.mark.parametrize("name", list(made_up.charts("en")))
def test_svg_is_as_wide_as_asked_and_says_its_words(name):
    svg = to_svg(made_up.charts("zh-hans")[name], width=520)
    root = ElementTree.fromstring(svg)  # noqa: S314  our own picture
    assert abs(float(root.get("width")) - 520) <= 1
    assert "var(" not in svg
    if name == "bridge":
        assert "赢单率" in svg


def test_the_same_spec_gives_the_same_svg():
    spec = made_up.charts("en")["xmr"]
    assert to_svg(spec) == to_svg(spec)


@pytest.mark.parametrize(("theme", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_png_stands_on_the_card_and_is_drawn(theme, palette):
    picture = Image.open(io.BytesIO(to_png(made_up.charts("en")["bridge"], scale=1, theme=theme))).convert(
        "RGB"
    )
    ground = tuple(int(palette["card"][place : place + 2], 16) for place in (1, 3, 5))
    assert picture.getpixel((1, 1)) == ground
    worse = tuple(int(palette["worse"][place : place + 2], 16) for place in (1, 3, 5))
    assert worse in {colour for _, colour in picture.getcolors(maxcolors=100_000)}


@pytest.mark.skipif(not has_cjk_font(), reason="no Chinese font is installed")
def test_chinese_is_drawn_and_not_boxed():
    """Two different characters differ in the picture; two missing ones would be the same box."""

    def drawn(text: str) -> bytes:
        spec = {"data": {"values": [{}]}, "mark": {"type": "text", "text": text, "fontSize": 20}}
        spec |= {
            "width": 40,
            "height": 40,
            "config": {"font": made_up.charts("zh-hans")["xmr"]["config"]["font"]},
        }
        return to_png(spec, scale=1, width=40)

    assert drawn("赢") != drawn("单")


def test_a_machine_without_fonts_knows_it(tmp_path):
    """Asked in a process of its own, with a font configuration that lists nothing."""
    bare = tmp_path / "fonts.conf"
    bare.write_text(f'<?xml version="1.0"?><fontconfig><dir>{tmp_path}/none</dir></fontconfig>')
    ask = "from steelyard.charts.fonts import has_cjk_font; print(has_cjk_font())"
    environment = {**os.environ, "FONTCONFIG_FILE": str(bare), "PYTHONPATH": os.pathsep.join(sys.path)}
    said = subprocess.run(
        [sys.executable, "-c", ask], env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "False"


def test_chinese_characters_are_known_from_latin():
    assert has_chinese("Team 华东")
    assert has_chinese("100%（税前）")
    assert not has_chinese("Zoë · −18.4% “short”")
