"""What a goal asks of its history: which figure, of one period or of a span, and whether less is better."""

import re
from dataclasses import dataclass
from math import log, log10
from statistics import median

from steelyard.engine.smart.findings import Draft
from steelyard.engine.smart.lexicon import en, zh
from steelyard.engine.smart.measures import Measure
from steelyard.engine.smart.reading import Reading
from steelyard.engine.smart.repairs import is_relative

# A target of up to this many times the greatest period is one of a period, not of a span.
ONE_PERIOD = 1.3
MOST_PERIODS = 36
# 500 万 and 5,000,000 are the same figure, a power of ten apart.
SAME_FIGURE, FARTHEST_SCALE = 1e-6, 8.5
_LEVEL_UNIT = re.compile(
    r"%|percent|share|ratio|score|points?\b|\bpts?\b|days?\b|hours?\b|minutes?\b|seconds?\b|weeks?\b|"
    r"times|stars?|\bx\b|/|^(?:分|天|日|小时|分钟|秒|周|倍|星|个百分点|点)$"
)
_LEVEL_KPI = re.compile(
    r"rate|ratio|share|margin|score|nps|csat|price|average|avg|mean\b|\bper\b|cycle|time|dso|days|"
    r"cost per|\bcp[lamc]\b|\bcac\b|"
    r"\bsize\b|discount|roi|roas|coverage|index|active|receivable|backlog|stock|followers|subscribers|"
    r"satisfaction|attainment|"
    r"retention|churn|[^\w]value|_value|率|占比|比例|均|单价|客单价|周期|时长|天数|得分|评分|满意度|指数|"
    r"份额|活跃|应收|库存|在手|存量|倍数|账期|nps"
)
_EACH_PERIOD = re.compile(
    r"每(?:个)?(?:月|周|天|季)|月均|周均|日均|月度|\bmonthly\b|\bweekly\b|\b(?:a|per|each|"
    r"every) (?:month|week|day)\b"
)
# What comes in, as against what stands at a level.
_FLOW = re.compile(
    r"\b(?:win|sign|acquire|add|book|sell|collect|generate|close|enrol|recruit|hire|invoice|install)\b"
    r"|新增|新签|签|卖|售出|获得|获取|完成|实现|招|收"
)
_TO_LEVEL = re.compile(r"\b(?:to|at|of) [$€£]?\d|(?:至|到|在|为)\d")
_IN_TOTAL = re.compile(
    r"累计|总计|合计|共计|总共|全年|\bin total\b|\bcumulative|\baltogether\b|\boverall\b|\btotal\b"
)
_LOWERING = re.compile(
    rf"\b(?:{en.LOWERING})\b|\b(?:bring|get|take|drive|push|come|go|work|"
    rf"pull)\w* (?:[\w'%/-]+ ){{0,6}}?down\b|"
    rf"\bdown (?:to|from|by)\b|\bup to\b|{zh.LOWERED}"
)
_RAISING = re.compile(rf"\b(?:{en.RAISING}|exceed)\b|{zh.RAISED}")
# Words that set a limit say the direction whatever the baseline is: those that deny the other way come first.
_LIMIT = re.compile(
    rf"(?P<floor>\b(?:{en.NOT_BELOW})\b|{zh.NOT_BELOW})|(?P<ceiling>\b(?:{en.NOT_ABOVE})\b|{zh.NOT_ABOVE})|"
    rf"(?P<above>\b(?:{en.ABOVE})\b|{zh.ABOVE})|(?P<below>\b(?:{en.BELOW})\b|{zh.BELOW})"
)
_HOLDING = re.compile(rf"\b(?:{en.HOLDING})\b|{zh.HOLDING}")
_CLAUSE = re.compile(r"[,，;；。|]\s|[，；。|]|\b(?:while|but|with|and)\b|同时|并且?|但")
_LESS_IS_BETTER = re.compile(rf"\b(?:{en.LESS_IS_BETTER})\b|{zh.LESS_IS_BETTER}")
_UNIT_SCALES = (("亿", 1e8), ("百万", 1e6), ("万", 1e4), ("千", 1e3))
_UNIT_SCALE = re.compile(
    r"(?:^k(?=[a-z]{3}\b)|\bk$|thousand)|(?P<million>^m(?=[a-z]{3}\b)|\bm$|\bmn$|million)", re.IGNORECASE
)


@dataclass(frozen=True)
class Aim:
    """A target in the unit of the history; `periods` ahead, their total or the level of the last."""

    target: float
    periods: int
    is_total: bool
    is_ceiling: bool


def aim_of(draft: Draft, reading: Reading) -> Aim | None:
    """The aim of a draft with a history; None where it has no target."""
    known = [float(value) for value in draft.history if value is not None]
    if not known:
        return None
    ceiling = _is_ceiling(draft, reading)
    target = _target(draft, reading, known, is_ceiling=ceiling)
    if target is None:
        return None
    span = _months(draft, reading) or _months_to_end(draft, reading, target, known) or 1
    periods = _periods(span, target, known)
    is_total = periods > 1 and not _is_level(draft, reading, target, periods, known)
    return Aim(target, min(periods, MOST_PERIODS), is_total, ceiling)


def _target(draft: Draft, reading: Reading, known: list[float], *, is_ceiling: bool) -> float | None:
    if draft.target is not None:
        return _as_share(draft.target, draft, known)
    if not reading.measures:
        return None
    measure = reading.measures[-1]
    if is_relative(reading, measure) and measure.kind in ("percent", "multiple"):
        base = draft.baseline if draft.baseline is not None else median(known[-12:])
        if measure.kind == "multiple":
            return base * measure.value
        return base * (1 - measure.value if is_ceiling else 1 + measure.value)
    return _as_share(measure.value / _scale(draft.unit), draft, known)


def _as_share(target: float, draft: Draft, known: list[float]) -> float:
    """63 and 0.63 are the same share; the history says which way it is written."""
    if not re.search(r"%|percent", draft.unit) and not _LEVEL_KPI.search(draft.kpi.lower()):
        return target
    greatest = max(abs(value) for value in known)
    if greatest <= 1.5 < target <= 100 and (
        re.search(r"%|percent", draft.unit) or re.search(r"rate|share|率|占比", draft.kpi.lower())
    ):
        return target / 100
    if greatest > 1.5 > target > 0 and re.search(r"%|percent", draft.unit) and not draft.target:
        return target * 100
    return target


def _scale(unit: str) -> float:
    for word, size in _UNIT_SCALES:
        if unit.startswith(word):
            return size
    found = _UNIT_SCALE.search(unit)
    return (1e6 if found["million"] else 1e3) if found else 1.0


def _months(draft: Draft, reading: Reading) -> int | None:
    """From start to end; else the span that the text names."""
    if draft.start is not None and draft.end is not None and draft.end > draft.start:
        days = (draft.end - draft.start).days + 1
        return max(1, round(days / 30.44))
    spans = [time.months for time in reading.times if time.role == "end" and time.months]
    return spans[0] if spans else None


def _months_to_end(draft: Draft, reading: Reading, target: float, known: list[float]) -> int | None:
    """With an end alone, what is won or sold by then comes in over the quarter, half or year that ends."""
    usual = abs(median(known))
    if draft.end is None or draft.start is not None or not usual or target <= 0:
        return None
    if not _FLOW.search(reading.main) or _TO_LEVEL.search(reading.main):
        return None
    spans = [span for span in (3, 6, 12) if draft.end.month % span == 0]
    return min(spans, key=lambda span: abs(log(target / (usual * span))), default=None)


def _periods(months: int, target: float, known: list[float]) -> int:
    """Months; of a short history quarters, where the target of a year fits four of them better."""
    usual = abs(median(known))
    if months == 12 and len(known) < 12 and usual and 0 < target / usual < (4 * 12) ** 0.5:
        return 4
    return months


def _is_level(draft: Draft, reading: Reading, target: float, periods: int, known: list[float]) -> bool:
    text = reading.main
    if _is_sum_of_periods(draft, reading, target):
        return False
    if _LEVEL_UNIT.search(draft.unit.lower()) or _LEVEL_KPI.search(draft.kpi.lower()):
        return True
    if _EACH_PERIOD.search(text):
        return True
    if _IN_TOTAL.search(text):
        return False
    usual = abs(median(known))
    if draft.baseline and usual:
        ratio = abs(draft.baseline) / usual
        return ratio < periods**0.5
    return target <= ONE_PERIOD * max(known)


def _is_ceiling(draft: Draft, reading: Reading) -> bool:
    """Whether less is better: by its kind, its limit, from baseline to target, by its verb, by the KPI."""
    if draft.kind in ("keep-below", "keep_below"):
        return True
    if draft.kind in ("keep-above", "keep_above"):
        return False
    if (limit := _limit(draft, reading)) is not None:
        return limit
    is_less_better = bool(_LESS_IS_BETTER.search(draft.kpi.lower() or reading.main))
    if _HOLDING.search(reading.main) and not _LOWERING.search(reading.main):
        return is_less_better
    if draft.baseline is not None and draft.target is not None and draft.baseline != draft.target:
        return draft.target < draft.baseline
    lowering, raising = _LOWERING.search(reading.main), _RAISING.search(reading.main)
    if bool(lowering) != bool(raising):
        return bool(lowering)
    return is_less_better


def _limit(draft: Draft, reading: Reading) -> bool | None:
    """Whether the words around the target set a ceiling (True) or a floor (False); None for no limit."""
    text = reading.main
    place = next((each.start for each in reading.measures if _is_target(draft, each)), None)
    if place is not None:
        first = max((each.end() for each in _CLAUSE.finditer(text, 0, place)), default=0)
        after = _CLAUSE.search(text, place)
        text = text[first : after.start() if after else len(text)]
    sides = {each.lastgroup in ("ceiling", "below") for each in _LIMIT.finditer(text)}
    return sides.pop() if len(sides) == 1 else None


def _is_target(draft: Draft, measure: Measure) -> bool:
    """Whether a figure of the text is the target, whatever the scale of its unit; without a target, any."""
    if not draft.target or not measure.value:
        return draft.target is None
    return _close(measure.value, draft.target)


def _is_sum_of_periods(draft: Draft, reading: Reading, target: float) -> bool:
    """At least 3 a month, 36 over the year: the greater figure is the total."""
    if not _EACH_PERIOD.search(reading.main) or len(reading.measures) < 2:
        return False
    said = sorted(each.value for each in reading.measures if each.kind in ("count", "bare", "money"))
    return len(said) > 1 and said[0] > 0 and said[-1] >= 2 * said[0] and _close(target, said[-1])


def _close(one: float, other: float) -> bool:
    """The same figure in units that are a power of ten apart."""
    if not one or not other:
        return False
    power = log10(abs(one)) - log10(abs(other))
    return abs(power - round(power)) < SAME_FIGURE and abs(power) < FARTHEST_SCALE
