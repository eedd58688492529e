"""Column names as people write them, brought to one form."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_OTHER = re.compile(r"[^\w]+", re.UNICODE)
_BRACKETS = re.compile(r"\s*[(（\[【〔][^()（）\[\]【】〔〕]*[)）\]】〕]\s*$")
_UNITS = {
    "元": "1", "千元": "1000", "千": "1000", "万元": "10000", "万": "10000",
    "百万元": "1000000", "百万": "1000000",
    "千万": "10000000", "千万元": "10000000", "亿元": "100000000", "亿": "100000000",
    "k": "1000", "thousands": "1000", "thousand": "1000", "000s": "1000", "'000": "1000",
    "m": "1000000", "mn": "1000000", "mm": "1000000", "millions": "1000000", "million": "1000000",
    "%": "0.01",
}  # fmt: skip
_UNIT = re.compile(
    r"(?:单位\s*[:：]?\s*)?(?:in\s+)?(?:人民币|rmb|cny|usd|eur|us\$|[¥￥$€£])?\s*"
    r"(亿元?|千万元?|百万元?|万元?|千元?|元|thousands?|millions?|000s|'000|mn|mm|k|m|%)"
    r"(?:人民币|rmb|cny|usd|eur)?",
    re.IGNORECASE,
)
_TAIL = re.compile(r"[/_\-\s](亿元?|千万元?|百万元?|万元?|千元|元)$")
_TITLE = re.compile(
    r"单位\s*[:：]\s*(?:人民币)?\s*(亿元?|千万元?|百万元?|万元?|千元?|元)|\bin\s+(thousands?|millions?)\b",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?:号|号码|编号|编码|代码|单号|电话|手机|id|code|no|number|phone|tel|zip)$", re.IGNORECASE
)


def normalise(header: str) -> str:
    """Lower case with underscores: "Close Date", "closeDate" and "ＣＬＯＳＥ＿ＤＡＴＥ" are one name."""
    plain = unicodedata.normalize("NFKC", header).strip()
    spaced = _OTHER.sub("_", _CAMEL.sub("_", plain))
    return re.sub(r"_+", "_", spaced).strip("_").casefold()


def bare(header: str) -> str:
    """The name without brackets after it and without a unit: 金额（万元） and 金额/万元 are 金额."""
    text = header.strip()
    while (shorter := _BRACKETS.sub("", text)) != text and shorter.strip("*＊ "):
        text = shorter
    return _TAIL.sub("", text).strip()


def known_as(headers: Sequence[str]) -> dict[str, str]:
    """Header → what it may be known by: of a header in several lines the last, when no other ends so."""
    last = {header: header.split(" / ")[-1] for header in headers}
    times = Counter(normalise(bare(name)) for name in last.values())
    return {header: name if times[normalise(bare(name))] == 1 else header for header, name in last.items()}


def unit_of(header: str) -> str:
    """By what the figures of a column are to be multiplied, as its header says; "" when it says nothing."""
    text = unicodedata.normalize("NFKC", header).strip()
    inside = re.findall(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]", text)
    for each in inside:
        if found := _UNIT.fullmatch(each.strip()):
            return _UNITS[found[1].casefold()]
    if found := _TAIL.search(text):
        return _UNITS[found[1]]
    return ""


def unit_in_title(title: str) -> str:
    """The same for a title above the table: 单位：万元, in thousands."""
    found = _TITLE.search(unicodedata.normalize("NFKC", title))
    return _UNITS[(found[1] or found[2]).casefold()] if found else ""


def is_code(header: str) -> bool:
    """Whether a column holds codes, which may look like numbers and are none."""
    return bool(_CODE.search(bare(header)))
