"""What keeps a goal from being one goal about a matter: blame, and two goals in one."""

import re
from dataclasses import dataclass

from steelyard.engine.smart.lexicon import en, zh
from steelyard.engine.smart.measures import Measure
from steelyard.engine.smart.objects import objects_in
from steelyard.engine.smart.reading import Reading

_BLAME = re.compile(f"{'|'.join((*en.BLAME, *en.BLAME_OWED))}|{zh.BLAME}")
_BLAME_OF_NAME = re.compile(en.BLAME_OF_NAME)
# Where one goal may end and another begin.
_JOINTS = re.compile(
    r"(?P<strong>\b(?:and|plus|as well as|along with)\b|&| \+ |;|；|。|\.\s|、|，|, |\n|并且|"
    r"并(?![购行排列])|同时|另外|外加|此外|以及|"
    r"还要|还得|顺便|加上|(?<![总调共综配])和(?!谐|解|平)|与(?!会|否)|且|、|再(?=[把将建上开]))"
)
_MEANS = re.compile(
    r"\b(?:by|through|via|using|with the help of) (?!(?:the |an? )?(?:[$€£\d]|end|half|third|"
    r"quarter|fifth|tenth|two|three|four|five|six|seven|eight|nine|ten|about|around|at least|roughly|nearly|"
    r"over|"
    r"more|up to|another|half|[a-z]*day|(?:mid|early|late)\b))(?:\w+ing\b|(?:an? |the |our |"
    r"more )?[a-z])[^,;|.]*|"
    r"(?:^|(?<=[，。；|、]))(?:通过(?!率|认证|审|验|考)|借助|依托|利用|凭借|依靠|采用)[^，。；|]*"
)
_ASIDE = re.compile(r"\([^)]*\)|（[^）]*）|\"[^\"]*\"|《[^》]*》|“[^”]*”")
_PART = re.compile(
    r"\b(?:of which|of these|of them|including|incl\.|thereof|among them|e\.g\.|each|per|worth|i\.e\.|"
    r"namely)\b|其中|包括|含|每[^月周天日年季]|各[一-鿿]{0,2}[一二三四五六七八九\d]|相当于|即|约合|折合"
)
_GUARDRAIL = re.compile(f"{en.GUARDRAIL}|{zh.GUARDRAIL}")
_CHANGE = re.compile(rf"^\W*(?:to )?(?:{en.RAISING}|{en.LOWERING})\b")
_MAKING = re.compile(rf"^\W*(?:to |please |we (?:will )?)?(?:{en.STRONG}|{en.WEAK})\b")
_CHAINED = re.compile(
    r"\b(?:acceptance|approval|inspection|testing|sign-off|audit|go-live|handover|reports?|results?|"
    r"findings?|it|them|summary|recommendations|conclusions|insights)\b"
)
_HAN_CHANGE = re.compile(rf"^(?:还|也|要|再|把|将)*(?:{zh.TURNING})")
_HAN_MAKING = re.compile(rf"^[|将把在前之以内底\s]*(?:{zh.STRONG}|{zh.WEAK})")
_STRONG_JOINT = re.compile(r"(?:并且?|同时|且|另外|外加|此外|以及|还要|还得|顺便|加上)[|在\s]*$")
_OUTCOME = re.compile(r"获得|实现|达到|达成|提升|提高|新增|增长|增加|降|突破|取得|完成")
_KPI_TAIL = "率|额|量|数|度|成本|利润|毛利|收入|单价|周期|份额|营收|业绩|mql|sql|nps|roi|cpl|cac"
_HAN_PAIR = re.compile(
    rf"(?P<one>[一-鿿]{{1,6}}?(?:{_KPI_TAIL}))(?:和|与|及|以及|、|跟|"
    rf"\+)(?P<other>[一-鿿]{{0,6}}?(?:{_KPI_TAIL}))(?!之比|比)"
)
_PAIR = re.compile(
    rf"\b(?P<one>[a-z-]+ (?:{en.PAIRED})|"
    rf"(?:{en.PAIRED})) and (?:the )?(?P<other>(?:[a-z-]+ )?(?:{en.PAIRED}))\b"
)
# Grow revenue in Austria and Slovenia to two million: the second noun hangs on the same preposition.
_IN_LIST = re.compile(
    rf"^\W*(?!(?:{en.RAISING}|{en.LOWERING}|{en.STRONG}|{en.WEAK}|{en.REACHING}|"
    rf"{en.PAIRED})\b)[a-z'-]+ (?:to|by|from|"
    r"at|below|above|under|over)\b"
)
_LOSING = re.compile(r"\b(?:los(?:e|es|ing)|shed(?:ding)?)\b|流失|退租|退订|退单|丢(?!失)|退掉")
_TURN = re.compile(rf"^\W*(?:to )?(?:{en.RAISING}|{en.LOWERING}|bring|get|push|take|drive|reach|hit)\b")
_PRONOUN = re.compile(r"\b(?:it|that|this|them|these|those)\b")
_HAN_TURN = re.compile(
    r"(?:把|将)[一-鿿]{2,10}?(?:下降|降低|提高|提升|增加|减少|缩短|降|压|提|升|拉|控制|缩|砍|做|涨|"
    r"推)[一-鿿]{0,3}$"
)
_HAN_HEAD = re.compile(
    r"(?P<head>回款|销售额?|营收|收入|利润|毛利|签单额?|成交额?|产值|业绩|流水|复购|续费|转化|出货|进账|开票)"
    r"(?:要|需|力争)?(?:提升|增加|增长|升|做)?(?:至|到|达到?|为|约|超过?|突破|不低于|不少于|至少)?[¥￥$ ]*$"
)
_OF_WHAT = re.compile(
    r"^ (?:(?:in|of|from|on|as) )?(?P<what>(?!each\b|every\b|all\b)(?:[a-z][a-z'-]* ?){1,3})"
)
_TOTAL = re.compile(
    r"累计|合计|共计|总计|总共|全年|年度|共(?!享|建|同)|\b(?:in total|in all|altogether|overall|over the|"
    r"for the (?:full |whole )?year|total(?:l?ing)?|cumulative(?:ly)?|adding up)\b"
)
_EACH_PERIOD = re.compile(
    r"每个?[月周天日季年]|[月周日季]均|\b(?<!by )(?:a|per|each|every) (?:day|week|month|quarter)\b|"
    r"\b(?:monthly|"
    r"weekly|daily)\b"
)
_RESTATED = re.compile(
    r"^\W*(?:(?:即|也就是|达到?|到|至|为|目标|目标值|从|由|由此)|(?:i\.e\.|that is|from|to|up|down|"
    r"target|meaning|namely|or)\b)"
)


@dataclass(frozen=True)
class Part:
    """A stretch of the goal between joints, with the measures in it."""

    start: int
    end: int
    text: str
    measures: tuple[Measure, ...]


def blame_in(reading: Reading) -> str:
    """The words that blame somebody; empty where none do."""
    found = _BLAME.search(reading.text.plain)
    if found:
        return found[0].strip()
    # A person's name is told by its capital letter: “because Tom is too slow”, but not “the site”.
    named = _BLAME_OF_NAME.search(reading.text.original)
    return named[0].strip() if named else ""


def second_goal(reading: Reading) -> Part | None:
    """The part of the text that is a goal of its own beside the first; None for one goal."""
    text = _without_asides(reading.bare)
    parts = _parts(text, reading)
    first: Part | None = None
    for part in parts:
        if first is None:
            first = part if part.measures or _is_doing(part) else None
        elif _is_another(part, first, text):
            return part
        elif part.measures and not first.measures and not _is_doing(first):
            first = part
    return _pair(text, reading)


def _parts(text: str, reading: Reading) -> list[Part]:
    bounds = [0, *(place for match in _JOINTS.finditer(text) for place in match.span()), len(text)]
    found = []
    for start, end in zip(bounds[::2], bounds[1::2], strict=True):
        inside = tuple(
            each for each in reading.measures if start <= each.start < end and text[each.start] != "|"
        )
        if text[start:end].strip(" |"):
            found.append(Part(start, end, text[start:end], inside))
    return found


def _without_asides(text: str) -> str:
    for pattern in (_MEANS, _ASIDE):
        text = pattern.sub(lambda match: "|" * len(match[0]), text)
    return text


def _is_doing(part: Part) -> bool:
    """A change or a thing to make, without a figure but with an object."""
    starts = any(each.match(part.text) for each in (_CHANGE, _MAKING, _HAN_CHANGE, _HAN_MAKING))
    return bool(starts and objects_in(part.text))


def _is_another(part: Part, first: Part, text: str) -> bool:
    """Whether a later part has a target of its own: another thing, no guardrail, no part of the first."""
    joint = text[max(0, part.start - 18) : part.end]
    if part.measures and first.measures and _LOSING.search(part.text) and not _LOSING.search(first.text):
        return True
    is_part = _PART.search(part.text) and not _HAN_TURN.search(_before_figure(part))
    if is_part or _GUARDRAIL.search(joint):
        return False
    if part.measures and not first.measures and _HAN_MAKING.match(first.text):
        return bool(
            _STRONG_JOINT.search(joint[: part.start - max(0, part.start - 18)] + "")
            and _OUTCOME.search(part.text)
        )
    if (
        part.measures
        and not first.measures
        and _CHANGE.match(first.text)
        and _IN_LIST.match(_before_figure(part))
    ):
        return False
    if part.measures:
        if first.measures and _is_sum_of(part, first):
            return False
        return not _RESTATED.match(part.text) and _is_about_another(part, first)
    if not first.measures and _CHANGE.match(part.text) and _CHANGE.match(first.text):
        return bool(_new_things(part, first))
    if _MAKING.match(part.text) and (_MAKING.match(first.text) or first.measures):
        return bool(_new_things(part, first)) and not _CHAINED.search(part.text)
    return bool(_HAN_CHANGE.match(part.text) and _HAN_CHANGE.match(first.text) and _new_things(part, first))


def _is_about_another(part: Part, first: Part) -> bool:
    """Its thing stands before the figure or is what is counted, and was not named before."""
    measure = part.measures[0]
    if first.measures and measure.kind != first.measures[0].kind and _is_turned(part):
        return True
    before = _before_figure(part)
    counted = part.text[measure.number.end - part.start :] if measure.kind in ("count", "multiple") else ""
    things = objects_in(before) | objects_in(counted)
    things |= _han_heads(before)
    if measure.kind in ("percent", "points", "money"):
        things |= _heads_after(part, measure)
    if not things and measure.kind == "money":
        return bool(
            _CHANGE.match(part.text) or re.match(r"^\W*(?:book|collect|invoice|earn|sell)", part.text)
        )
    return any(not _is_known(thing, first.text) for thing in things)


def _before_figure(part: Part) -> str:
    return part.text[: max(0, part.measures[0].start - part.start)] if part.measures else ""


def _is_turned(part: Part) -> bool:
    """A verb of its own turns a KPI to a figure of another kind: and cut time to hire to 21 days."""
    before = _before_figure(part)
    return bool(_TURN.match(part.text) and not _PRONOUN.search(before)) or bool(_HAN_TURN.search(before))


def _han_heads(before: str) -> frozenset[str]:
    """回款2.6亿: a KPI that is a verb as well stands right before its figure."""
    found = _HAN_HEAD.search(before)
    return frozenset({found["head"]}) if found else frozenset()


def _heads_after(part: Part, measure: Measure) -> frozenset[str]:
    """95 % on-time delivery, € 600k in shop revenue: what the figure is of stands after it."""
    found = _OF_WHAT.match(part.text[measure.end - part.start :])
    return objects_in(found["what"]) if found else frozenset()


def _is_sum_of(part: Part, first: Part) -> bool:
    """At least 3 a month, 36 over the year: the same unit, summed up."""
    one, other = first.measures[0], part.measures[0]
    if one.kind != other.kind and "bare" not in (one.kind, other.kind):
        return False
    is_each = _EACH_PERIOD.search(first.text) or _EACH_PERIOD.search(part.text)
    unit, again = (_unit(each, each_part) for each, each_part in ((one, first), (other, part)))
    return bool((_TOTAL.search(part.text) or is_each) and (unit == again or not again or not unit))


def _unit(measure: Measure, part: Part) -> str:
    after = part.text[measure.number.end - part.start :]
    found = re.match(
        r"^\s*(?P<unit>[一-鿿]|(?!over\b|in\b|for\b|a\b|per\b|by\b|each\b|every\b|this\b|within\b)[a-z]+)",
        after,
    )
    return found["unit"] if found else ""


def _new_things(part: Part, first: Part) -> frozenset[str]:
    return frozenset(thing for thing in objects_in(part.text) if not _is_known(thing, first.text))


def _is_known(thing: str, text: str) -> bool:
    """Named before: the word itself, or in Chinese two signs of it in a row."""
    if thing.isascii():
        return bool(re.search(rf"\b{re.escape(thing.rstrip('s'))}", text))
    pairs = {thing[place : place + 2] for place in range(len(thing) - 1)} - zh.COMMON
    return any(pair in text for pair in pairs)


def _pair(text: str, reading: Reading) -> Part | None:
    """One verb over two KPIs: raise win rate and margin; 提升赢单率和毛利率."""
    for match in (*_HAN_PAIR.finditer(text), *_PAIR.finditer(text)):
        if match["one"] != match["other"] and not _is_sum(text, match):
            return Part(match.start("other"), match.end("other"), match["other"], ())
    return None


def _is_sum(text: str, match: re.Match[str]) -> bool:
    return bool(
        re.search(r"(?:之和|合计|总和|总计|差距|比例?)", text[match.end() : match.end() + 4])
    ) or bool(re.search(r"(?:total|sum|combined|between) (?:of )?(?:\w+ ){0,2}$", text[: match.start()]))
