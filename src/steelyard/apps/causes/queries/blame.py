"""Does a text blame a person? And does a why come back to where it was?"""

import re
import unicodedata
from dataclasses import dataclass

from steelyard.apps.causes.models import Why
from steelyard.apps.people.models import Person
from steelyard.web.once import once

SAME = 0.7
# A person, by a word that stands for one. Teams, steps and rules are not people.
SOMEBODY = re.compile(
    r"\b(he|she|you|his|her|him|your|somebody|someone|nobody)\b|你|您|(?<!其)他(?!们)|她(?!们)|某人|某某|谁",
    re.IGNORECASE,
)
# What is said of people rather than of the work.
BLAMING = re.compile(
    r"\b(lazy|careless|sloppy|incompetent|useless|stupid|unprofessional|irresponsible|unreliable|negligent|"
    r"too slow|too weak|bad at|hopeless|clueless|ignorant|forgot|forgets|neglect(?:s|ed)|messed up|"
    r"screwed up|did ?n[o']t (?:bother|care|try)|does ?n[o']t (?:bother|care|try|want)|failed to|fails to|"
    r"never listens|refuses to|let us down|made mistakes?)\b"
    r"|懒|粗心|马虎|不负责|没有?责任心|不认真|不努力|不用心|不上心|不积极|不称职|不专业|不靠谱|能力(?:太|很)?(?:差|弱|低|不行|不足)"
    r"|太(?:慢|差|弱|笨|懒|懈怠)|态度(?:不好|很?差|有问题)|失职|推卸|敷衍|拖拉|忘(?:了|记)|搞砸|摸鱼|偷懒|不配合|不听|没本事|水平(?:太|很)?(?:差|低)",
    re.IGNORECASE,
)
# These blame somebody, whoever is named.
FAULT = re.compile(
    r"\b(whose fault|(?:his|her|your|their) (?:own )?fault|is to blame|are to blame|to blame for)\b"
    r"|都怪|全怪|怪(?:他|她|你)|(?:他|她|你|某人)(?:们)?的(?:错|责任|问题)|甩锅|背锅|追究.{0,6}责任",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"[.!?;。！？；\n]+")


@dataclass(frozen=True)
class Blame:
    """What was taken for blame, and whom it names ("" for a word that only stands for somebody)."""

    words: str
    person: str = ""


def blame_in(text: str) -> Blame | None:
    """The first sentence that lays it on a person; a hint, not a verdict."""
    if found := FAULT.search(text):
        return Blame(found.group())
    for sentence in SENTENCE.split(text):
        blaming = BLAMING.search(sentence)
        if blaming is None:
            continue
        if person := person_in(sentence):
            return Blame(blaming.group(), person)
        if SOMEBODY.search(sentence):
            return Blame(blaming.group())
    return None


def person_in(sentence: str) -> str:
    """The name of somebody of the organisation that stands in the sentence."""
    told = sentence.casefold()
    for name in once("names of people", lambda: list(Person.objects.values_list("name", flat=True))):
        for part in name_parts(name):
            if part in told and is_whole(part, told):
                return name
    return ""


def name_parts(name: str) -> list[str]:
    """林悦 Lin Yue is named by 林悦 and by Lin Yue; one Latin letter or one character names nobody."""
    latin = " ".join(re.findall(r"[a-z][a-z'-]+", unicodedata.normalize("NFKC", name).casefold()))
    chinese = re.findall(r"[\u4e00-\u9fff]{2,}", name)
    return [part for part in (latin, *chinese) if len(part) > 1]


def is_whole(part: str, told: str) -> bool:
    """A Latin name stands by itself; Chinese has no spaces to tell."""
    if not part.isascii():
        return True
    return re.search(rf"(?<![a-z]){re.escape(part)}(?![a-z])", told) is not None


def repeated_in(why: Why, above: list[Why]) -> Why | None:
    """The answer further up that says the same: the whys go round in a circle."""
    return next((each for each in above if is_same(each.text, why.text)), None)


def is_same(one: str, other: str) -> bool:
    """By their pairs of characters, so that a word more or less still counts as the same."""
    first, second = _pairs(one), _pairs(other)
    if not first or not second:
        return _plain(one) == _plain(other)
    return len(first & second) / len(first | second) >= SAME


def _pairs(text: str) -> set[str]:
    plain = _plain(text)
    return {plain[at : at + 2] for at in range(len(plain) - 1)}


def _plain(text: str) -> str:
    told = unicodedata.normalize("NFKC", text).casefold()
    told = re.sub(r"^(because|as|since|due to|因为|由于|是因为)\s*", "", told.strip())
    return re.sub(r"[\W_]+", "", told)
