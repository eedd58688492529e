"""Points and spans of time in English, the fuller ones first, with the months that a span has."""

from steelyard.engine.smart.lexicon import en

NUMBER = r"(?:\d+(?:\.\d+)?|" + en.NUMBER_WORDS + ")"
_MONTH = "(?:" + en.MONTHS + r")\b\.?"
YEAR = r"(?:20[2-4]\d)"
_ORDINAL_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
# `may` needs a neighbour, for it is a verb as well.
POINTS: tuple[tuple[str, int | None], ...] = (
    (r"(?:20\d\d|\d{1,2})[-/.]\d{1,2}[-/.](?:20\d\d|\d{1,2})(?!\d)", None),
    (rf"{_ORDINAL_DAY}(?: of)? (?:{_MONTH}|may\b)(?:,? {YEAR})?", None),
    (rf"(?:{_MONTH}|may) {_ORDINAL_DAY}\b(?:,? {YEAR})?(?!%)", None),
    (rf"(?:{_MONTH}|may),? {YEAR}", 1),
    (rf"(?:{_MONTH}|may) ?(?:to|-|through|until) ?(?:{_MONTH}|may\b)(?:,? {YEAR})?", None),
    (rf"{_MONTH}", 1),
    (
        r"(?<=in )may\b|(?<=by )may\b|(?<=of )may\b|(?<=before )may\b|(?<=until )may\b|(?<=this )may\b"
        r"|(?<=next )may\b|(?<=late )may\b|(?<=early )may\b|(?<=mid-)may\b|(?<=through )may\b|(?<=end )may\b",
        1,
    ),
    (
        rf"(?:fy ?)?'?(?:{YEAR}|\d\d)[ -/]?q[1-4]\b|\bq[1-4](?:[ -/]?(?:of )?(?:fy ?)?'?(?:{YEAR}|"
        rf"\d\d))?\b",
        3,
    ),
    (
        rf"\bh[12]\b(?:[ -/]?(?:fy ?)?'?(?:{YEAR}|\d\d)\b)?|(?:first|second|1st|2nd) half(?: of (?:the |"
        rf"this |next )?"
        rf"(?:(?:fiscal )?year|{YEAR}))?|half[- ]year",
        6,
    ),
    (
        rf"(?:first|second|third|fourth|1st|2nd|3rd|4th|final|last) quarter(?: of (?:the |this |next )?"
        rf"(?:(?:fiscal )?year|{YEAR}))?",
        3,
    ),
    (rf"\bfy ?'?(?:{YEAR}|\d\d)\b|(?:fiscal(?: year)?|financial year) {YEAR}|calendar {YEAR}", 12),
    (
        r"(?:this|next|the current|the coming|current|the) (?:(?:calendar|fiscal|"
        r"financial) )?year(?:'s (?:end|close))?\b(?!(?<=next year)'s)",
        12,
    ),
    (r"(?:this|next|the current|the coming|current|the)(?: fiscal)? quarter(?:'s end)?\b", 3),
    (r"(?:this|next|the current|the coming|current) (?:month|week|season|half|sprint)\b", None),
    (
        r"(?:mid|end|close|start|beginning|middle)(?: of|-) ?(?:the |this |next )?(?:month|quarter|year|"
        r"week|half|season)\b",
        None,
    ),
    (
        r"(?:calendar |fiscal )?(?:year|quarter|month|half|season|week)(?:[- ]?|'s )(?:end|close)\b|"
        r"\beo[yqm]\b|mid-?year\b|mid-?term\b",
        None,
    ),
    (rf"(?<![\d.,$€£¥]){YEAR}(?![\d.,]*\d|%| ?(?:k|m|bn)\b)", 12),
    (r"(?:week|cw|kw|wk) ?\d{1,2}\b", None),
    (
        r"(?:by|before|until|till|this|next|on|due|no later than) (?:the )?(?:mon|tues?|wednes|thurs?|"
        r"fri|satur|sun)day\b",
        None,
    ),
    (
        r"\b(?:today|tomorrow|tonight|this (?:spring|summer|autumn|fall|winter)|next (?:spring|summer|"
        r"autumn|fall|winter))\b",
        None,
    ),
    (
        rf"(?:within|inside|in|over|during|for|after)(?: the)?(?: next| coming| following| first)? "
        rf"{NUMBER}[- ]"
        r"(?:calendar |working |business |trading )?(?:days?|weeks?|months?|quarters?|years?)\b",
        None,
    ),
    (rf"(?:the )?(?:next|coming|following) {NUMBER} (?:days?|weeks?|months?|quarters?|years?)\b", None),
    (r"(?:within|over|during|in)(?: the| a)?(?: next| coming| single)? (?:week|month|quarter|year)\b", None),
    (rf"{NUMBER} (?:days?|weeks?|months?) (?:from (?:now|today)|(?:before|after|ahead of) (?:the )?)", None),
    (
        r"(?:before|by|until|ahead of|in time for|over|at|for|this|next|than|prior to|during|throughout|"
        r"around)"
        r"(?: the| this| next| our)?(?: end of(?: the)?)? (?:" + en.FEASTS + r")\b",
        None,
    ),
    (
        r"(?:in|over|during|for|this|next)(?: the| our)? (?:[a-z-]+ ){0,2}(?:season|semester|term(?! of)|"
        r"heating period)\b",
        None,
    ),
    (r"\bdeadline:? |\bdue (?:date|by|on)\b", None),
)
