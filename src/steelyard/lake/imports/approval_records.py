"""The cell of an approval export that tells who decided what and when: 审批记录, 审批流程, 操作记录.

飞书, 企业微信 and 钉钉 write it in ways of their own, and in other ways with every few versions. What they
agree on is read: an entry for each approver, with a name, a time and a word for what was done, perhaps with
the name of the step, a number of the person and a comment. A cell with a part that is none of these is
not read.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from steelyard.lake.imports import known_words

SUBMIT, DECIDE, MOVE, WITHDRAW, HANDLE = "submit", "decide", "move", "withdraw", "handle"
OPEN, ASIDE = "open", "aside"
_DECISIONS = {"approved": DECIDE, "rejected": DECIDE, "changed": MOVE}
# What a step without a name is called, in the language of its cell.
_NAMES = {
    True: {SUBMIT: "提交", DECIDE: "审批", WITHDRAW: "撤销", HANDLE: "办理"},
    False: {SUBMIT: "Submit", DECIDE: "Approval", WITHDRAW: "Withdraw", HANDLE: "Handle"},
}
_MOVES = {
    True: {"加签": ("加", "减"), "退回": ("退", "打回", "回退"), "修改": ("修改", "要求修改"), "转交": ("",)},
    False: {"Add approver": ("a",), "Return": ("ret", "roll"), "Transfer": ("",)},
}
_DAY = r"(?:19|20|21)\d{2}\s*(?:[-/.]\s*\d{1,2}\s*[-/.]\s*\d{1,2}|年\s*\d{1,2}\s*月\s*\d{1,2}\s*日?)"
_HOUR = r"\d{1,2}\s*[:：时]\s*\d{1,2}(?:\s*[:：分]\s*\d{1,2}(?:\.\d+)?\s*秒?)?\s*分?"
_TIME = re.compile(rf"({_DAY})(?:[T\s,，]*({_HOUR}))?")
_SPAN = re.compile(r"^\s*(?:~|～|至|到|—+|-+|to)\s*$")
_NUMBERED = re.compile(r"^\s*(?:[（(]?\d{1,2}[)）.、:：]\s*(?!\d)|[①-⑳]\s*|[•·*\-]\s+)")
_SPLIT = re.compile(r"[;；\r\n]+|→|⇒|=+>|-+>|\s>\s")
_COMMENT = re.compile(
    r"[,，;；\s|(（]*(?:审批|审核|处理)?(?:意见|备注|评论|理由|原因|附言|说明)\s*[:：]"
    r"|[,，\s(（]*(?:comments?|remarks?|reason|opinion)\s*[:：]",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\s,，:：]*[“\"「『](.*?)[”\"」』]\s*$", re.DOTALL)
_CLOSE = re.compile(r"[(（\[【][\s,，;；、|/·-]*[)）\]】]")
_STEP = re.compile(
    r"审批|审核|复核|复审|初审|终审|会审|会签|或签|节点|步骤|主管|经理|总监|负责人|上级|领导|财务|法务|人事|行政|总裁|董事|"
    r"出纳|会计|总经理|副总|部长|主任|采购|风控|印章|用印|归档|办理|approv|review|manager|director|finance|legal|head",
    re.IGNORECASE,
)
_TITLE_END = re.compile(r"(?:会签|或签|依次审批|并行)[)）]?$")
_PERSON = re.compile(r"[\w·•.'’\- ]{1,40}")
_LONGEST_HAN = 8
_NUMBER = re.compile(r"(?=.*[0-9])[\w.@$:+/=\-]{2,64}|[\w.\-]+@[\w.\-]+", re.ASCII)
_LEFT = re.compile(r"\s*[(（]\s*(?:已离职|离职|已停用|已删除)\s*[)）]")
_BRACKET = re.compile(r"^(.*?)\s*[(（\[【]([^()（）\[\]【】]*)[)）\]】]\s*$", re.DOTALL)


@dataclass(frozen=True)
class Entry:
    """What one person did in an approval. `finished` is as written; "" where the entry tells no time.

    `step` is the name of the node, `detail` a number or a team that stands beside the name.
    """

    kind: str
    person: str
    finished: str
    outcome: str = ""
    word: str = ""
    step: str = ""
    started: str = ""
    detail: str = ""
    comment: str = ""


class NotUnderstoodError(Exception):
    """A part of a cell that says nothing known."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


@cache
def approval_words() -> dict[str, Any]:
    """The document of words of approval exports."""
    text = files("steelyard.lake.imports").joinpath("approval_words.yaml").read_text(encoding="utf-8")
    return dict(yaml.load(text, Loader=yaml.BaseLoader))  # noqa: S506  every scalar stays a string


def entries_of(cell: str) -> list[Entry]:
    """What was done, in the order of the times; raises for a part that is not understood.

    Who has yet to decide, who was only told of the request and who commented on it are not in it.
    """
    done = (entry for entry in all_entries(cell) if entry.finished and entry.kind not in (OPEN, ASIDE))
    told = [replace(entry, comment=entry.comment.strip()) for entry in done]
    return sorted(told, key=lambda entry: entry.finished)


def all_entries(cell: str) -> list[Entry]:
    """Every entry of a cell as it stands there; raises for a part that is not understood."""
    found: list[Entry] = []
    step = ""
    for part in _parts(cell):
        if _is_heading(part):
            step = _step_name(part)
            continue
        try:
            entry = _entry(part, step)
        except NotUnderstoodError:
            # A comment may hold whatever parts entries: it goes on as long as nothing of an entry comes.
            if not found or not found[-1].comment or _TIME.search(part):
                raise
            found[-1] = replace(found[-1], comment=f"{found[-1].comment} {part.strip()}")
            continue
        found.append(entry)
    return found


def state_of(text: str) -> tuple[str, str] | None:
    """(kind, outcome) of a word for what was done."""
    plain = re.sub(r"[\s_]+", "_", text.strip().strip("[]【】()（）.。!！").casefold())
    return _states().get(plain)


@cache
def _states() -> dict[str, tuple[str, str]]:
    """Word → (kind, outcome)."""
    decided = known_words.words()["values"]["outcome"]
    found: dict[str, tuple[str, str]] = {}
    for name, listed in approval_words()["states"].items():
        meaning = (_DECISIONS.get(name, name), name if name in _DECISIONS else "")
        for word in (*(decided[name] if name in _DECISIONS else ()), *listed):
            found[word.replace(" ", "_")] = meaning
    return found


def _is_plain_step(text: str) -> bool:
    return text.casefold() in approval_words()["plain_steps"]


def moment_of(text: str) -> str:
    """The first time of a text in plain digits, "" when it holds none."""
    found = _TIME.search(text)
    return _plain_time(found) if found else ""


def activity_names(entries: Sequence[Entry], *, is_chinese: bool = True) -> Iterator[str]:
    """What each entry is called as a step: by its node, else by what was done, else 审批 1, 审批 2, …

    The count starts again when the request is submitted again, so that work done twice has one name.
    """
    number, names = 0, _NAMES[is_chinese]
    for entry in entries:
        if entry.kind == SUBMIT:
            number = 0
        if entry.step:
            yield entry.step
        elif entry.kind == DECIDE:
            number += 1
            yield f"{names[DECIDE]} {number}"
        elif entry.kind == MOVE:
            word = entry.word.casefold().removeprefix("已")
            moves = _MOVES[is_chinese].items()
            yield next(name for name, starts in moves if word.startswith(starts))
        else:
            yield names[entry.kind]


def _parts(cell: str) -> Iterator[str]:
    for part in _SPLIT.split(cell):
        for each in _persons(_NUMBERED.sub("", part)):
            if each.strip(" \t,，、|"):
                yield each.strip(" \t,，、")


def _persons(part: str) -> Iterator[str]:
    """Several people of one step, parted by commas, each with the step's name before."""
    pieces = re.split(r"(?<=[)）])\s*[,，、]\s*(?=[^,，、()（）]{1,24}[(（])", part)
    if len(pieces) == 1:
        yield part
        return
    head = re.match(r"^\s*([^:：]{1,30}?)[:：]", pieces[0])
    yield pieces[0]
    for piece in pieces[1:]:
        yield f"{head[1]}：{piece}" if head else piece


def _is_heading(part: str) -> bool:
    """Whether a line names the step of those below it."""
    plain = part.strip().rstrip(":：")
    if "|" in part or _TIME.search(part) or len(plain) > 30:
        return False
    words = [word for word in re.split(r"[\s,，:：()（）]+", plain) if word]
    if any(map(state_of, words)):
        return False
    says = [bool(_STEP.search(word) or _TITLE_END.search(word)) for word in words]
    # A name beside the step is a person of whom nothing is said.
    return any(says) and all(said or word.isascii() for said, word in zip(says, words, strict=True))


def _entry(part: str, step: str) -> Entry:
    fields = re.split(r"\s*[|｜]\s*", part.strip())
    entry = _piped(fields, part) if len(fields) > 2 else _written(part)
    return entry if entry.step else replace(entry, step=step if entry.kind in (DECIDE, MOVE, HANDLE) else "")


def _piped(fields: list[str], part: str) -> Entry:
    """Name, perhaps a number, perhaps a step, a time, a result, and the comment: parted by bars."""
    at = next((i for i, field in enumerate(fields) if _TIME.fullmatch(field)), None)
    if at is None:
        return _pending([field for field in fields if field], part)
    before, after = list(fields[:at]), list(fields[at + 1 :])
    if not before:
        before, after = after[:1], after[1:]
    if len(before) > 1 and _names_a_step(before[0]) and not _names_a_step(before[1]):
        before[:2] = before[1::-1]
    person, detail = _person(before[0], part)
    middle = [field for field in before[1:] if field]
    if middle and _NUMBER.fullmatch(middle[0]) and state_of(middle[0]) is None:
        detail, middle = detail or middle[0], middle[1:]
    result = after[0] if after else ""
    step = middle[0] if middle else ""
    if len(middle) > 1:
        raise NotUnderstoodError(part)
    known = _meaning(result, step)
    if known is None:
        raise NotUnderstoodError(part)
    (kind, outcome), word = known
    named = "" if state_of(step) or _is_plain_step(step) else _step_name(step)
    rest = after[1:] if state_of(result) or not result else after
    return Entry(
        kind,
        person,
        _plain_time(_TIME.fullmatch(fields[at])),
        outcome,
        word,
        named,
        detail=detail,
        # A comment slot that is there and empty is open to what goes on after a line break.
        comment=" ".join(filter(None, rest)) or (" " if rest else ""),
    )


def _names_a_step(text: str) -> bool:
    return bool(_STEP.search(text)) or state_of(text) is not None


def _meaning(result: str, step: str) -> tuple[tuple[str, str], str] | None:
    """What was done, and the word for it: the field of the step says it where it is more than a decision."""
    by_step, by_result = state_of(step), state_of(result)
    if by_step and by_step[0] in (SUBMIT, MOVE, WITHDRAW, ASIDE):
        return by_step, step
    if by_result:
        return by_result, result
    return (by_step, step) if by_step else None


def _pending(fields: list[str], part: str) -> Entry:
    """An entry without a time: of someone who has not decided yet, or of no step at all."""
    states = [state for field in fields[1:] if (state := state_of(field))]
    if not states or not all(kind in (OPEN, ASIDE) for kind, _ in states):
        raise NotUnderstoodError(part)
    return Entry(states[0][0], fields[0], "")


def _written(part: str) -> Entry:
    """An entry in words: when its comment, times and state are taken out, a name must be all that is left."""
    text, comment = _without_comment(part)
    text, times = _without_times(text, part)
    text, word = _without_state(text)
    if not word:
        raise NotUnderstoodError(part)
    meaning = state_of(word)
    assert meaning is not None  # noqa: S101  a state was found by it
    kind, outcome = meaning
    if not times and kind not in (OPEN, ASIDE):
        raise NotUnderstoodError(part)
    if kind in (OPEN, ASIDE) and not text.strip(" ,，:：-"):
        return Entry(kind, "", "")
    step, name = _step_and_name(text, part)
    person, detail = _person(name, part)
    finished = "" if kind in (OPEN, ASIDE) else times[-1]
    started = times[0] if len(times) == 2 else ""
    return Entry(kind, person, finished, outcome, word, step, started, detail, comment)


def _without_comment(part: str) -> tuple[str, str]:
    if quoted := _QUOTED.search(part):
        return part[: quoted.start()], quoted[1].strip()
    found = _COMMENT.search(part)
    if not found or not _TIME.search(part):
        return part, ""
    rest = part[found.end() :]
    later = _TIME.search(rest)
    if later is None:
        return part[: found.start()] + _closing(part[: found.start()]), rest.strip(" )）")
    # The time comes after the comment.
    return part[: found.start()] + " " + rest[later.start() :], rest[: later.start()].strip(" ,，(（-")


def _closing(text: str) -> str:
    return ")" if len(re.findall(r"[(（]", text)) > len(re.findall(r"[)）]", text)) else ""


def _without_times(text: str, part: str) -> tuple[str, list[str]]:
    found = list(_TIME.finditer(text))
    if len(found) > 2 or (len(found) == 2 and not _SPAN.match(text[found[0].end() : found[1].start()])):
        raise NotUnderstoodError(part)
    for match in reversed(found):
        text = f"{text[: match.start()]} {text[match.end() :]}"
    text = re.sub(r"\s(?:~|～|至|到)\s", " ", text)
    return text, [_plain_time(match) for match in found]


def _without_state(text: str) -> tuple[str, str]:
    """The text without the word for what was done; of several the one that decides most."""
    found = [
        (match, state)
        for match in re.finditer(r"[^\s,，:：;；()（）\[\]【】|/—–\-]+", text)
        if (state := state_of(match[0]))
    ]
    if not found:
        return text, ""
    weight = {SUBMIT: 2, DECIDE: 0, MOVE: 0, WITHDRAW: 0, HANDLE: 3, OPEN: 1, ASIDE: 1}
    match, _ = min(found, key=lambda each: (weight[each[1][0]], each[0].start()))
    rest = f"{text[: match.start()]} {text[match.end() :]}"
    while (closed := _CLOSE.sub(" ", rest)) != rest:
        rest = closed
    return re.sub(r"[(（]\s*[,，;；\-]+|[,，;；\-]+\s*(?=[)）])", lambda each: each[0][0], rest), match[0]


def _step_and_name(text: str, part: str) -> tuple[str, str]:
    """The name of the step where one stands, and the rest, which is the person."""
    plain = _LEFT.sub("", text).strip(" \t,，;；:：-—–/")
    if bracketed := re.match(r"^[\[【]([^\]】]+)[\]】]\s*[:：\-]?\s*(.+)$", plain):
        return _step_name(bracketed[1]), bracketed[2]
    if "：" in plain or ":" in plain:
        step, _, name = plain.replace("：", ":").partition(":")
        return _step_name(step), name
    pieces = [piece for piece in re.split(r"\s+|\s*[-—–/]\s*", plain) if piece]
    if len(pieces) < 2 or plain.isascii():
        return "", plain
    steps = [piece for piece in pieces if _STEP.search(piece)]
    names = [piece for piece in pieces if piece not in steps]
    if len(steps) != 1 or len(names) != 1:
        raise NotUnderstoodError(part)
    return _step_name(steps[0]), names[0]


def _step_name(text: str) -> str:
    """A step as it is called; how many must sign there is not its name."""
    plain = re.sub(r"\s*[(（](?:会签|或签|依次审批|并行|\d+人)[)）]\s*", "", text).strip(" \t:：-[]【】")
    return "" if _is_plain_step(plain) or state_of(plain) else plain


def _person(text: str, part: str) -> tuple[str, str]:
    """(name, what stands in brackets after it: a number, a team)."""
    plain = _LEFT.sub("", text).strip(" \t,，、:：-—–@")
    detail = ""
    if bracket := _BRACKET.match(plain):
        plain, detail = bracket[1].strip(), bracket[2].strip()
    # Who is told of something may be many.
    han = len(re.findall("[\u4e00-\u9fff]", plain))
    if not plain or not _PERSON.fullmatch(plain) or han > _LONGEST_HAN:
        raise NotUnderstoodError(part)
    return plain, detail


def _plain_time(found: "re.Match[str] | None") -> str:
    assert found is not None  # noqa: S101  asked of a match alone
    day = [int(each) for each in re.findall(r"\d+", found[1])]
    hour = [int(each) for each in re.findall(r"\d+", found[2] or "")][:3]
    try:
        return str(datetime(*day, *hour))  # type: ignore[arg-type]  # noqa: DTZ001  an export tells no zone
    except ValueError as fault:
        raise NotUnderstoodError(found[0]) from fault
