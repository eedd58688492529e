"""A template of this folder and a page's data, set as a PDF.

The data reach the template as a JSON file, never as source: text from users cannot become markup.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

import typst

from steelyard.charts.fonts import has_chinese, has_cjk_font
from steelyard.charts.theme import LIGHT
from steelyard.errors import Refused

FOLDER = Path(__file__).parent
NAME = re.compile(r"[a-z0-9][a-z0-9-]*\.(svg|png)")

CHINESE_SERIF = ("Source Han Serif SC", "Noto Serif CJK SC", "Noto Serif SC", "Songti SC", "SimSun")
CHINESE_SANS = (
    *("Source Han Sans SC", "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei"),
    *("WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback"),
)
LATIN_SERIF = ("Source Serif 4", "Noto Serif CJK SC", "Georgia", "Libertinus Serif")
LATIN_SANS = ("Noto Sans", "Source Sans 3", "Liberation Sans", "Arial", "Helvetica Neue", "DejaVu Sans")


def render_pdf(template: str, data: Mapping[str, Any], images: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF of `<template>.typ`; `images` are SVG or PNG files that the data name.

    The same data give the same bytes. Raises Refused("pdf.no-cjk-font", 409) where Chinese text would
    print as boxes.
    """
    images = images or {}
    text = json.dumps(data, ensure_ascii=False)
    language = str(data["language"])
    if _needs_chinese(language, text, images) and not has_cjk_font():
        raise Refused("pdf.no-cjk-font", 409)
    sources = {path.name: path.read_bytes() for path in FOLDER.glob("*.typ")}
    kit = {"fonts": fonts(language), "colours": LIGHT, "page": dict(data)}
    files = {
        **sources,
        "main.typ": sources[f"{template}.typ"],
        "data.json": json.dumps(kit, ensure_ascii=False).encode(),
        **{f"images/{_checked(name)}": content for name, content in images.items()},
    }
    # Typst takes a folder in memory as well, which its type stub leaves out.
    return typst.compile(cast(Any, files), pdf_standards=["ua-1"])


def fonts(language: str) -> dict[str, list[str]]:
    """The installed families for headline and text, the language's own first."""
    if language.startswith("zh"):
        return {
            "serif": _installed(CHINESE_SERIF, CHINESE_SANS),
            "sans": _installed(CHINESE_SANS, LATIN_SANS),
        }
    return {"serif": _installed(LATIN_SERIF, CHINESE_SERIF), "sans": _installed(LATIN_SANS, CHINESE_SANS)}


def _installed(*lists: Sequence[str]) -> list[str]:
    wanted = dict.fromkeys(name for names in lists for name in names)
    # Typst carries Libertinus itself: the list is never empty.
    return [name for name in wanted if name in _families()] or ["Libertinus Serif"]


@cache
def _families() -> frozenset[str]:
    return frozenset(typst.Fonts().families())


def _needs_chinese(language: str, text: str, images: Mapping[str, bytes]) -> bool:
    if language.startswith("zh") or has_chinese(text):
        return True
    drawn = (content for name, content in images.items() if name.endswith(".svg"))
    return any(has_chinese(content.decode()) for content in drawn)


def _checked(name: str) -> str:
    if not NAME.fullmatch(name):
        raise ValueError(f"not a plain picture name: {name!r}")
    return name
