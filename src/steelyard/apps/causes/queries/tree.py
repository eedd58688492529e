"""The five whys as a tree: branches below what they answer, with evidence and what is pointed out."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from steelyard.apps.causes.models import Cause, Evidence, Why
from steelyard.apps.causes.queries.blame import Blame, blame_in, repeated_in
from steelyard.apps.causes.queries.seen import whys_of
from steelyard.apps.diagnose.models import Diagnosis


@dataclass(frozen=True)
class Branch:
    """An answer, what hangs below it, and what is pointed out: a circle, blame of a person."""

    why: Why
    depth: int
    branches: tuple["Branch", ...] = ()
    evidence: tuple[Evidence, ...] = ()
    repeats: Why | None = None
    blame: Blame | None = None

    @property
    def is_open(self) -> bool:
        """Nothing below it, and nothing to be done: the next why."""
        return not self.branches and not self.why.is_actionable

    @property
    def size(self) -> int:
        return 1 + sum(each.size for each in self.branches)


@dataclass(frozen=True)
class Tree:
    """The answers to one question: why the gap, or why a cause."""

    cause: Cause | None
    branches: tuple[Branch, ...] = ()

    @property
    def ends(self) -> list[Branch]:
        return [end for each in self.branches for end in ends_of(each)]

    @property
    def depth(self) -> int:
        return max((end.depth for end in self.ends), default=0)


@dataclass(frozen=True)
class Whys:
    trees: tuple[Tree, ...]
    withdrawn: tuple[Why, ...] = field(default=())

    @property
    def ends(self) -> list[Branch]:
        return [end for tree in self.trees for end in tree.ends]


def whys_in(diagnosis: Diagnosis, evidence: Sequence[Evidence]) -> Whys:
    """The gap's own tree first, then those of causes; `evidence` is what the viewer may read."""
    every = list(whys_of(diagnosis))
    standing = [why for why in every if why.withdrawn_at is None]
    below: dict[int | None, list[Why]] = {}
    for why in standing:
        below.setdefault(why.parent_id, []).append(why)
    beside: dict[int, list[Evidence]] = {}
    for each in evidence:
        if each.why_id:
            beside.setdefault(each.why_id, []).append(each)
    causes = {why.cause_id: why.cause for why in below.get(None, [])}
    order = [None, *sorted(pk for pk in causes if pk is not None)]
    trees = [
        Tree(
            causes.get(pk),
            tuple(_branch(why, below, beside, above=[]) for why in below.get(None, []) if why.cause_id == pk),
        )
        for pk in order
    ]
    return Whys(tuple(trees), tuple(why for why in every if why.withdrawn_at is not None))


def ends_of(branch: Branch) -> list[Branch]:
    """The answers below which there is none."""
    return [end for each in branch.branches for end in ends_of(each)] or [branch]


def _branch(
    why: Why, below: dict[int | None, list[Why]], beside: dict[int, list[Evidence]], *, above: list[Why]
) -> Branch:
    line = [*above, why]
    return Branch(
        why=why,
        depth=len(line),
        branches=tuple(_branch(each, below, beside, above=line) for each in below.get(why.pk, [])),
        evidence=tuple(beside.get(why.pk, ())),
        repeats=repeated_in(why, above),
        blame=blame_in(why.text),
    )
