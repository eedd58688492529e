"""The four letters that the text and the fields tell: specific, measurable, relevant and time-bound."""

import re

from steelyard.engine.smart import repairs
from steelyard.engine.smart.faults import blame_in, second_goal
from steelyard.engine.smart.findings import Draft, Letter, Reason
from steelyard.engine.smart.lexicon import en, zh
from steelyard.engine.smart.reading import Reading

_VAGUE = re.compile(f"{'|'.join(en.VAGUE)}|{zh.VAGUE}")
_TASK_BEFORE = re.compile(r"(?:任务|目标|指标|计划|预算)(?:额|量)?(?:的|至少|超额|完成)?$")
_TASK_AFTER = re.compile(r"^ of (?:the |our |its )?(?:\w+ )?(?:quota|target|plan|budget|goal)s?\b")
_SOFT = re.compile(
    rf"(?:^|(?<=[|,;:.] )|(?<=[|,;:.])|\b(?:and|to|we|us|all|must|should|will|let's|everyone|team|reps|staff|"
    rf"people|managers|please|help) )(?:{en.SOFT_VERBS})\b|\b(?:{en.SOFT_THINGS})\b|{zh.SOFT}"
)
# Happy customers, happy team.
_ECHO = re.compile(r"^(?P<word>[a-z]{3,}) [a-z' ]+[,;.] (?:and )?(?P=word) ")
_COUPLETS = frozenset(range(3, 9))
_HAN_CLAUSE = re.compile(r"[一-鿿]+")
_SLOGAN = re.compile(f"{en.SLOGAN}|{zh.SLOGAN}")


def specific(draft: Draft, reading: Reading) -> Letter:
    """One thing with an outcome: a figure of something, a thing that is handed over, or a named thing."""
    advice = () if draft.owner else (Reason("smart.no-owner", is_remark=True),)
    mend = () if draft.owner else (repairs.asked("smart.add-owner", "owner"),)
    if words := blame_in(reading):
        return Letter(
            False,
            (Reason("smart.blame", {"words": words}), *advice),
            (*repairs.unblamed(draft, reading), *mend),
        )
    if (second := second_goal(reading)) is not None:
        words = reading.text.said(second.start, second.end)
        return Letter(
            False,
            (Reason("smart.double", {"words": words}), *advice),
            (*repairs.split(draft, reading, second), *mend),
        )
    if is_pinned(draft, reading):
        return Letter(True, (Reason("smart.pinned"), *advice), mend)
    if reading.is_delivered:
        return Letter(True, (Reason("smart.delivered"), *advice), mend)
    if _is_named(reading):
        return Letter(True, (Reason("smart.named"), *advice), mend)
    return Letter(False, (*_vague(reading), *advice), (*repairs.pinned(draft, reading), *mend))


def measurable(draft: Draft, reading: Reading) -> Letter:
    """A figure of something that is named, or a thing that is handed over or not."""
    if has_figure(draft, reading):
        is_change = not draft.baseline and _is_change(reading)
        remark = (Reason("smart.no-baseline", is_remark=True),) if is_change else ()
        mend = (repairs.asked("smart.add-baseline", "baseline"),) if is_change else ()
        return Letter(True, (Reason("smart.figure"), *remark), mend)
    if reading.is_delivered:
        return Letter(True, (Reason("smart.yes-or-no"),))
    code = "smart.figure-of-nothing" if reading.measures else "smart.no-figure"
    return Letter(False, (Reason(code),), repairs.measured(draft, reading))


def relevant(draft: Draft, reading: Reading) -> Letter:
    """A goal above, a cause, or a clause that says what it serves."""
    if draft.parent:
        return Letter(True, (Reason("smart.has-parent", {"parent": draft.parent}),))
    if draft.cause:
        return Letter(True, (Reason("smart.has-cause"),))
    if reading.purposes:
        start, end = reading.purposes[0]
        words = reading.text.said(start, end)
        return Letter(True, (Reason("smart.says-why", {"words": words}),))
    return Letter(False, (Reason("smart.no-purpose"),), repairs.related(reading))


def time_bound(draft: Draft, reading: Reading) -> Letter:
    """An end: a date in its field, or a time in the text that ends."""
    if draft.end:
        return Letter(True, (Reason("smart.has-end", {"end": draft.end}),))
    roles = {time.role: time for time in reversed(reading.times)}
    if "end" in roles:
        time = roles["end"]
        return Letter(True, (Reason("smart.ends", {"words": reading.text.said(time.start, time.end)}),))
    for role, code in (
        ("vague", "smart.soon"),
        ("rhythm", "smart.rhythm"),
        ("start", "smart.start-only"),
        ("past", "smart.past-only"),
    ):
        if role in roles:
            time = roles[role]
            words = reading.text.said(time.start, time.end)
            return Letter(False, (Reason(code, {"words": words}),), repairs.ended(draft, reading, time))
    return Letter(False, (Reason("smart.no-end"),), repairs.ended(draft, reading))


def has_figure(draft: Draft, reading: Reading) -> bool:
    """A target with a KPI or a unit, or a measure in the text of something that is named."""
    is_named = bool(draft.kpi or reading.objects)
    if draft.target is not None and (is_named or draft.unit):
        return True
    tells_thing = any(each.kind in ("money", "duration", "count") for each in reading.measures)
    return bool(reading.measures) and (is_named or tells_thing or _is_of_target(reading))


def _is_of_target(reading: Reading) -> bool:
    """110 % of the task: a figure that the task gives."""
    return any(
        _TASK_BEFORE.search(reading.bare[: each.start]) or _TASK_AFTER.match(reading.bare[each.end :])
        for each in reading.measures
    )


def is_pinned(draft: Draft, reading: Reading) -> bool:
    """A figure that pins the matter down; a slogan stays one, whatever its fields hold."""
    return has_figure(draft, reading) and not (not reading.measures and _is_slogan(reading))


def _is_slogan(reading: Reading) -> bool:
    return bool(_SLOGAN.search(reading.text.plain))


def _is_named(reading: Reading) -> bool:
    """No figure, but a thing, place or step that not every business has: one knows what is meant."""
    if _is_slogan(reading) or _is_soft(reading) or not reading.qualifiers:
        return False
    return len(reading.objects) > 1 or any(len(word) > 3 for word in reading.qualifiers if not word.isascii())


def _is_soft(reading: Reading) -> bool:
    """A posture, a feeling or a couplet: nothing of which one could see that it was done."""
    text = reading.main
    return bool(_SOFT.search(text) or _ECHO.search(text) or _is_couplet(reading.text.plain))


def _is_couplet(text: str) -> bool:
    """拒绝内耗，高效执行: two and more clauses of one length, without a figure."""
    clauses = [each for each in re.split(r"[，。；、！!,;\s]+", text) if each]
    lengths = {len(each) for each in clauses}
    return (
        len(clauses) > 1
        and len(lengths) == 1
        and lengths <= _COUPLETS
        and all(_HAN_CLAUSE.fullmatch(each) for each in clauses)
    )


def _is_change(reading: Reading) -> bool:
    """By 15 %, without from where."""
    changes = [each for each in reading.measures if each.kind in ("percent", "points", "multiple")]
    return len(reading.measures) == 1 and bool(changes) and repairs.is_relative(reading, changes[0])


def _vague(reading: Reading) -> tuple[Reason, ...]:
    words = tuple(dict.fromkeys(match[0] for match in _VAGUE.finditer(reading.main)))[:3]
    if words and not reading.objects:
        return (Reason("smart.verb-alone", {"words": words}),)
    if words:
        return (Reason("smart.vague", {"words": words}),)
    return (Reason("smart.slogan" if _is_slogan(reading) or not reading.objects else "smart.unclear"),)
