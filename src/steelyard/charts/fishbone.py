"""A fishbone laid out from the width of its texts: nothing overlaps, and no text is drawn smaller.

Bones are parallel, so two of them stand as far apart as the widest text between them needs. The picture is
SVG by its template; here are only the places, in pixels at 12 px text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from steelyard.charts.scale import text_width

LINE, ITEM_GAP = 15.0, 7.0
WRAP, HEAD_WRAP = 158.0, 150.0
BESIDE, APART = 8.0, 14.0
SLANT = 0.28
LABEL = 24.0
BOLD, NOTE_GAP = 1.1, 6.0
LEAST_APART, WIDE = 70.0, 760.0
MARGIN = 6.0
LEAST_BONE = 54.0
MOST_ITEMS = 6


@dataclass(frozen=True)
class Item:
    """A text on a bone; `mark` stands before it, `kind` is a class of the style sheet."""

    text: str
    mark: str = ""
    kind: str = ""
    href: str = ""


@dataclass(frozen=True)
class Bone:
    """A lens with what hangs on it; `note` stands beside its name."""

    name: str
    items: tuple[Item, ...] = ()
    note: str = ""
    href: str = ""
    more: str = ""  # what is said where there are more items than a bone holds


@dataclass(frozen=True)
class Words:
    """Lines of one text: the first baseline, and how far each line stands below it."""

    lines: tuple[str, ...]
    x: float
    y: float
    kind: str = ""
    href: str = ""

    @property
    def placed(self) -> list[tuple[float, str]]:
        return [(round(self.y + number * LINE, 1), line) for number, line in enumerate(self.lines)]


@dataclass(frozen=True)
class Stroke:
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Drawn:
    """Every place of the picture."""

    width: float
    height: float
    spine: Stroke
    head: tuple[float, float, float, float]
    head_words: Words
    bones: tuple[Stroke, ...]
    names: tuple[Words, ...]
    notes: tuple[Words, ...]
    items: tuple[Words, ...]
    ribs: tuple[Stroke, ...]
    head_note: Words | None = field(default=None)


def layout(bones: Sequence[Bone], *, problem: str, note: str = "") -> Drawn:
    """Put half of the bones above the spine and half below, and the problem at its head."""
    above, below = bones[: (len(bones) + 1) // 2], bones[(len(bones) + 1) // 2 :]
    upper, lower = _reach(above), _reach(below)
    spine_y = round(LABEL + upper + MARGIN, 1)
    joints_above, joints_below = _joints(above, upper, wide=WIDE), _joints(below, lower, wide=WIDE)
    reach = max(joints_above[-1:] + joints_below[-1:], default=0.0) + 24
    head_lines = wrapped(problem, HEAD_WRAP)
    head_height = len(head_lines) * LINE + (LINE if note else 0) + 18
    head = (round(reach, 1), round(spine_y - head_height / 2, 1), HEAD_WRAP + 20, round(head_height, 1))
    upper_half = _side(above, joints_above, spine_y, upper, direction=-1)
    lower_half = _side(below, joints_below, spine_y, lower, direction=1)
    first = head[1] + 20
    return Drawn(
        width=round(head[0] + head[2] + MARGIN, 1),
        height=round(max(spine_y + lower + LABEL + MARGIN, head[1] + head[3] + MARGIN), 1),
        spine=Stroke(MARGIN, spine_y, head[0], spine_y),
        head=head,
        head_words=Words(tuple(head_lines), head[0] + 10, round(first, 1)),
        head_note=Words((note,), head[0] + 10, round(first + len(head_lines) * LINE, 1)) if note else None,
        bones=(*upper_half.bones, *lower_half.bones),
        names=(*upper_half.names, *lower_half.names),
        notes=(*upper_half.notes, *lower_half.notes),
        items=(*upper_half.items, *lower_half.items),
        ribs=(*upper_half.ribs, *lower_half.ribs),
    )


def wrapped(text: str, width: float) -> list[str]:
    """Lines no wider than `width`; Chinese may break anywhere, Latin between words.

    >>> wrapped("Every discount needs two approvals", 120)
    ['Every discount', 'needs two', 'approvals']
    """
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and text_width(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


@dataclass(frozen=True)
class _Half:
    bones: list[Stroke]
    names: list[Words]
    notes: list[Words]
    items: list[Words]
    ribs: list[Stroke]


def _pieces(text: str) -> list[str]:
    """Words with the blank after them; a Chinese character by itself, with the mark that follows it."""
    found = re.findall(
        r"[\u2e80-\u9fff\uff00-\uffef][，。；：！？、”』）]*|[^\s\u2e80-\u9fff\uff00-\uffef]+\s*|\s+", text
    )
    pieces: list[str] = []
    for piece in found:
        while text_width(piece) > WRAP:  # a word that fits on no line is cut
            pieces.append(piece[:20])
            piece = piece[20:]
        pieces.append(piece)
    return pieces


def _lines_of(bone: Bone) -> list[tuple[Item, list[str]]]:
    shown = [(item, wrapped(f"{item.mark} {item.text}".strip(), WRAP)) for item in bone.items[:MOST_ITEMS]]
    return [*shown, (Item(bone.more, kind="more"), wrapped(bone.more, WRAP))] if bone.more else shown


def _reach(bones: Sequence[Bone]) -> float:
    """How far the bones of a side reach out from the spine."""
    tallest = max((_tall(bone) for bone in bones), default=0.0)
    return max(LEAST_BONE, tallest + 12)


def _tall(bone: Bone) -> float:
    return sum(len(lines) * LINE + ITEM_GAP for _item, lines in _lines_of(bone))


def _joints(bones: Sequence[Bone], reach: float, *, wide: float = 0.0) -> list[float]:
    """Where the bones meet the spine, from the left: each leaves room for its own texts.

    `wide` is what the picture may take: room that is left over is shared out.
    """
    x, joints, half_before = MARGIN + SLANT * reach, [], -APART - SLANT * reach
    for bone in bones:
        texts = [text_width(line) for _item, lines in _lines_of(bone) for line in lines]
        half = _name_width(bone) / 2
        x += max([half_before + half + APART, *(width + BESIDE + APART for width in texts), LEAST_APART])
        half_before = half
        joints.append(x)
    left = max(0.0, wide - joints[-1]) if joints else 0.0
    return [round(x + left * (place + 1) / len(joints), 1) for place, x in enumerate(joints)]


def _name_width(bone: Bone) -> float:
    """A name is set bold, its note beside it."""
    return text_width(bone.name) * BOLD + (text_width(bone.note) + NOTE_GAP if bone.note else 0.0)


def _side(
    bones: Sequence[Bone], joints: Sequence[float], spine: float, reach: float, *, direction: int
) -> _Half:
    """One side of the spine: -1 above, 1 below. Items stand from the tip inwards."""
    half = _Half([], [], [], [], [])
    tip_y = spine + direction * reach
    for bone, joint in zip(bones, joints, strict=True):
        tip_x = joint - SLANT * reach
        half.bones.append(Stroke(round(tip_x, 1), round(tip_y, 1), joint, spine))
        name_y = tip_y - 8 if direction < 0 else tip_y + 17
        name_x = tip_x - _name_width(bone) / 2
        half.names.append(Words((bone.name,), round(name_x, 1), round(name_y, 1), "", bone.href))
        if bone.note:
            after = name_x + text_width(bone.name) * BOLD + NOTE_GAP
            half.notes.append(Words((bone.note,), round(after, 1), round(name_y, 1)))
        y = tip_y + 6 if direction < 0 else spine + 12
        for item, lines in _lines_of(bone):
            tall = len(lines) * LINE
            at = joint - SLANT * abs(y + tall / 2 - spine)
            middle = y + tall / 2
            half.items.append(
                Words(tuple(lines), round(at - BESIDE, 1), round(y + 11, 1), item.kind, item.href)
            )
            half.ribs.append(
                Stroke(round(at - BESIDE + 2, 1), round(middle, 1), round(at, 1), round(middle, 1))
            )
            y += tall + ITEM_GAP
    return half
