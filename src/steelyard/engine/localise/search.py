"""Which combinations to name: the strongest one, at the level that its siblings and children agree on."""

from dataclasses import dataclass, replace

import numpy as np

from steelyard.engine.localise.evidence import Fit, Kind, Mask, log_p
from steelyard.engine.localise.lattice import Floats, Lattice

# The rest of a combination counts as untouched while its effect is below this share of the part's.
UNTOUCHED = 0.14
# Naming several children instead of their parent costs this share of the parent's gain for each further one.
PER_NAME = 0.3
PER_NAME_AT_TOP = 0.1
# Nats of evidence that the rest is untouched before one child stands for its parent.
ENOUGH = 1.0
# And nats of evidence that the rest has strayed before a parent stands for its child.
GAIN_OF_REST = 2.0
# Both with this many standard errors of the rest in doubt.
STANDARD_ERRORS = 0.7
MOST_SEGMENTS = 50
MOST_STEPS = 24
# Taking fewer leaves than this share out leaves the noise as it was.
ENOUGH_TO_REFIT = 0.002


@dataclass(frozen=True)
class Cell:
    """A combination: the cuboid's place, the cell's place in it."""

    cuboid: int
    at: int


@dataclass(frozen=True, eq=False)
class Found:
    """A combination, the leaves it holds that no earlier one did, and the log of its corrected p-value."""

    dims: tuple[int, ...]
    codes: tuple[int, ...]
    leaves: Mask
    gain: float
    log_p: float


class Search:
    """One pass over a lattice with the noise of one fit."""

    def __init__(self, lattice: Lattice, fit: Fit, alive: Mask) -> None:
        self.lattice = lattice
        self.fit = fit
        self.sums = lattice.sums(fit.measures * alive)
        self.per_name = float(np.log(lattice.cells))

    def strongest(self) -> Cell | None:
        """The combination with the largest gain, less the log of how many its cuboid has, at its right level.

        None where no part of the table strays as much as the whole of it: all leaves have moved alike.
        """
        best, top = Cell(0, 0), -np.inf
        for cuboid, sums in enumerate(self.sums):
            gains = self.fit.gain(sums) - np.log(self.lattice.occupied[cuboid])
            at = int(np.argmax(gains))
            if gains[at] >= top - 1e-9 * abs(top):
                best, top = Cell(cuboid, at), float(gains[at])
        whole = self.sums[-1].sum(axis=1)
        several = self._best_split((), (), whole)
        if several is not None and several[0] > top:
            top, best = several
        if float(self.fit.gain(whole)) > top:
            return None
        return self._settled(best)

    def _settled(self, cell: Cell) -> Cell:
        """Climb while the siblings share the effect, descend while only some children do."""
        left = set()
        effect = abs(float(self.fit.effect(self.sums[cell.cuboid][:, cell.at])))
        for _ in range(MOST_STEPS):
            move = self._parent(cell, effect) or self._child(cell)
            if move is None or move in left:
                return cell
            left.add(cell)
            cell = move
        return cell

    def _parent(self, cell: Cell, effect: float) -> Cell | None:
        """The parent whose other leaves share the effect most, measured by where the climb began."""
        cuboid = self.lattice.cuboids[cell.cuboid]
        codes, own = cuboid.codes(cell.at), self.sums[cell.cuboid][:, cell.at]
        best: tuple[float, Cell] | None = None
        for i in range(len(cuboid.dims) if len(cuboid.dims) > 1 else 0):
            dims, above = cuboid.dims[:i] + cuboid.dims[i + 1 :], codes[:i] + codes[i + 1 :]
            at = self.lattice.index[dims]
            parent = Cell(at, self.lattice.cuboids[at].position(above))
            whole = self.sums[at][:, parent.at]
            if not self._shares(whole - own, own, effect) or self._splits(dims, above, whole, cuboid.dims[i]):
                continue
            shared = (
                float(self.fit.effect(whole - own) / self.fit.effect(own)) if whole[-1] > own[-1] else 1.0
            )
            if best is None or shared > best[0] + 1e-9:
                best = shared, parent
        return None if best is None else best[1]

    def _shares(self, rest: Floats, part: Floats, effect: float) -> bool:
        """Whether the rest has strayed like the part; where there is none, the shorter name is right."""
        if rest[-1] <= 1e-9 * part[-1]:
            return True
        own = float(self.fit.effect(part))
        least = UNTOUCHED * max(effect, abs(own)) + STANDARD_ERRORS * self.fit.error(rest)
        return bool(np.sign(own) * self.fit.effect(rest) > least and self.fit.gain(rest) > GAIN_OF_REST)

    def _child(self, cell: Cell) -> Cell | None:
        cuboid = self.lattice.cuboids[cell.cuboid]
        split = self._best_split(cuboid.dims, cuboid.codes(cell.at), self.sums[cell.cuboid][:, cell.at])
        return None if split is None else split[1]

    def _best_split(
        self, dims: tuple[int, ...], codes: tuple[int, ...], whole: Floats
    ) -> tuple[float, Cell] | None:
        """The dimension along which some values hold the effect and the rest none; its strongest value."""
        best: tuple[float, Cell] | None = None
        for cuboid, places in self.lattice.children(dims, codes):
            split = self._split(self.sums[cuboid][:, places], whole, at_top=not dims)
            if split is not None and (best is None or split[0] > best[0] * (1 + 1e-9)):
                best = split[0], Cell(cuboid, int(places[split[1]]))
        return best

    def _splits(self, dims: tuple[int, ...], codes: tuple[int, ...], whole: Floats, along: int) -> bool:
        """Whether only some of the values along one dimension hold the effect."""
        cuboid, places = self.lattice.children_along(dims, codes, along)
        return self._split(self.sums[cuboid][:, places], whole, at_top=False) is not None

    def _split(self, parts: Floats, whole: Floats, *, at_top: bool) -> tuple[float, int] | None:
        fit = self.fit
        there = np.flatnonzero(parts[-1] > 0)
        if len(there) < 2:
            return None
        parts = parts[:, there]
        gain = float(fit.gain(whole))
        sign = np.sign(fit.effect(whole)) or 1.0
        order = np.argsort(-sign * fit.effect(parts), kind="stable")
        gains = np.where(sign * fit.effect(parts) > 0, fit.gain(parts), 0.0)
        strongest = int(np.argmax(gains))
        if not at_top and self._stands_for(parts[:, strongest], whole):
            return gain + float(gains[strongest]), int(there[strongest])
        joint = np.cumsum(parts[:, order], axis=1)
        rest = whole[:, None] - joint
        names = np.arange(len(order))
        share = PER_NAME_AT_TOP if at_top else PER_NAME
        values = fit.gain(joint) - names * (self.per_name + share * gain)
        touched = sign * fit.effect(rest) > UNTOUCHED * np.abs(fit.effect(joint))
        values[touched | (sign * fit.effect(joint) <= 0)] = -np.inf
        values[[0, -1]] = -np.inf
        last = int(np.argmax(values))
        if values[last] <= (0 if at_top else gain):
            return None
        named = order[: last + 1]
        return float(values[last]), int(there[named[int(np.argmax(gains[named]))]])

    def _stands_for(self, part: Floats, whole: Floats) -> bool:
        """Whether one child holds all of its parent's effect: the rest is untouched, and not by chance."""
        rest, effect = whole - part, self.fit.effect(part)
        if effect == 0:
            return False
        shared = np.sign(effect) * self.fit.effect(rest) - STANDARD_ERRORS * self.fit.error(rest)
        return bool(shared <= abs(UNTOUCHED * effect) and self.fit.against(rest, effect) > ENOUGH)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """When to go on naming: the chance allowed, the most names, the least gain as a share of the first's."""

    alpha: float
    limit: int
    weakest: float = 0.0


def cells_that_stand_out(lattice: Lattice, kind: Kind, rules: Rules) -> tuple[list[Found], Fit]:
    """Name combinations one by one until the next could be chance beside the leaves left over."""
    alive = np.ones(len(lattice.codes), dtype=bool)
    fit, centred = kind.fit(alive), False
    found: list[Found] = []
    while len(found) < rules.limit and alive.sum() > 1:
        cell = Search(lattice, fit, alive).strongest()
        if cell is None:
            if centred:
                break
            fit, centred = kind.fit(alive, centred=True), True
            continue
        cuboid = lattice.cuboids[cell.cuboid]
        codes = cuboid.codes(cell.at)
        inside = lattice.members(cuboid.dims, codes) & alive
        alive &= ~inside
        if inside.sum() > ENOUGH_TO_REFIT * alive.sum():
            fit = kind.fit(alive, centred=centred)
        one = _measured(lattice, Found(cuboid.dims, codes, inside, 0.0, 0.0), fit)
        strongest = max((each.gain for each in found), default=0.0)
        if one.log_p > np.log(rules.alpha) or one.gain < rules.weakest * strongest:
            break
        found = _merged(lattice, found, one, fit)
    return _judged(lattice, kind, found, alpha=rules.alpha)


def _merged(lattice: Lattice, found: list[Found], one: Found, fit: Fit) -> list[Found]:
    """Add a combination; earlier ones that lie within it and strayed the same way are parts of it."""
    effect = _effect(one, fit)
    inner = [
        each
        for each in found
        if set(zip(one.dims, one.codes, strict=True)) < set(zip(each.dims, each.codes, strict=True))
        and effect / (_effect(each, fit) or np.inf) > UNTOUCHED
    ]
    leaves = np.logical_or.reduce([one.leaves, *(each.leaves for each in inner)])
    whole = _measured(lattice, replace(one, leaves=leaves), fit) if inner else one
    return [each for each in found if not any(each is part for part in inner)] + [whole]


def _effect(one: Found, fit: Fit) -> float:
    return float(fit.effect(fit.measures[:, one.leaves].sum(axis=1)))


def _judged(lattice: Lattice, kind: Kind, found: list[Found], *, alpha: float) -> tuple[list[Found], Fit]:
    """Judge what was named by the noise of the leaves that no name holds."""
    fit = kind.fit(_left(lattice, found), final=True)
    judged = [_measured(lattice, one, fit) for one in found]
    return [one for one in judged if one.log_p <= np.log(alpha)], fit


def _measured(lattice: Lattice, one: Found, fit: Fit) -> Found:
    gain = float(fit.gain(fit.measures[:, one.leaves].sum(axis=1)))
    corrected = log_p(gain, degrees=fit.degrees) + float(np.log(lattice.cells))
    return replace(one, gain=gain, log_p=min(0.0, corrected))


def _left(lattice: Lattice, found: list[Found]) -> Mask:
    left = np.ones(len(lattice.codes), dtype=bool)
    for one in found:
        left &= ~one.leaves
    return left
