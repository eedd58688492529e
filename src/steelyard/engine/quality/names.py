"""Texts that stand for people: who answers to them, and who may have been meant."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from steelyard.engine.kpi.relations import Tables

# How like two names must be to be offered, from 0 to 1.
ALIKE = 0.6
Person = Mapping[str, Any]


def form_of(text: str) -> str:
    """The form in which names are compared, as in the frozen aliases."""
    return str(text).strip().casefold()


@dataclass(frozen=True)
class Names:
    """Texts that name exactly one person, and texts to which several answer."""

    one: Mapping[str, str]
    several: Mapping[str, tuple[str, ...]]

    @property
    def is_known(self) -> bool:
        """Whether anybody is known at all."""
        return bool(self.one or self.several)

    def kind(self, text: str) -> str:
        """Say "one", "several" or "nobody"."""
        form = form_of(text)
        if form in self.one:
            return "one"
        return "several" if form in self.several else "nobody"


def names_in(tables: Tables) -> Names:
    """Read who answers to what from the organisation that a snapshot froze.

    Parameters
    ----------
    tables
        With `org_aliases (alias, person)`, which holds unique texts only, and `org_people (person, name,
        email)`; without them nobody is known.

    Returns
    -------
    Names
        `several` are names and e-mails that two or more people share and that no alias settles.
    """
    if "org_aliases" not in tables:
        return Names({}, {})
    rows = tables["org_aliases"].select("alias", "person").to_pyarrow().to_pylist()
    one = {row["alias"]: row["person"] for row in rows}
    shared: defaultdict[str, set[str]] = defaultdict(set)
    people = tables["org_people"].to_pyarrow().to_pylist() if "org_people" in tables else []
    for person in people:
        for text in (person["name"], person.get("email")):
            if text:
                shared[form_of(text)].add(person["person"])
    several = {
        text: tuple(sorted(codes)) for text, codes in shared.items() if len(codes) > 1 and text not in one
    }
    return Names(one, several)


def near(text: str, people: Iterable[Person], *, most: int = 3) -> tuple[str, ...]:
    """Find who may have been meant by a text that names nobody.

    Parameters
    ----------
    text
        As a file has it.
    people
        With `code`, `name` and `email`.
    most
        How many to return.

    Returns
    -------
    tuple of str
        Codes, the likeliest first; none where nobody is like it.

    Notes
    -----
    Compared are letters and digits only, in the order given and sorted by word (so that "Yue, Lin" is Lin
    Yue), against the name, the part of the e-mail before the @ and the code; what holds the whole name
    ("王伟（华东）") counts as near as can be. Likeness is Ratcliff and Obershelp's. Source: J. W. Ratcliff
    and D. Metzener, "Pattern matching: the gestalt approach", Dr. Dobb's Journal 46 (1988).

    Examples
    --------
    >>> people = [{"code": "P1", "name": "Lin Yue", "email": "lin.yue@example.com"},
    ...           {"code": "P2", "name": "王伟", "email": None}]
    >>> near("Yue, Lin", people), near("王伟 (East)", people), near("Queue 7", people)
    (('P1',), ('P2',), ())
    """
    scored = sorted((-_likeness(text, person), person["code"]) for person in people)
    return tuple(code for score, code in scored[:most] if -score >= ALIKE)


def _likeness(text: str, person: Person) -> float:
    given = [str(person["name"] or ""), str(person["code"])]
    if person.get("email"):
        given.append(str(person["email"]).partition("@")[0])
    pairs = [(one, other) for each in given for other in _forms(each) for one in _forms(text)]
    return max((_ratio(one, other) for one, other in pairs if one and other), default=0.0)


def _ratio(one: str, other: str) -> float:
    """1 for the same; nearly so where one holds the other, of two ideographs or four letters at least."""
    shorter, longer = sorted((one, other), key=len)
    least = 4 if shorter.isascii() else 2
    if one != other and len(shorter) >= least and shorter in longer:
        return 0.99
    return SequenceMatcher(None, one, other).ratio()


def _forms(text: str) -> tuple[str, str]:
    """Letters and digits in their order, and by sorted words."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    words = "".join(letter if letter.isalnum() else " " for letter in plain).split()
    return "".join(words), "".join(sorted(words))
