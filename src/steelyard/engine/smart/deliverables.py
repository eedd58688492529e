"""What a goal hands over: something published, signed, opened or built, which is there or not."""

import re

from steelyard.engine.smart.lexicon import en, zh
from steelyard.engine.smart.objects import objects_in, qualifiers_in

_PLACE = r"(?:^|(?<=[\s|,:;(]))"
_STRONG = re.compile(rf"{_PLACE}(?:{en.STRONG})(?![\w-])(?P<what>[^,;.]*)")
_WEAK = re.compile(rf"{_PLACE}(?:{en.WEAK})(?![\w-])(?P<what>[^,;.]*)")
_STATE = re.compile(
    rf"(?P<what>[a-z0-9 '&-]{{1,80}}?) "
    rf"(?:is |are |be |to be |goes |go |fully |has been |have been )*(?:{en.DONE})\b"
)
_CONCRETE = re.compile(rf"\b(?:{en.CONCRETE})\b")
_MORE = re.compile(r"\b(?:more|better|fewer|faster|quicker|easier)\b")
_BARE_PLURAL = re.compile(
    r"^ (?!(?:an?|the|our|all|each|every|its|their|this|one)\b)(?:(?:new|more|better|good|great|regular|"
    r"additional|further|high-quality|[a-z-]+) ){0,3}[a-z-]*[^s\W]s\b"
)
_DETERMINED = re.compile(
    r"^ (?:[a-z]+ )?(?:an?|the|our|all|each|every|its|their|this|that|both|\d|one|two|three)\b|\d|[A-Z]"
)
_HAN_STRONG = re.compile(rf"(?:{zh.STRONG})(?P<what>[^，。；,;]*)")
_HAN_DONE = re.compile(rf"(?P<what>[^，。；,;]{{0,40}}?)(?:{zh.STRONG}|{zh.FINISHED})")
_HAN_WEAK = re.compile(rf"(?:{zh.WEAK})(?P<what>[^，。；,;]*)")
_HAN_CONCRETE = re.compile(rf"(?P<which>[^，。；,;]*?)(?:{zh.CONCRETE})")
_EVERY = re.compile(
    r"\b(?:all|every|each|100%|none|no one|zero|never|always)\b|所有|全部|全员|每一|百分百|清零|杜绝|"
    r"一律|无一|逐一|逐户|逐家"
)
# None at all: it happened or it did not.
_NONE = re.compile(
    r"(?:零|无|不发生|不出)(?:一起|任何|重大|较大|安全|责任|质量|人身|生产)*(?:事故|投诉|差错|伤亡|违规|"
    r"逾期|缺陷|工伤|断供|断货)|"
    r"\b(?:zero|no) (?:[a-z-]+ ){0,2}(?:accidents?|injur(?:y|ies)|fatalit(?:y|ies)|incidents?|breaches|"
    r"recalls?)\b"
)
_ACTION = re.compile(rf"(?:{zh.ANSWERING}|{zh.FINISHED}|{zh.STRONG}|{zh.WEAK}|{zh.DOING})")


def is_delivered(text: str) -> bool:
    """Whether the text, without purposes and times, names a thing and that it is handed over."""
    return _in_english(text) or _in_chinese(text) or _is_done_to_all(text) or bool(_NONE.search(text))


def _in_english(text: str) -> bool:
    for match in _STRONG.finditer(text):
        what = match["what"]
        if _is_thing(what) and not _is_bare(what):
            return True
    for match in _WEAK.finditer(text):
        what = match["what"]
        if _CONCRETE.search(what) and objects_in(what) and not _BARE_PLURAL.match(what):
            return True
    return any(
        objects_in(match["what"]) and not _MORE.search(match["what"]) for match in _STATE.finditer(text)
    )


def _is_thing(what: str) -> bool:
    """excellent customer service is nothing that one could hand over."""
    return bool(qualifiers_in(what) or (objects_in(what) and _CONCRETE.search(what)))


def _is_bare(what: str) -> bool:
    """publish articles: how many? A thing that is named, counted or all of it is not bare."""
    return bool(_BARE_PLURAL.match(what)) and not _DETERMINED.search(what) and len(objects_in(what)) < 2


def _in_chinese(text: str) -> bool:
    for match in (*_HAN_STRONG.finditer(text), *_HAN_DONE.finditer(text)):
        if objects_in(match["what"]) and not _is_of_more(text, match.start()):
            return True
    for match in _HAN_WEAK.finditer(text):
        found = _HAN_CONCRETE.match(match["what"])
        if found and len(re.sub(r"[^\w]", "", found["which"])) > 1 and objects_in(match["what"]):
            return True
    return False


def _is_of_more(text: str, place: int) -> bool:
    """让更多客户续签: how many more is not said."""
    clause = re.split(r"[，。；,;|]", text[place:])[0]
    before = re.split(r"[，。；,;|]", text[:place])[-1]
    return bool(re.search(r"更多|更好|多些|多一些|更广", before + clause))


def _is_done_to_all(text: str) -> bool:
    """Every lead answered, all stores equipped: whether it is so can be looked up."""
    return bool(
        _EVERY.search(text) and objects_in(text) and (_ACTION.search(text) or _ENGLISH_ACTION.search(text))
    )


_ENGLISH_ACTION = re.compile(rf"\b(?:{en.ANSWERING}|{en.STRONG}|{en.WEAK}|{en.DONE}|{en.HIRING}\w*)")
