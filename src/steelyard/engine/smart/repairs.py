"""Changes that mend a letter with one click, from what the draft already holds."""

import re
from calendar import monthrange
from datetime import date, timedelta

from steelyard.engine.smart.faults import Part
from steelyard.engine.smart.findings import Draft, Repair
from steelyard.engine.smart.lexicon import en, zh
from steelyard.engine.smart.measures import Measure
from steelyard.engine.smart.reading import Reading
from steelyard.engine.smart.times import Time

# What a first figure asks for where nothing else is known: a start to change, not a forecast.
FIRST_CHANGE = 0.10
_RELATIVE = re.compile(
    r"\bby (?:about |around |at least |roughly |some |another |up to )?$|(?:提升|提高|增长|增加|上升|"
    r"下降|降低|减少|缩短|压缩|上涨|提速|增幅|涨|降|减|多|砍掉|翻)(?:了|约|近|至少|不低于|超过?)?$|[+-]$|"
    r"\b(?:up|down|grow|increase|raise|lift|cut|reduce|lower|boost|improve)\w* (?:[a-z ]+ )?$"
)
_LOWER = re.compile(rf"\b(?:{en.LOWERING})\b|{zh.LOWERING}")
_END_SIGNS = " .。!！;；,，"


def is_relative(reading: Reading, measure: Measure) -> bool:
    """By 15 % rather than to 15 %."""
    return measure.kind == "multiple" or bool(_RELATIVE.search(reading.bare[: measure.start]))


def asked(code: str, field: str) -> Repair:
    """Only a person can know it: the field is opened."""
    return Repair(code, field)


def pinned(draft: Draft, reading: Reading) -> tuple[Repair, ...]:
    """A figure pins a vague verb down; where no thing is named either, the KPI comes first."""
    if not draft.kpi and not reading.objects:
        return (asked("smart.choose-kpi", "kpi"),)
    return measured(draft, reading)


def measured(draft: Draft, reading: Reading) -> tuple[Repair, ...]:
    """From … to … where the fields know it, else a first change to be made one's own."""
    if not draft.kpi and not reading.objects:
        return (asked("smart.choose-kpi", "kpi"),)
    if reading.measures:
        return (asked("smart.name-kpi", "kpi"),)
    way = -1 if _LOWER.search(reading.main) else 1
    known = [value for value in draft.history if value is not None]
    baseline = draft.baseline if draft.baseline is not None else (known[-1] if known else None)
    if baseline is not None:
        target = _even(baseline * (1 + way * FIRST_CHANGE))
        return (
            Repair(
                "smart.from-to",
                "text",
                _from_to(reading, baseline, target, draft.unit),
                {"baseline": baseline, "target": target},
            ),
        )
    share = f"{FIRST_CHANGE:.0%}"
    if reading.lang == "zh":
        words = f"{'降低' if way < 0 else '提升'}{share}"
        return (Repair("smart.first-figure", "text", _appended(reading, words), {"share": FIRST_CHANGE}),)
    return (Repair("smart.first-figure", "text", _appended(reading, f"by {share}"), {"share": FIRST_CHANGE}),)


def related(reading: Reading) -> tuple[Repair, ...]:
    """The goal above is a person's to choose; the text can say it as well."""
    return (asked("smart.add-parent", "parent"), asked("smart.add-cause", "cause"))


def ended(draft: Draft, reading: Reading, vague: Time | None = None) -> tuple[Repair, ...]:
    """The end of the quarter in which it starts; without a start, words that name the quarter."""
    if draft.start is not None:
        end = quarter_end(draft.start)
        return (Repair("smart.set-end", "end", end, {"end": end}),)
    words = "本季度末前" if reading.lang == "zh" else "by the end of this quarter"
    if vague is not None and vague.role == "vague":
        text = reading.text.swapped(vague.start, vague.end, words)
    elif reading.lang == "zh":
        text = f"{words}{reading.text.original.lstrip()}"
    else:
        text = _appended(reading, words)
    return (Repair("smart.name-end", "text", text, {"words": words}), asked("smart.choose-end", "end"))


def quarter_end(start: date) -> date:
    """The last day of the quarter of a day, or of the next where under six weeks are left."""
    month = (start.month + 2) // 3 * 3
    end = date(start.year, month, monthrange(start.year, month)[1])
    is_enough = (end - start) >= timedelta(weeks=6) or end == date.max
    return end if is_enough else quarter_end(end + timedelta(days=1))


def split(draft: Draft, reading: Reading, second: Part) -> tuple[Repair, ...]:
    """Two texts, each with what both share: the times at either end and the purpose stay with both."""
    original, places = reading.text.original, reading.text.places
    cut = places[second.start]
    first, other = original[:cut], original[cut:]
    first = re.sub(
        (
            r"(?i)[\s,，;；、&+]*(?:\b(?:and|plus|as well as|along with|while|but)|并且?|同时|另外|外加|"
            r"此外|以及|还要|还得|顺便|加上|和|与|且|再)*[\s,，;；、&+]*$"
        ),
        "",
        first,
    )
    if len(first.strip()) < 2 or len(other.strip(_END_SIGNS)) < 2:
        return (asked("smart.rewrite", "text"),)
    return (Repair("smart.split", "split", (first.strip(), other.strip(" ，,、"))),)


def unblamed(draft: Draft, reading: Reading) -> tuple[Repair, ...]:
    """The matter can only be told by whoever knows it."""
    return (asked("smart.rewrite", "text"),)


def _from_to(reading: Reading, baseline: float, target: float, unit: str) -> str:
    is_percent = unit in ("percent", "%") and abs(baseline) <= 1.5
    one, other = (
        _shown(value, unit, is_percent=is_percent, lang=reading.lang) for value in (baseline, target)
    )
    return _appended(reading, f"，从 {one} 到 {other}" if reading.lang == "zh" else f"from {one} to {other}")


def _shown(value: float, unit: str, *, is_percent: bool, lang: str) -> str:
    """Four significant digits as a person writes them: 2,919万, 29.19 million."""
    if is_percent:
        return f"{value * 100:.3g}%"
    words = ((1e8, "亿"), (1e4, "万")) if lang == "zh" else ((1e9, " billion"), (1e6, " million"))
    size, word = next((each for each in words if abs(value) >= each[0]), (1.0, ""))
    rounded = float(f"{value:.4g}") / size
    return f"{rounded:,.10g}{word}{'%' if unit in ('percent', '%') else ''}"


def _appended(reading: Reading, words: str) -> str:
    """The words after the goal itself: before its purpose and its last sign."""
    original, places = reading.text.original, reading.text.places
    later = [start for start, _ in reading.purposes if reading.main[:start].strip(" |,，。.")]
    cut = places[later[0]] if later else len(original)
    head, tail = original[:cut].rstrip(), original[cut:]
    signs = len(head) - len(head.rstrip(_END_SIGNS))
    end, head = (head[len(head) - signs :], head[: len(head) - signs]) if signs else ("", head)
    gap = "" if reading.lang == "zh" else " "
    return f"{head}{gap}{words}{end}{' ' if tail and gap and not tail.startswith(' ') else ''}{tail}"


def _even(value: float) -> float:
    """Three significant digits: a target is a round figure."""
    return float(f"{value:.3g}")
