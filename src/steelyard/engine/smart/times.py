"""When a goal ends, by rule: which times of a text are its end, and which are a rhythm, a start or a name."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from steelyard.engine.smart.lexicon import en, times_en, times_zh, zh
from steelyard.engine.smart.numbers import numbers_in
from steelyard.engine.smart.text import NEAR, apart, around

# end: by or in which it is to be reached · past: compared with · start: from which on · rhythm: how often ·
# speed: how fast each single thing is done, which is a measure · name: part of what a thing is called ·
# vague: soon.
Role = Literal["end", "past", "start", "rhythm", "speed", "name", "vague"]


@dataclass(frozen=True)
class Time:
    """A time and where it stands in the plain text; `months` is the span that it names, if it names one."""

    start: int
    end: int
    role: Role
    months: int | None = None


_ENGLISH_SPEED = re.compile(
    rf"(?:within|in|under|inside|less than|below|after) (?:the first )?(?:an?|one|{times_en.NUMBER}|"
    rf"\d+)[- ](?:(?:working|business) )?"
    r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?)\b|same[- ]day"
)
_ENGLISH_RHYTHM = re.compile(
    r"\b(?:every|each|per)(?: (?:other|single|second|two|three|\d))? (?:working |business |calendar )?"
    r"(?:day|week|fortnight|month|quarter|half-year|year|(?:mon|tues|wednes|thurs|fri|satur|sun)day)s?\b"
    r"|\b(?:a|an|/) ?(?:day|week|month|quarter|year)\b(?!-)|\b(?:bi-?)?(?:daily|weekly|monthly|quarterly|"
    r"annually|yearly)\b"
    r"|\bon (?:mon|tues|wednes|thurs|fri|satur|sun)days\b|\b(?:per annum|p\.a\.)"
)
_VAGUE_TIME = re.compile("|".join((*en.VAGUE_TIMES, *zh.VAGUE_TIMES)))
_ENGLISH_PAST = re.compile(
    r"(?:\b(?:last|previous|prior|past|preceding)[ -](?:(?:fiscal|calendar|financial) )?(?:year|quarter|"
    r"month|week|half|"
    rf"season|{times_en.NUMBER} (?:months?|quarters?|weeks?|years?))(?:'s)?\b(?! of (?:the|this|"
    rf"{times_en.YEAR}|\w+ber\b|"
    rf"ju|ma|ap|fe|ja|au))"
    r"|\b(?:a|one) year (?:ago|earlier|before)\b|year[- ](?:on|over|to)[- ]year|\byoy\b|\bqoq\b|\bmom\b(?!s)"
    r"|(?:same|comparable) (?:period|quarter|month|time)(?: (?:of|in))?(?: last| previous|"
    r" the prior)?(?: year)?)"
)
_PAST_BEFORE = re.compile(
    r"(?:(?<!later )\bthan(?: in| at| the end of| for)?|\bvs\.?|\bversus|\bcompared (?:to|with)|"
    r"\brelative to|\bagainst"
    r"|(?:%|percent|points?|\bpp) (?:over|on)|\d%? from|\bup on|\bover the level of|\bin comparison (?:to|"
    r"with)|\babove|\bmatch(?:ing)?"
    r"|\bfrom (?:[$€£]?[\d.,]+ ?[a-z%]* )(?:in|at|for|during))(?: the)? (?:end of )?$"
)
# “to 30% over FY27” reaches it in that time; “10% over FY26” compares.
_TO_OVER = re.compile(r"\bto [$€£]?[\d.,]+ ?[%a-z]* (?:over|on)(?: the)? $")
_PAST_AFTER = re.compile(
    r"^(?:'s)?(?: (?:\w+ )?(?:levels?|baselines?|figures?|averages?|base|value|actuals?|benchmark|results?)\b"
    r"(?! (?:to|of|by|reach|at|should|must|will)))|^\)?(?:相比|基础上|的?水平|为基|基数|的?基线|的?实际)"
)
_START_BEFORE = re.compile(
    r"(?:\bfrom|\bsince|\bstarting(?: in| from| on| with)?|\bbeginning(?: in| of| on)?|\bas of|"
    r"\beffective|\bafter"
    r"|\bstarts?(?: in| on)?)(?: the| early| mid| late)?(?: end of)? $"
)
_UNTIL_AFTER = re.compile(r"^ ?(?:to|-|until|till|through|up to)(?: the)?(?: end of)? ?(?:[a-z]+ ?\d*|\d)")
_PREPOSED = re.compile(
    r"(?:\b(?:in|by|during|before|until|till|through|throughout|of|within|on|at|to|across|for|over|from|"
    r"than|this|due"
    r"|and|or|up to|no later than|mid|late|early|end|ending|closing|latest|target|deadline)|"
    r"[-:,;(/.，、。]|^)[ -]?(?:the |early |mid-?|late |end )?$"
)
_NAMED_AFTER = re.compile(r"^ (?:[a-z'-]+ ){0,2}(?:" + en.DATED_THINGS + r")\b(?!:)")
_THING_FOR = re.compile(r"\b(?:" + en.DATED_THINGS + r") (?:for|of|from)(?: the)? $")

_HAN_SPEED = re.compile(
    rf"{times_zh.NUMBER}(?:个)?(?:小时|分钟|秒钟?|h|min)(?:之内|以内|内)?|当[天日](?=响应|回复|处理|完成|"
    rf"解决|发货|跟进|反馈|办结)|次日|隔日|即时|t\+\d"
)
_HAN_RHYTHM = re.compile(
    rf"(?:每|逐|按|隔)(?:个|一|半|{times_zh.NUMBER})?(?:个)?(?:工作日|自然日|自然周|自然月|天|日|周|星期|"
    rf"双周|月|季度?|年|半年)(?:度)?"
    rf"(?:{times_zh.DAY}|\d{{1,2}}日|[一二三四五六日末底初])?(?:之前|以前|前)?|(?:月|周|日|季|年)均|(?:个|"
    rf"单)月(?=均)|天天|平均每"
)
_HAN_PAST = re.compile(
    r"(?:去年|上一?年度?)(?:同期)?(?:第?[一二三四1-4]季度?|q[1-4]|[上下]半年|\d{1,2}月份?|"
    r"十?[一二三四五六七八九十]月份?)?|前年|往年|上一?个?季度?(?!度内)|上一?个?月|上个?周|上半年同期|"
    r"同期|同比|环比|去年同期|历年|历史同期|此前|过去[^，。]{0,5}?(?:年|月|季度|周|天)"
)
_HAN_PAST_BEFORE = re.compile(
    r"(?:较之|较|比|相比于?|相较于?|对比|相对于?|高于|低于|优于|超过|超越|超|与|跟|同|在)(?:公司|团队|我们)?$"
)
_HAN_PAST_AFTER = re.compile(
    r"^(?:全年|同期)?(?:的)?(?:相比|[^，。；至到]{0,8}基础上|水平|基数|基线|为基|同期|"
    r"[^，。；]{0,6}(?:相比|持平)|平均|实际|均值)"
)
_HAN_COMPARED = re.compile(r"(?:较之|较|比|相比于?|相较于?|对比|相对于?)(?:公司|团队|我们)?$")
_HAN_FROM = re.compile(r"(?:从|自|由)(?:公司|目前)?$")
_HAN_FROM_AFTER = re.compile(r"^(?:份)?(?:起|开始|以来|启动)")
_HAN_UNTIL_AFTER = re.compile(r"^(?:起|开始)?(?:，)?(?:至|到|-|~)")
_HAN_NAMED_BEFORE = re.compile(r"(?:" + zh.MAKING_VERBS + r")(?:了|一份|公司|我司|全新的?|新版?)?$")
_HAN_NAMED_AFTER = re.compile(
    r"^(?:度|份)?(?:的)?(?![^，。；]{0,8}(?:"
    + zh.MAKING_VERBS
    + r"))[\w《“\"]{0,8}?(?:"
    + zh.DATED_THINGS
    + ")"
)
_NUMBERED_WEEK = re.compile(r"(?:week|cw|kw|wk) ?\d|第")
_RANGE = re.compile(
    r"[a-z月日](?: (?:to|through|until) | ?[-~至到] ?)(?=[a-z\d一二三四五六七八九十])"
    r"|\d ?[~至到] ?\d|\d-\d{1,2}月"
)
_LEFT = re.compile(
    rf"(?:离|距离?)[^，。；]{{0,8}}?(?:还有|还剩|仅剩|只剩)?{times_zh.NUMBER}个?(?:天|周|月|个月|星期)"
)
_CLAUSE = re.compile(r"[，。；;!?！？]|, |\. ")


def times_in(text: str) -> tuple[Time, ...]:
    """Every time of the plain text with its role, in order; of two that overlap the first found counts."""
    return tuple(sorted(apart(_all(text), len(text)), key=lambda each: each.start))


def _all(text: str) -> Iterator[Time]:
    for pattern, role in _PLAIN:
        for match in pattern.finditer(text):
            yield Time(*match.span(), role)
    for pattern, months in _POINTS:
        for match in pattern.finditer(text):
            if match.end() > match.start():
                yield Time(*match.span(), _role(text, *match.span()), _months(match[0], months))


def _role(text: str, start: int, end: int) -> Role:
    """What a point or a span of time does in its sentence, told by what stands around it."""
    before, after = around(text, start, end)
    if _is_compared(before, after):
        return "past"
    if _RANGE.search(text[start:end]):
        return "end"
    if _HAN_FROM.search(before) or _START_BEFORE.search(before):
        reaches = _UNTIL_AFTER.match(after) or _HAN_UNTIL_AFTER.match(after)
        return "start" if reaches or not _ends_in(after) else "past"
    if _HAN_FROM_AFTER.match(after):
        return "start"
    if _is_speed(text, start, end):
        return "speed"
    return "name" if _is_name(before, after) else "end"


def _ends_in(after: str) -> bool:
    """从 2026 年的 42%: the year of a value that one starts from."""
    return bool(re.match(r"^(?:年|底)?的? ?[\d.]+", after))


def _is_compared(before: str, after: str) -> bool:
    if _TO_OVER.search(before):
        return False
    if _PAST_BEFORE.search(before) or _PAST_AFTER.match(after) or _HAN_COMPARED.search(before):
        return True
    return bool(_HAN_PAST_BEFORE.search(before) and _HAN_PAST_AFTER.match(after)) or bool(
        re.search(r"(?:高于|低于|优于|超过|超越)$", before)
    )


def _is_speed(text: str, start: int, end: int) -> bool:
    """A span of days is a speed where each of many things is answered in it, or where it is a KPI's level."""
    span = text[start:end]
    if not re.search(r"days?|weeks?|天|日|周", span) or not numbers_in(span) or _NUMBERED_WEEK.match(span):
        return False
    before, after = around(text, start, end)
    if re.search(
        r"(?:\bto|缩短至|缩短到|压缩至|压缩到|控制在|降至|降到|不超过|低于|提速至|缩至|在|至|到) ?$", before
    ) and (_HAN_LEVEL.search(before) or re.search(r"\bto $", before)):
        return True
    if re.match(r" (?:of|after|from) (?!(?:now|today|the (?:launch|kick))\b)", after) or re.match(
        r"^(?:上门|响应|到货|发货)", after
    ):
        return True
    days, clause = _days(span), _clause_around(text, start, end)
    if days <= _SHORT_DAYS and _EACH_ONE.search(clause):
        return True
    if days <= _FEW_DAYS and (_EVERY.search(clause) or _REPLYING.search(clause)):
        return True
    if _HAN_EACH.search(span + after[:1]) and _EACH.search(text):
        return True
    return bool(_ANSWERING.search(clause) and _EACH.search(clause))


# Each of many things within a fortnight is a speed; with longer spans all of them are done by then.
_EACH_ONE = re.compile(
    r"\b(?:each|every|any) (?!day|week|month|quarter|year)[a-z]|每(?![个一半]?[月周天日年季])(?:一)?[一-鿿]"
)
_EVERY = re.compile(r"\b(?:all|every)\b|所有|全部|一律|均")
_REPLYING = re.compile(
    r"\b(?:repl(?:y|ies|ied)|respond|answer|acknowledge|call(?:ed)? back|return calls)|响应|回复|答复|回电|"
    r"首触"
)
_SHORT_DAYS, _FEW_DAYS = 15, 3


def _days(span: str) -> float:
    """The days of a span that is told in days; else more than any."""
    is_days = re.search(r"days?|天|日", span) and not re.search(r"[月年]", span)
    numbers = numbers_in(span) if is_days else ()
    return numbers[0].value if numbers else math.inf


_HAN_EACH = re.compile(r"后$")
_HAN_LEVEL = re.compile(r"(?:周期|时长|时间|天数|账期|时效|dso|耗时|间隔|工期|交期)[^，。；]*$")
_ANSWERING = re.compile(rf"\b(?:{en.ANSWERING})|{zh.ANSWERING}")
_EACH = re.compile(f"{en.EACH}|{zh.EACH}")


def _is_name(before: str, after: str) -> bool:
    if _THING_FOR.search(before):
        return True
    if _NAMED_AFTER.match(after) and not _PREPOSED.search(before):
        return True
    return bool(_HAN_NAMED_BEFORE.search(before) and _HAN_NAMED_AFTER.match(after))


def _clause_around(text: str, start: int, end: int) -> str:
    near = max(0, start - NEAR)
    first = max((match.end() for match in _CLAUSE.finditer(text, near, start)), default=near)
    last = next((match.start() for match in _CLAUSE.finditer(text, end, end + NEAR)), end + NEAR)
    return text[first:last]


def _months(words: str, months: int | None) -> int | None:
    """The months of a span: those of its kind, or as many as it says."""
    if months is not None:
        return months
    for pattern, size in _SIZES:
        if re.search(pattern, words) and (numbers := numbers_in(words)):
            return max(1, round(numbers[0].value * size))
    return None


_SIZES = (
    (r"years?|年", 12),
    (r"quarters?|季度", 3),
    (r"months?|个月", 1),
    (r"weeks?|周|星期", 0.23),
    (r"days?|天|日", 0.033),
)
_PLAIN: tuple[tuple[re.Pattern[str], Role], ...] = (
    (_ENGLISH_PAST, "past"),
    (_HAN_PAST, "past"),
    (_LEFT, "name"),
    (_ENGLISH_SPEED, "speed"),
    (_HAN_SPEED, "speed"),
    (_VAGUE_TIME, "vague"),
    (_HAN_RHYTHM, "rhythm"),
    (_ENGLISH_RHYTHM, "rhythm"),
)
_POINTS = tuple((re.compile(pattern), months) for pattern, months in (*times_zh.POINTS, *times_en.POINTS))
