"""When a goal ends, by rule: which times of a text are its end, and which are a rhythm, a start or a name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from steelyard.engine.smart.lexicon import en, zh
from steelyard.engine.smart.numbers import numbers_in

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


_NUMBER = r"(?:\d+(?:\.\d+)?|" + en.NUMBER_WORDS + ")"
_HAN_NUMBER = r"(?:\d+(?:\.\d+)?|[一二两三四五六七八九十半]+)"
_MONTH = "(?:" + en.MONTHS + r")\b\.?"
_YEAR = r"(?:20[2-4]\d)"
_ORDINAL_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
# Points and spans in English, the fuller ones first. `may` needs a neighbour, for it is a verb as well.
_ENGLISH = (
    (r"(?:20\d\d|\d{1,2})[-/.]\d{1,2}[-/.](?:20\d\d|\d{1,2})(?!\d)", None),
    (rf"{_ORDINAL_DAY}(?: of)? (?:{_MONTH}|may\b)(?:,? {_YEAR})?", None),
    (rf"(?:{_MONTH}|may) {_ORDINAL_DAY}\b(?:,? {_YEAR})?(?!%)", None),
    (rf"(?:{_MONTH}|may),? {_YEAR}", 1),
    (rf"(?:{_MONTH}|may) ?(?:to|-|through|until) ?(?:{_MONTH}|may\b)(?:,? {_YEAR})?", None),
    (rf"{_MONTH}", 1),
    (r"(?<=in )may\b|(?<=by )may\b|(?<=of )may\b|(?<=before )may\b|(?<=until )may\b|(?<=this )may\b"
     r"|(?<=next )may\b|(?<=late )may\b|(?<=early )may\b|(?<=mid-)may\b|(?<=through )may\b|(?<=end )may\b", 1),
    (
        rf"(?:fy ?)?'?(?:{_YEAR}|\d\d)[ -/]?q[1-4]\b|\bq[1-4](?:[ -/]?(?:of )?(?:fy ?)?'?(?:{_YEAR}|"
        rf"\d\d))?\b", 3),
    (
        rf"\bh[12]\b(?:[ -/]?(?:fy ?)?'?(?:{_YEAR}|\d\d)\b)?|(?:first|second|1st|2nd) half(?: of (?:the |"
        rf"this |next )?"
     rf"(?:(?:fiscal )?year|{_YEAR}))?|half[- ]year", 6),
    (rf"(?:first|second|third|fourth|1st|2nd|3rd|4th|final|last) quarter(?: of (?:the |this |next )?"
     rf"(?:(?:fiscal )?year|{_YEAR}))?", 3),
    (rf"\bfy ?'?(?:{_YEAR}|\d\d)\b|(?:fiscal(?: year)?|financial year) {_YEAR}|calendar {_YEAR}", 12),
    (
        r"(?:this|next|the current|the coming|current|the) (?:(?:calendar|fiscal|"
        r"financial) )?year(?:'s end)?\b", 12),
    (r"(?:this|next|the current|the coming|current|the)(?: fiscal)? quarter(?:'s end)?\b", 3),
    (r"(?:this|next|the current|the coming|current) (?:month|week|season|half|sprint)\b", None),
    (
        r"(?:mid|end|close|start|beginning|middle)(?: of|-) ?(?:the |this |next )?(?:month|quarter|year|"
        r"week|half|season)\b",
     None),
    (
        r"(?:calendar |fiscal )?(?:year|quarter|month|half)[- ]?end\b|\beo[yqm]\b|mid-?year\b|mid-?term\b", None),
    (rf"(?<![\d.,$€£¥]){_YEAR}(?![\d.,]*\d|%| ?(?:k|m|bn)\b)", 12),
    (r"(?:week|cw|kw|wk) ?\d{1,2}\b", None),
    (
        r"(?:by|before|until|till|this|next|on|due|no later than) (?:the )?(?:mon|tues?|wednes|thurs?|"
        r"fri|satur|sun)day\b",
     None),
    (
        r"\b(?:today|tomorrow|tonight|this (?:spring|summer|autumn|fall|winter)|next (?:spring|summer|"
        r"autumn|fall|winter))\b",
     None),
    (rf"(?:within|inside|in|over|during|for|after)(?: the)?(?: next| coming| following| first)? {_NUMBER}[- ]"
     r"(?:calendar |working |business |trading )?(?:days?|weeks?|months?|quarters?|years?)\b", None),
    (rf"(?:the )?(?:next|coming|following) {_NUMBER} (?:days?|weeks?|months?|quarters?|years?)\b", None),
    (r"(?:within|over|during|in)(?: the| a)?(?: next| coming| single)? (?:week|month|quarter|year)\b", None),
    (rf"{_NUMBER} (?:days?|weeks?|months?) (?:from (?:now|today)|(?:before|after|ahead of) (?:the )?)", None),
    (r"(?:before|by|until|ahead of|in time for|over|at|for|this|next)(?: the| this| next)?(?: end of)? (?:"
     + en.FEASTS + r")\b", None),
    (r"\bdeadline:? |\bdue (?:date|by|on)\b", None),
)  # fmt: skip
_ENGLISH_SPEED = re.compile(
    rf"(?:within|in|under|inside|less than|below|after) (?:the first )?(?:an?|one|{_NUMBER}|"
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
    rf"season|{_NUMBER} (?:months?|quarters?|weeks?|years?))(?:'s)?\b(?! of (?:the|this|{_YEAR}|\w+ber\b|"
    rf"ju|ma|ap|fe|ja|au))"
    r"|\b(?:a|one) year (?:ago|earlier|before)\b|year[- ](?:on|over|to)[- ]year|\byoy\b|\bqoq\b|\bmom\b(?!s)"
    r"|(?:same|comparable) (?:period|quarter|month|time)(?: (?:of|in))?(?: last| previous|"
    r" the prior)?(?: year)?)"
)
_PAST_BEFORE = re.compile(
    r"(?:(?<!later )\bthan(?: in| at| the end of| for)?|\bvs\.?|\bversus|\bcompared (?:to|with)|"
    r"\brelative to|\bagainst"
    r"|\d%? (?:over|on|from)|\bup on|\bover the level of|\bin comparison (?:to|with)|\babove|\bmatch(?:ing)?"
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

_HAN_YEAR = (
    r"(?:(?:fy)?(?:20)\d\d(?:财|年|财年|年度)(?:年度|度)?|2[0-9]年(?:度)?|"
    r"二[〇零]二[一二三四五六七八九]年(?:度)?)"
)
_HAN_DAY = r"(?:\d{1,2}|[一二三]?十?[一二三四五六七八九十])[日号]"
_HAN_MONTH = r"(?:\d{1,2}|十[一二]|[一二三四五六七八九十])月(?!活)"
_CHINESE = (
    (r"20\d\d[-/.]\d{1,2}[-/.]\d{1,2}|20\d\d[-/.](?:0?[1-9]|1[0-2])(?![\d.%])", None),
    (
        rf"(?:{_HAN_YEAR}|今年|明年)?(?:\d{{1,2}}|[一二三四五六七八九十]+)(?:月份?)?(?:-|~|至|"
        rf"到)(?:年?)(?:{_HAN_YEAR})?{_HAN_MONTH}份?"
     r"(?:底|末|中旬|下旬|上旬)?", None),
    (rf"(?:{_HAN_YEAR}|今年|明年|本年)?的?{_HAN_MONTH}份?(?:{_HAN_DAY}|底|末|初|中旬|上旬|下旬)?", 1),
    (
        rf"(?:{_HAN_YEAR}|今年|明年|本年度?|fy\d\d|20\d\d)?(?:的)?(?:第[一二三四1-4]个?季度?|"
        rf"(?<!\d)[一二三四1-4]季度|(?<![a-z])q[1-4](?![a-z]))"
     r"(?:底|末)?", 3),
    (r"(?<!\d)\d{1,2}[./]\d{1,2}(?=(?:日|号)?(?:前|之前|以前))", None),
    (r"(?:本|这|下|当|整)(?:个)?季度?(?:度)?(?:内|底|末|结束)?|(?<!每个)(?<!每)季度?[末底]", 3),
    (rf"(?:{_HAN_YEAR}|今年|明年|本年度?)?的?(?:上|下)半年(?:度)?|(?:{_HAN_YEAR})?半年内|h[12]", 6),
    (rf"{_HAN_YEAR}(?:全年|年?[底末终内中]|前)?|fy ?(?:20)?\d\d", 12),
    (
        r"(?:今年|明年|本年度?|当年|本财年|下财年|这一年|本财政年度|新财年|下一年度?|"
        r"全年度?)(?:年?[底末终内中])?|年(?:底|末|终|内|中)|岁末|财年[底末内]", 12),
    (
        r"(?<!每)(?<!每个)(?:(?:本|下|当|这)个?(?:月|周|星期|礼拜)(?:[底末内初中]|[一二三四五六日天])?|"
        r"月[底末内]|周[末内]|(?:周|星期)[一二三四五六日](?=前|之前))", None),
    (r"(?:今天|明天|后天|今日|明日|当日内)", None),
    (
        rf"(?:{_HAN_NUMBER})(?:个)?(?:自然日|工作日|交易日|天|日|周|星期|礼拜|月|季度|年)(?:的时间|时间|"
        rf"之内|以内|内|后|左右)", None),
    (
        rf"(?:未来|接下来|今后|往后|后续|用|在|历时|为期)(?:的)?{_HAN_NUMBER}(?:个)?(?:天|日|周|星期|月|"
        rf"季度|年)(?!均)", None),
    (
        r"(?:" + zh.FEASTS + r")(?:节|黄金周|当天|大促|活动|假期|开幕|开展|举行|到来)?(?:之前|以前|前|期间|结束前|来临前|开幕前|当天|前夕)", None),
    (rf"第{_HAN_NUMBER}周", None),
    (r"截止(?:日期|时间|到|至)|(?:本|下|这)(?:一)?(?:迭代|冲刺|学期|旺季|销售季|榜期)", None),
)  # fmt: skip
_HAN_SPEED = re.compile(
    rf"{_HAN_NUMBER}(?:个)?(?:小时|分钟|秒钟?|h|min)(?:之内|以内|内)?|当[天日](?=响应|回复|处理|完成|"
    rf"解决|发货|跟进|反馈|办结)|次日|隔日|即时|t\+\d"
)
_HAN_RHYTHM = re.compile(
    rf"(?:每|逐|按|隔)(?:个|一|半|{_HAN_NUMBER})?(?:个)?(?:工作日|自然日|自然周|自然月|天|日|周|星期|"
    rf"双周|月|季度?|年|半年)(?:度)?"
    rf"(?:{_HAN_DAY}|\d{{1,2}}日|[一二三四五六日末底初])?(?:之前|以前|前)?|(?:月|周|日|季|年)均|(?:个|"
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
_HAN_EACH_BEFORE = re.compile(r"(?:后|起|之日起)$")
_RANGE = re.compile(
    r"[a-z月日] ?(?:to|through|until|-|~|至|到) ?(?=[a-z\d一二三四五六七八九十])|\d(?:-|~|至|到)\d{1,2}月"
)
_LEFT = re.compile(
    rf"(?:离|距离?)[^，。；]{{0,8}}?(?:还有|还剩|仅剩|只剩)?{_HAN_NUMBER}个?(?:天|周|月|个月|星期)"
)
_CLAUSE = re.compile(r"[，。；;!?！？]|, |\. ")


def times_in(text: str) -> tuple[Time, ...]:
    """Every time of the plain text with its role, in order; of two that overlap the first found counts."""
    found: list[Time] = []
    for time in _all(text):
        if all(time.end <= other.start or time.start >= other.end for other in found):
            found.append(time)
    return tuple(sorted(found, key=lambda each: each.start))


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
    before, after = text[:start], text[end:]
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
    if not re.search(r"days?|weeks?|天|日|周", span) or not numbers_in(span):
        return False
    before, after = text[:start], text[end:]
    if re.search(
        r"(?:\bto|缩短至|缩短到|压缩至|压缩到|控制在|降至|降到|不超过|低于|提速至|缩至|在|至|到) ?$", before
    ) and (_HAN_LEVEL.search(before) or re.search(r"\bto $", before)):
        return True
    if re.match(r" (?:of|after|from) (?!(?:now|today|the (?:launch|kick))\b)", after) or re.match(
        r"^(?:上门|响应|到货|发货)", after
    ):
        return True
    if _HAN_EACH.search(span + after[:1]) and _EACH.search(text):
        return True
    clause = _clause_around(text, start, end)
    return bool(_ANSWERING.search(clause) and _EACH.search(clause))


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
    first = max((match.end() for match in _CLAUSE.finditer(text, 0, start)), default=0)
    last = next((match.start() for match in _CLAUSE.finditer(text, end)), len(text))
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
_POINTS = tuple((re.compile(pattern), months) for pattern, months in (*_CHINESE, *_ENGLISH))
