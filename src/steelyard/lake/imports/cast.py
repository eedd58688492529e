"""DuckDB expressions that read a cell of text as a value of a kind, and say what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass

from steelyard.lake import sql
from steelyard.lake.imports.detect import NO_VALUE
from steelyard.lake.imports.mapping import ColumnRule

TEXT_LIMIT = 10_000
_SPACES = "\u0020\t\r\n\u00a0\u2007\u202f\u3000\ufeff"
_NO_VALUE = tuple(sorted(NO_VALUE))
_FIRST_DAY, _LAST_DAY = "DATE '1900-01-01'", "DATE '2199-12-31'"
# Digits before the first comma that is left, as one comma after the other is taken out of 1,234,567.
_GROUPS = ("\\d{1,3}", "\\d{4,6}", "\\d{7,9}", "\\d{10,12}")
_WIDE = "０１２３４５６７８９．，－＋％（）−–▲△"
_PLAIN = "0123456789.,-+%()----"
_BLANKS = "\\s\\x{00A0}\\x{2007}\\x{2009}\\x{202F}\\x{3000}\\x{FEFF}"
_CURRENCY = "RMB|CNY|USD|EUR|GBP|US\\$|人民币"
# Words after a number: what it is counted in, which changes nothing, and how large it is.
_COUNTED = "元整?|圆整?|[个件台套人次单家笔条份]"
_MAGNITUDES = {"千": 1000, "万": 10_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000}
_MAGNITUDES |= {"k": 1000, "K": 1000, "M": 1_000_000}
# Wide enough for any product with a unit, so that it rounds only once.
_EXACT = "DECIMAL(24,8)"
_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
_DATES = {
    "ymd": ("%Y/%m/%d", "%Y.%m.%d", "%y年%m月%d日", "%Y年%m月%d日", "%Y-%m-%d"),
    # Two digits first: four would take 26 for the year 26.
    "dmy": ("%d/%m/%y", "%d-%m-%y", "%d.%m.%y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"),
    "mdy": ("%m/%d/%y", "%m-%d-%y", "%m.%d.%y", "%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y"),
}
# Behind the time of day, so that the day in 2024-03-05 is none.
_ZONE = ":\\d\\d(\\.\\d+)?\\s?(Z|[+-]\\d\\d(:?\\d\\d)?)"
_WORDS = ("%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y")


@dataclass(frozen=True)
class Cell:
    """The two expressions of a column: its value over the raw text, and the code of its defect or null."""

    value: str
    problem: str


def trimmed(text: str, *, thorough: bool, padded: bool = True) -> str:
    """The text without spaces around it, null when nothing is left; our own export's quote taken off."""
    if not padded and not thorough:
        return f"nullif({text}, '')"
    inner = f"trim({text}, {sql.text(_SPACES)})" if thorough else f"trim({text})"
    return f"nullif({_unneutralised(inner)}, '')"


def cell(
    raw: str, value: str, *, kind: str, rule: ColumnRule, allowed: tuple[str, ...] = (), thorough: bool
) -> Cell:
    """Expressions for a cell: `raw` names the trimmed text, `value` the value that this computes from it.

    The fast way only asks whether there is a problem. To tell which would repeat parts of the value, and
    DuckDB computes a part that stands twice for every row, even behind a case that few rows reach.
    """
    if kind == "text":
        text = mapped(raw, rule.values, rule.otherwise)
        if allowed:
            listed = ", ".join(sql.text(each) for each in allowed)
            typed = f"CASE WHEN lower({text}) IN ({listed}) THEN lower({text}) END"
            return Cell(typed, _code(raw, value, "'not-a-value'"))
        return Cell(text, f"CASE WHEN strlen({value}) > {TEXT_LIMIT} THEN 'too-long' END")
    if kind in ("date", "timestamp"):
        return _moment(mapped(raw, rule.values, rule.otherwise), raw, value, kind, rule.order)
    return _amount(mapped(raw, rule.values, rule.otherwise), raw, value, kind, rule, thorough=thorough)


def control_characters(raw: str) -> str:
    """Whether a text holds characters that no cell should: NUL, bell, escape and their like."""
    return f"regexp_matches({raw}, '[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F]')"


def _moment(text: str, raw: str, value: str, kind: str, order: str) -> Cell:
    target = sql.DUCK[kind]
    iso = f"try_cast({text} AS {target})"
    arms = [] if order == "excel" else [iso]
    if arms and kind == "timestamp":
        arms.insert(0, _zoned(text))
    if order != "ymd":
        arms.append(_serial(text, target))
    formats = [f"{day}{time}" for day in (*_DATES.get(order or "ymd", ()), *_WORDS) for time in _TIMES]
    listed = ", ".join(sql.text(each) for each in formats)
    if order != "excel":
        arms.append(f"try_cast(try_strptime({text}, [{listed}]) AS {target})")
        arms.append(f"try_cast({_compact(text)} AS {target})")
        arms.append(f"try_cast(try_strptime({_tidied(text)}, [{listed}]) AS {target})")
    if order == "ymd":
        arms.append(_serial(text, target, "[2-7]\\d{4}"))
    parsed = f"coalesce({', '.join(arms)})"
    if order in ("dmy", "mdy"):
        # DuckDB takes 03/04/17 for a day in the year 3: only a four-digit year first is ISO here.
        parsed = parsed.replace(iso, f"CASE WHEN regexp_matches({text}, '^\\d{{4}}\\D') THEN {iso} END", 1)
    outside = f"CASE WHEN {value} NOT BETWEEN {_FIRST_DAY} AND {_LAST_DAY} THEN 'out-of-range' END"
    return Cell(parsed, f"coalesce({_code(raw, value, sql.text('not-a-date'))}, {outside})")


def _zoned(text: str) -> str:
    """A time that names its zone, as clocks in the connection's zone show it."""
    ends = f"regexp_matches({text}, '{_ZONE}$')"
    says = f"(length({text}) > 19 OR suffix({text}, 'Z')) AND {ends}"
    return f"CASE WHEN {says} THEN CAST(try_cast({text} AS TIMESTAMPTZ) AS TIMESTAMP) END"


def _serial(text: str, target: str, days: str = "\\d{5}") -> str:
    """Days since 1899-12-30, as a spreadsheet counts."""
    number = f"try_cast(CASE WHEN regexp_full_match({text}, '{days}(\\.\\d+)?') THEN {text} END AS DOUBLE)"
    seconds = f"to_seconds(CAST(round({number} * 86400) AS BIGINT))"
    return f"CAST(TIMESTAMP '1899-12-30' + {seconds} AS {target})"


def _tidied(text: str) -> str:
    """A date in plain digits, without spaces around 年月日, the day of the week, or a quote before it."""
    wide = f"translate({text}, {sql.text(_WIDE)}, {sql.text(_PLAIN)})"
    week = "[\\s(]*(?:星期|周|礼拜)[一二三四五六日天]\\)?"
    bare = f"regexp_replace({wide}, '^''|{week}', '', 'g')"
    spaces = f"[{_BLANKS}]*([-/.年月])[{_BLANKS}]*|[{_BLANKS}]+(日)"
    return f"trim(regexp_replace({bare}, '{spaces}', '\\1\\2', 'g'))"


def _compact(text: str) -> str:
    """20170301 and 2017-03, 2017年3月 (its first day) in ISO form."""
    day = f"regexp_replace({text}, '^(\\d{{4}})(\\d{{2}})(\\d{{2}})$', '\\1-\\2-\\3')"
    return f"regexp_replace({day}, '^(\\d{{4}})(?:[-/.]|年)(\\d{{1,2}})月?$', '\\1-\\2-01')"


def _amount(text: str, raw: str, value: str, kind: str, rule: ColumnRule, *, thorough: bool) -> Cell:
    target = sql.DUCK[kind]
    comma = rule.decimal == ","
    plain = _cleaned(text, comma=comma)
    arms = [] if comma else [_cast(text, kind)]
    arms.append(_cast(plain, kind))
    parsed = f"coalesce({', '.join(arms)})"
    # A number that says itself how large it is (12.5万, 85%) is not multiplied by the column's unit.
    own = [f"{_cast(_percent(text, comma=comma), kind)} / 100"] if kind == "number" else []
    own.append(_magnified(text, target, comma=comma))
    if rule.unit:
        parsed = _in_unit(text, plain, rule.unit, target, comma=comma)
    parsed = f"coalesce({', '.join([parsed, *own])})"
    other = "NULL"
    if kind == "integer":
        other = f"CASE WHEN try_cast({raw} AS DOUBLE) <> {value} THEN 'not-whole' END"
    code = (
        f"CASE WHEN {_finite(plain)} THEN 'out-of-range' ELSE 'not-a-number' END" if thorough else "'wrong'"
    )
    if kind == "number":
        # "nan" and "inf" cast to numbers that are none; the first is a way to say that there is no value.
        other = f"CASE WHEN NOT isfinite({value}) AND lower({raw}) NOT IN ({_none()}) THEN 'not-a-number' END"
    return Cell(parsed, f"coalesce({_code(raw, value, code)}, {other})")


def _in_unit(text: str, plain: str, unit: str, target: str, *, comma: bool) -> str:
    """The number times the unit, rounded once at the end; a number too long for that as a fraction.

    One that is said to be in 元 is not in the 万元 of its column.
    """
    times = f"CAST({sql.text(unit)} AS DECIMAL(14,4))"
    texts = [plain] if comma else [text, plain]
    exact = [f"try_cast({each} AS {_EXACT})" for each in texts]
    rough = f"try_cast({plain} AS DOUBLE)"
    in_yuan = f"CASE WHEN regexp_matches({text}, '\\d\\s*[元圆]整?$') THEN try_cast({plain} AS {target}) END"
    return (
        f"coalesce({in_yuan}, try_cast(coalesce({', '.join(exact)}) * {times} AS {target}), "
        f"try_cast({rough} * CAST({times} AS DOUBLE) AS {target}))"
    )


def _magnified(text: str, target: str, *, comma: bool) -> str:
    """12.5万, 1.2亿元, 3k: the number before the word times what the word says."""
    words = "|".join(sorted(_MAGNITUDES, key=len, reverse=True))
    pattern = sql.text(f"^(.*?)[{_BLANKS}]*({words})[{_BLANKS}]*(?:{_COUNTED}|{_CURRENCY})?$")
    before = f"regexp_extract({text}, {pattern}, 1)"
    listed = ", ".join(sql.text(word) for word in _MAGNITUDES)
    # A CASE (or nullif, which is one) would name the word twice, and so have it looked for in every row.
    place = f"list_position([{listed}], regexp_extract({text}, {pattern}, 2))"
    times = f"CAST(list_extract({[*_MAGNITUDES.values()]}, {place}) AS DECIMAL(10,0))"
    return f"try_cast(try_cast({_cleaned(before, comma=comma)} AS {_EXACT}) * {times} AS {target})"


def absent(value: str, kind: str) -> str:
    """Whether a value is none."""
    return f"({value} IS NULL OR NOT isfinite({value}))" if kind == "number" else f"{value} IS NULL"


def _cast(text: str, kind: str) -> str:
    return f"try_cast({text} AS {sql.DUCK[kind]})"


def _finite(text: str) -> str:
    return f"coalesce(isfinite(try_cast({text} AS DOUBLE)), false)"


def _cleaned(text: str, *, comma: bool) -> str:
    """Digits alone: full width made plain, currency signs and grouping taken out, brackets to a minus."""
    wide = f"translate({text}, {sql.text(_WIDE)}, {sql.text(_PLAIN)})"
    worded = f"(?i:^(?:{_CURRENCY})|(?:{_CURRENCY})$)|(?:{_COUNTED})$|^''"
    bare = f"regexp_replace({wide}, '{worded}|[¥￥$€£_{_BLANKS}]', '', 'g')"
    signed = f"regexp_replace({bare}, '^\\((.*)\\)$|^(\\d[\\d,.]*)-$', '-\\1\\2')"
    if comma:
        return f"replace(regexp_replace({signed}, '\\.(\\d{{3}})', '\\1', 'g'), ',', '.')"
    for ahead in _GROUPS:
        rest = "((?:,\\d{3})*(?:\\.\\d*)?)"
        signed = f"regexp_replace({signed}, '^([+-]?{ahead}),(\\d{{3}}){rest}$', '\\1\\2\\3')"
    return signed


def _percent(text: str, *, comma: bool) -> str:
    bare = f"regexp_extract({text}, '^(.*?)\\s*[%％]$', 1)"
    return _cleaned(bare, comma=comma)


def _code(raw: str, value: str, code: str) -> str:
    """The code where there is text and no value, unless the text is one that means none."""
    wanted = f"{raw} IS NOT NULL AND lower({raw}) NOT IN ({_none()})"
    return f"CASE WHEN {value} IS NULL AND {wanted} THEN {code} END"


def _none() -> str:
    return ", ".join(sql.text(each) for each in _NO_VALUE)


def mapped(text: str, values: Mapping[str, str], otherwise: str) -> str:
    """The value map; what it does not name stays, or becomes `otherwise` where that is given."""
    if not values and not otherwise:
        return text
    rest = f"CASE WHEN {text} IS NOT NULL THEN {sql.text(otherwise)} END" if otherwise else text
    if not values:
        return rest
    arms = " ".join(f"WHEN {sql.text(key)} THEN {sql.text(value)}" for key, value in values.items())
    return f"CASE {text} {arms} ELSE {rest} END"


def _unneutralised(text: str) -> str:
    """Take off the quote with which our exports keep a spreadsheet from running a text."""
    bare = f"regexp_replace({text}, '^''([=+@\\t\\r''-]|\\d+$)', '\\1')"
    return f"CASE WHEN starts_with({text}, '''') THEN {bare} ELSE {text} END"
