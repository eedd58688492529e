"""What a goal serves: the clauses of its text that say why, and where they stand."""

import re
from collections.abc import Iterator

from steelyard.engine.smart.lexicon import en, zh

Span = tuple[int, int]
BARRIER = "|"
_COMMA = r"[,，;；。!！?？\n|]|\.(?=\s|$)"
_CLAUSE_END = re.compile(_COMMA)
_LEADING_END = re.compile(r"[,，:：;；。]|\.(?=\s)")
# “…, so win 3 deals” is the goal itself.
_CONSEQUENCE = re.compile(
    rf"so (?:(?:he|she|they|we|i|the team) (?:must|has to|have to|"
    rf"needs? to) )?(?:{en.REACHING}|{en.RAISING}|{en.LOWERING}) [^,.;]*\d"
)
# “It cost us a million, so by September …”: what stands before is the cause.
_CAUSE_FIRST = re.compile(
    r"(?:^|(?<=[.;] ))[^.;|]+?,? (?=so (?:by|in|on|before|until|from|this|within) )"
    rf"|(?:^|(?<=[.;] ))[^.;|]+?,? (?={_CONSEQUENCE.pattern})"
)
_IS_HOW = re.compile(r"(?<=[;,.] )[^,;.]*\b(?:is|are) (?:how|what|why)\b")
_ARROW = re.compile(r"(?:→|->|=>) ?(?=[a-z一-鿿])")
_SENTENCE_END = re.compile(
    r"[;；。|\n]|\.(?=\s|$)|(?=,? (?:and|but) (?:by|in|before|until) (?:q\d|20\d\d|the end))"
)
_ENGLISH = re.compile("|".join(en.PURPOSE))
_INFINITIVE = re.compile(rf"\bto (?:{en.SERVING})\b")
_NO_PURPOSE_BEFORE = re.compile(rf"\b(?:{en.AIMING})(?: (?:\w+ly|us|them|it|everyone))? $")
_TAKES_VERB = re.compile(rf"^\W*(?:{en.TAKES_VERB})\b")
# Somebody is got onto, into or through something: what follows says what for.
_SAID_WHAT = re.compile(r"\b(?:to|onto|into|using|through|out of|off|on|live)\b")
_OUTCOME = re.compile(rf"^to (?:{en.REACHING}|{en.RAISING}|{en.LOWERING}) (?:\w+ ){{0,3}}[$€£]?\d")
_CHINESE = re.compile("|".join(zh.PURPOSE))
_CHINESE_OPENING = re.compile(
    rf"(?:^|(?<=[，。；;|,、]))(?:也|并|来|去|更好地|好|才能|才|直接|共同)?(?:{zh.SERVING})"
)
_CHINESE_EFFECT = re.compile(rf"(?<=[，。；;])(?:{zh.EFFECT})(?=[^，。；;]{{2,}})")
_SLOGAN = re.compile(zh.SLOGAN)
_CHINESE_GAIN = re.compile(rf"(?<=[，；;])(?:{zh.GAIN})(?=[^，。；;]{{2,}})")
_HAN_OR_FIGURE = re.compile(
    r"(?<![a-z])\d(?![\d月日年季])|[一二三四五六七八九十]成|翻|倍|[一二两三四五六七八九十]+[家个条场篇份名]"
)
_WORDS = re.compile(r"[a-z]{2,}|[一-鿿]")


def purposes_in(text: str) -> tuple[Span, ...]:
    """The stretches of the plain text that say what it is for or because of what; they may touch."""
    found: list[Span] = []
    for start, end in sorted(_all(text)):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def masked(text: str, spans: tuple[Span, ...]) -> str:
    """The text with barriers in place of the spans: nothing is read there or across them."""
    signs = list(text)
    for start, end in spans:
        signs[start:end] = BARRIER * (end - start)
    return "".join(signs)


def _all(text: str) -> Iterator[Span]:
    for match in _ENGLISH.finditer(text):
        if _CONSEQUENCE.match(text, match.start()):
            continue
        yield _english_span(text, match.start(), match.end())
    for match in _CAUSE_FIRST.finditer(text):
        yield match.span()
    for match in (*_IS_HOW.finditer(text), *_ARROW.finditer(text)):
        yield match.start(), _end(_SENTENCE_END, text, match.end())
    for match in _INFINITIVE.finditer(text):
        if _is_purpose(text, match.start()):
            yield _english_span(text, match.start(), match.end())
    for match in (*_CHINESE.finditer(text), *_CHINESE_OPENING.finditer(text)):
        start, end = match.start(), _end(_CLAUSE_END, text, match.end())
        # A clause that is the whole goal is the goal, not what it is for.
        if _WORDS.search(text[:start]) or _WORDS.search(text[end:]):
            yield start, end
    for match in _CHINESE_EFFECT.finditer(text):
        end = _end(_CLAUSE_END, text, match.end())
        says_what = len(re.findall(r"[一-鿿]", text[: match.start()])) >= 8
        if _SLOGAN.search(text[match.end() : end]):
            continue
        if says_what and not _HAN_OR_FIGURE.search(text[match.end() : end]):
            yield match.start(), end
    for match in _CHINESE_GAIN.finditer(text):
        end = _end(_CLAUSE_END, text, match.end())
        has_figure = _HAN_OR_FIGURE.search(text[: match.start()])
        if has_figure and not _HAN_OR_FIGURE.search(text[match.end() : end]):
            yield match.start(), end


def _english_span(text: str, start: int, end: int) -> Span:
    """From its first word to the end of its sentence; one that opens a sentence ends at the comma."""
    opening = re.search(r"(?:^|[.;:!?]\s)[\s\W]*$", text[:start])
    return start, _end(_LEADING_END if opening else _SENTENCE_END, text, end)


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.search(text, start)
    return found.start() if found else len(text)


def _is_purpose(text: str, start: int) -> bool:
    before, after = text[:start], text[start:]
    if before.endswith("in order "):
        return False
    if not before.strip():
        return bool(re.search(r"^to [^,:]*[,:]", after))
    if _NO_PURPOSE_BEFORE.search(before):
        return False
    # In “get the team to close” the verb belongs to the first one.
    clause = re.split(_COMMA, before)[-1]
    if _TAKES_VERB.match(clause) and not _SAID_WHAT.search(clause):
        return False
    return not (_OUTCOME.match(after) and not re.search(r"\b(?:goal|target|plan|objective|budget)\b", after))
