"""Which numbers of a goal measure it, and which only count a team, stand in a list or belong to a name."""

import re
from dataclasses import dataclass
from typing import Literal

from steelyard.engine.smart.lexicon import en, zh
from steelyard.engine.smart.numbers import Number
from steelyard.engine.smart.text import around

# percent and points: of what? · money, duration and count name a thing themselves · bare: needs a KPI.
Kind = Literal["percent", "points", "multiple", "money", "duration", "count", "bare"]


@dataclass(frozen=True)
class Measure:
    """A number that measures, with what kind of figure it is and how far its unit reaches."""

    number: Number
    kind: Kind
    end: int

    @property
    def start(self) -> int:
        return self.number.start

    @property
    def value(self) -> float:
        """The figure as a KPI would hold it: a share for a percentage."""
        is_percent = self.kind in ("percent", "points") and self.number.form == "figure"
        return self.number.value / 100 if is_percent else self.number.value


_POINTS = re.compile(
    r"^ ?(?:percentage[- ]points?|percent points|p\.?p\.?(?:ts?)?\b|ppts?\b|pts?\b|points?\b|个?百分点|"
    r"个点|点(?!\w*[前钟半]))"
)
_PERCENT = re.compile(r"^ ?-?(?:%|percent\b|per cent\b|pct\b|‰|％|bps\b|basis points?\b)")
_MULTIPLE = re.compile(r"^ ?(?:x\b|×(?!\d)|times\b(?! (?:a|per) )|-?fold\b|倍|番)")
_MONEY_BEFORE = re.compile(r"(?:[$€£¥￥]|\b(?:usd|eur|rmb|cny|gbp|chf|jpy|hkd|sgd|aud|cad|inr|us\$)) ?$")
_MONEY_AFTER = re.compile(
    r"^ ?(?:元|块钱?|人民币|美元|美金|欧元|英镑|日元|港币|港元|usd\b|eur\b|rmb\b|cny\b|gbp\b|chf\b|[$€£]|"
    r"euros?\b|dollars?\b|"
    r"pounds?\b|yuan\b|francs?\b)"
)
_DURATION = re.compile(
    r"^[ -]?(?:(?:working |business |calendar )?(?:days?|weeks?|months?)\b|hours?\b|hrs?\b|h\b|"
    r"minutes?\b|mins?\b|seconds?\b|secs?\b|s\b|"
    r"个?工作日|个?小时|分钟|秒钟?|天|个月|周(?!年)|日(?!元|活))"
)
_LABEL_BEFORE = re.compile(
    r"(?:\b(?:no\.?|number|phase|level|step|round|version|iso|type|model|series|grade|class|wave|gen|"
    r"generation|layer|stage|"
    r"option|page|chapter|zone|room|street|article|section|tier|plan|group|batch|lot|item|line|route|"
    r"terminal|gate|team)[ -]?|"
    r"[a-z]|[#第§x×*])$"
)
_TOP_BEFORE = re.compile(r"(?:\b(?:top|first|biggest|largest|leading)[ -]|\btop[ -]?|前)$")
_RANKING = re.compile(
    r"\b(?:rank|enter|break into|climb|place|be in|get into|position)|排名|排到|进入|跻身|挤进|冲进|位列|名列"
)
_LABEL_AFTER = re.compile(
    r"^(?:-(?:(?!year|hour|day|minute|week|month|point|percent|per|fold|figure)[a-z]+)|/7|[x×*]\d|折|"
    r"[dgs]\b|[dg](?=[一-鿿])|s店|甲|佳|强(?!度)|对[一\d]|v\d|vs|度(?!假)|"
    r"期框架|年期|版|代(?!理)|线(?!索)|号|型|环|楼|级|类|等奖| biggest\b| largest\b| key\b(?= accounts)|"
    r"(?:大|家)(?:客户|平台)(?=(?:，|的|中)))"
)
# 销售二部, 华东一区: the number is the name of a team.
_TEAM_NUMBER = re.compile(
    r"(?:销售|市场|业务|客户|事业|营销|商务|客服|采购|生产|运营|渠道|项目|外贸|华[东南北中]|大区|物流|工程|"
    r"研发)$"
)
_TEAM_PART = re.compile(r"[一二三四五六七八九十\d]{1,2}(?:部|组|队|室|科|区|处|中心|团队)")
_GIVING = re.compile(r"\b(?:give|giving|gives|be|with) (?:it |our |your |their |my |always )?$")
_ZEAL = re.compile(r"^ ?[%％]?的?(?:热情|努力|精力|投入|状态|诚意|干劲|激情|用心|信心|斗志|心力)")
# A discount is part of an offer's name.
_OFF = re.compile(r"^ ?%[- ]off\b|^折")
_LIST_PLACE = re.compile(r"(?:^|[\n;；])\s*\(?$")
_LIST_AFTER = re.compile(r"^\s?[.)、](?!\d)")
_RATIO = re.compile(r"^ ?[:：比] ?\d")
_HEADCOUNT_AFTER = re.compile(
    rf"^(?: (?:(?!in |on |at |by |for |to |of |and |from |with |a |per )[a-z-]+ ){{0,2}}(?:{en.PEOPLE})\b|"
    rf"[ -](?:person|strong|member|people)\b)|^个?(?:{zh.PEOPLE})"
)
_HEADCOUNT_BEFORE = re.compile(
    r"\b(?:team|group|staff|crew|department) of (?:about )?$|(?:团队|部门|小组|编制|我们|全员)(?:共|有|的)?$"
)
_TEAM_AFTER = re.compile(r"^个?(?:人|名\w{0,4}|位)?的?(?:销售|市场|小)?(?:团队|小组|队伍|部门)")
_HIRING = re.compile(rf"\b(?:{en.HIRING})|{zh.HIRING}")
_REACHED_BEFORE = re.compile(
    r"(?:到|达|至|满|齐|足|超过|突破|不少于|不低于|至少|不超过|以内)(?:了|约|近)? ?$"
)
_ARTICLE = re.compile(r"^(?:one|一)$")
_EACH = re.compile(r"\b(?:per|each|every|a (?:day|week|month|quarter|year))\b|每|各")
_HAN_CLASSIFIER = re.compile(
    r"^(?:余|多|"
    r"来)?(?:[元块%％倍番个家条场篇份次天周月件单人名位台套款期项部支组店户站城只盒箱吨瓶袋包张册本节课门"
    r"堂轮批辆间幅集通起例宗笔桩把"
    r"座栋亩顶双对枚粒克升米里吋平例句首幕档道层届股票星点分秒声遍趟回页字词段幢处所]|个|公斤|千克|公里|"
    r"平方|小时|分钟|百分点|美元|欧元|客户|门店|"
    r"线索|商机|订单|用户|粉丝|会员|渠道|经销商|代理商|合同|人次|工作日)"
)
_HAN_ONLY = re.compile(r"^[零〇一二两俩三四五六七八九十百千万亿半点]+$")
_NOT_ONE = re.compile(r"^[零〇]$")
_NOUN_AFTER = re.compile(
    rf"^[- ]?(?:(?!(?:{en.NOT_NOUNS})\b)[a-z][a-z'&/-]+|[一-鿿]{{1,}})|"
    rf"^\+? (?!(?:{en.NOT_NOUNS})\b)[a-z]{{2,}}"
)


def measure_of(text: str, number: Number) -> Measure | None:
    """The number as a measure of the text, or None where it measures nothing.

    `text` is plain, with barriers for its times and purposes.
    """
    before, after = around(text, number.start, number.end)
    words = text[number.start : number.end]
    if _OFF.match(after) or _is_effort(before, after):
        return None
    if number.form != "figure":
        return _share(number, after)
    for pattern, kind in _UNITS:
        if found := pattern.match(after):
            return Measure(number, kind, number.end + found.end())
    if _MONEY_BEFORE.search(before):
        return Measure(number, "money", number.end)
    if _is_label(before, words, after, text) or _is_headcount(before, after, text):
        return None
    if _is_loose(words, after, text) or (before.endswith("每") and words == "一"):
        return None
    if found := _NOUN_AFTER.match(after):
        return Measure(number, "count", number.end + found.end())
    return Measure(number, "bare", number.end)


def _is_effort(before: str, after: str) -> bool:
    """Give 110 %, 百分之二百的热情: a way of speaking."""
    return bool(_PERCENT.match(after) and _GIVING.search(before)) or bool(_ZEAL.match(after))


def _share(number: Number, after: str) -> Measure:
    kind: Kind = "multiple" if number.form == "multiple" else "percent"
    found = _POINTS.match(after) if kind == "percent" else None
    return Measure(number, kind, number.end + (found.end() if found else 0))


def _is_label(before: str, words: str, after: str, text: str) -> bool:
    if _TEAM_NUMBER.search(before) and _TEAM_PART.match(words + after):
        return True
    if _TOP_BEFORE.search(before):
        return not _RANKING.search(text)
    if _LIST_PLACE.search(before) and _LIST_AFTER.match(after):
        return True
    if _RATIO.match(after):
        return False
    return bool(_LABEL_BEFORE.search(before) or _LABEL_AFTER.match(after))


def _is_headcount(before: str, after: str, text: str) -> bool:
    """The size of a team; people that are hired, trained or won are a measure."""
    if _TEAM_AFTER.match(after) or re.match(r"^-(?:person|strong|member)", after):
        return True
    if re.search(r"\b(?:an?|our|the) (?:[a-z]+ )?(?:team|crew|group) of (?:about |just )?$", before):
        return True
    if _HEADCOUNT_BEFORE.search(before) and (not after.strip(" |,，。.") or _HEADCOUNT_AFTER.match(after)):
        return True
    if _REACHED_BEFORE.search(before):
        return False
    return bool(_HEADCOUNT_AFTER.match(after)) and not _HIRING.search(text)


def _is_loose(words: str, after: str, text: str) -> bool:
    """一 and one are articles as a rule; a Chinese numeral needs a classifier after it."""
    if _ARTICLE.match(words):
        return not _EACH.search(text) or (words == "一" and not _HAN_CLASSIFIER.match(after))
    if not _HAN_ONLY.match(words):
        return False
    if _NOT_ONE.match(words):
        return not re.match(r"^(?!售|食|件|部|散|碎|星|钱|基础)[一-鿿]{2}", after)
    return not _HAN_CLASSIFIER.match(after) and not (len(words) > 1 and words[-1] in "百千万亿")


_UNITS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (_PERCENT, "percent"),
    (_POINTS, "points"),
    (_MULTIPLE, "multiple"),
    (_MONEY_AFTER, "money"),
    (_DURATION, "duration"),
)
