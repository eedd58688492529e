"""Rows of a table that are no records: totals, and notes around it."""

import re
from collections.abc import Sequence

# The last letters of all labels below: most cells end otherwise and are asked nothing more.
_ENDS = frozenset("计汇总额lLsSmM:：)）")
_EXACT = re.compile(
    r"(?:[总小合累共]\s*计|本[日周月季年]\s*(?:[合小累总]?\s*计)|汇\s*总|总\s*额|total|grand\s+totals?|sub[\s-]*totals?|totals|sum)"
    r"(?:\s*[(（][^()（）]*[)）])?",
    re.IGNORECASE,
)
_NAMED = re.compile(r".{1,40}?(?:(?:合|小|总|累|共)\s*计|汇总|\s(?:sub)?totals?)(?:金额|数)?", re.IGNORECASE)
_NUMBER = re.compile(
    r"[-+(（'▲△]?\s*(?:[¥￥$€£]|rmb|cny|usd)?\s*[-+]?[\d０-９][\d０-９,，.．\s]*[%％万亿千元圆单个家笔台人天件kKM]*\s*[)）]?"
    r"|[-—–/]+|#\S+|n/?a",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"(?:制表|填表|填报|制单|编制|审核|复核|审批|批准|经办|主管|负责|财务|统计|备注|说明|注|数据来源|数据截[至止]|打印|导出|签字|签名|盖章|声明|免责)"
    r"\S{0,8}\s*[:：].*"
    r"|(?:注|说明)\s*\d?\s*[、.．].*|[*※＊]\s*\S.*"
    r"|(?:notes?|prepared by|source|generated|exported|report generated|printed)\b.*"
    r"|(?:confidential|copyright|disclaimer)\b.*",
    re.IGNORECASE | re.DOTALL,
)
# In a file of text: what must be there before any of its lines can be a total.
_MARK = re.compile("计|汇总|总额".encode() + rb"|(?i:total)")
_QUICK = ("计".encode(), "总".encode(), b"otal", b"OTAL")
_BETWEEN = re.compile(r"[,;\t|]")
_ENOUGH = 5_000


def is_total(row: Sequence[str], *, usual: int) -> bool:
    """Whether a label of a total stands among the first cells and nothing but numbers after it.

    `usual` is how many cells a row of this table fills: a total fills no more. A label that names its group
    (华东小计, North Total) comes first; a bare one (小计, Subtotal) may follow the group's name.
    """
    for place, cell in enumerate(row[:6]):
        if not cell or cell.rstrip()[-1:] not in _ENDS:
            continue
        label = cell.strip().rstrip(":：").strip()
        comes_first = not "".join(row[:place]).strip()
        if _EXACT.fullmatch(label) or (comes_first and _NAMED.fullmatch(label)):
            after = all(not each.strip() or is_number(each) for each in row[place + 1 :])
            return after and sum(map(bool, row)) <= usual
    return False


def is_total_label(cell: str) -> bool:
    """Whether a header is that of a column of totals."""
    label = cell.strip()
    return bool(_EXACT.fullmatch(label) or _NAMED.fullmatch(label))


def is_note(row: Sequence[str]) -> bool:
    """Whether all that stands in a row are remarks like 制表人：王芳."""
    filled = [cell.strip() for cell in row if cell.strip()]
    notes = sum(bool(_NOTE.fullmatch(cell)) for cell in filled)
    return bool(filled) and bool(_NOTE.fullmatch(filled[0])) and 2 * notes >= len(filled)


def is_number(cell: str) -> bool:
    """Whether a cell has a number, or a sign that there is none."""
    return bool(_NUMBER.fullmatch(cell.strip()))


def may_hold_totals(chunk: bytes) -> bool:
    """Whether a line of this part of a UTF-8 file looks like a total, whatever stands between its cells."""
    if not any(mark in chunk for mark in _QUICK):
        return False
    end = 0
    for count, found in enumerate(_MARK.finditer(chunk)):
        if found.start() < end:
            continue
        start = max(chunk.rfind(b"\n", 0, found.start()), chunk.rfind(b"\r", 0, found.start())) + 1
        end = _line_end(chunk, found.end())
        line = chunk[start:end].decode("utf-8", errors="replace")
        cells = [cell.strip(' "') for cell in _BETWEEN.split(line)]
        # A file that is full of the word is better read with care than asked line by line.
        if count > _ENOUGH or is_total(cells, usual=len(cells)):
            return True
    return False


def _line_end(chunk: bytes, start: int) -> int:
    ends = [place for mark in (b"\n", b"\r") if (place := chunk.find(mark, start)) >= 0]
    return min(ends, default=len(chunk))
