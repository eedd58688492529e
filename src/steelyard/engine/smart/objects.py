"""What a goal is about: the words that are left without verbs, vague words, numbers and times."""

import re

from steelyard.engine.smart.lexicon import en, zh

_WORD = re.compile(r"[a-z][a-z'&_/-]*[a-z]|[a-z]{2,}")
_VERB = re.compile(rf"(?:{en.RAISING}|{en.LOWERING}|{en.REACHING}|{en.STRONG}|{en.WEAK}|{en.OTHER_VERBS})")
_HAN = re.compile(r"[一-鿿]+")
# Nobody can point at credibility or transformation.
_ABSTRACT = re.compile(r"(?:ness|ity|ship|ism|ance|ence|tion|sion|ment|hood|acy)$")
# A verb is part of many a KPI: 签约额, 回款率.
_HAN_KPI = re.compile(
    r"[一-鿿]{2}(?:率|额|量(?!化)|数(?!据|字)|比(?!例|较|去|上)|占比)|"
    r"[一-鿿](?<![年季月力程制角速高深广进幅])度(?=提升|提高|达|至|到)"
)
_BUSINESS = re.compile(rf"(?:{en.KPI_HEADS}|{en.BUSINESS})")


def _longest_first(*lists: str) -> re.Pattern[str]:
    words = {word for each in lists for word in each.split("|")}
    return re.compile(f"(?P<kept>{zh.KEPT})|" + "|".join(sorted(words, key=len, reverse=True)))


_HAN_NEEDLESS = _longest_first(
    zh.FUNCTION, zh.GENERIC, zh.STRONG, zh.WEAK, zh.RAISING, zh.LOWERING, zh.REACHING
)
_HAN_BUSINESS = _longest_first(zh.KPI_HEADS, zh.BUSINESS)


def objects_in(text: str) -> frozenset[str]:
    """The things that are named: English words and stretches of Chinese of two signs and more."""
    english = {
        word
        for word in (each.removesuffix("'s") for each in _WORD.findall(text))
        if word not in en.STOP and word not in en.GENERIC and not _is_verb(word)
    }
    chinese = {part for part in _HAN.findall(_bare(text)) if len(part) > 1}
    return frozenset(english | chinese | {match[0] for match in _HAN_KPI.finditer(text)})


def _bare(text: str) -> str:
    """Without verbs, vague words and what binds words; 会员 keeps its 会."""
    return _HAN_NEEDLESS.sub(lambda match: match["kept"] or " ", text)


def _is_verb(word: str) -> bool:
    """calls and orders are told of as things."""
    return bool(_VERB.fullmatch(word)) and not (word.endswith("s") and _BUSINESS.fullmatch(word))


def qualifiers_in(text: str) -> frozenset[str]:
    """Of these, what no business has in common: which product, place, customers or step is meant."""
    english = {
        word
        for word in objects_in(text)
        if word.isascii() and not _BUSINESS.fullmatch(word) and not _ABSTRACT.search(word)
    }
    left = _HAN_BUSINESS.sub(" ", _bare(text))
    return frozenset(english | {part for part in _HAN.findall(left) if len(part) > 1})
