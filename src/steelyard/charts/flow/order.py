"""Which way a process mostly runs: an order of its steps against which as little as possible goes back."""

from collections.abc import Iterable, Mapping

START, END = -1, -2
Ends = tuple[int, int]


def forward_order(nodes: Iterable[int], weights: Mapping[Ends, float]) -> list[int]:
    """Order the nodes so that the weight of links from a later to an earlier one is small.

    Parameters
    ----------
    nodes
        Numbers of steps; START stands first and END last wherever they are among them.
    weights
        (source, target) → weight, never negative; a link to itself counts for nothing.

    Returns
    -------
    list of int

    Notes
    -----
    Greedy: what nothing leads to goes to the front, what leads nowhere to the back, else the node that most
    more leaves than enters goes to the front. Ties by number, so the order is always the same. At most half
    of the weight goes back. Quadratic in the number of nodes.
    Source: P. Eades, X. Lin, W. F. Smyth (1993), A fast and effective heuristic for the feedback arc set
    problem, Information Processing Letters 47.

    Examples
    --------
    >>> forward_order([0, 1, 2], {(2, 0): 5, (0, 1): 5, (1, 0): 1})
    [2, 0, 1]
    """
    left = sorted(set(nodes) - {START, END})
    inner = set(left)
    held = {(a, b): weight for (a, b), weight in weights.items() if a != b and {a, b} <= inner}
    out, into = _sums(held, left)
    front: list[int] = []
    back: list[int] = []
    while left:
        chosen, is_last = _next(left, out, into)
        (back if is_last else front).append(chosen)
        left.remove(chosen)
        for (source, target), weight in held.items():
            if source == chosen:
                into[target] -= weight
            if target == chosen:
                out[source] -= weight
        held = {ends: weight for ends, weight in held.items() if chosen not in ends}
    ends = set(nodes) & {START, END}
    return [*({START} & ends), *front, *reversed(back), *({END} & ends)]


def _sums(weights: Mapping[Ends, float], nodes: list[int]) -> tuple[dict[int, float], dict[int, float]]:
    out, into = dict.fromkeys(nodes, 0.0), dict.fromkeys(nodes, 0.0)
    for (source, target), weight in weights.items():
        out[source] += weight
        into[target] += weight
    return out, into


def _next(left: list[int], out: Mapping[int, float], into: Mapping[int, float]) -> tuple[int, bool]:
    tiny = 1e-9
    for node in left:
        if into[node] <= tiny:
            return node, False
    for node in left:
        if out[node] <= tiny:
            return node, True
    return max(left, key=lambda node: (out[node] - into[node], -node)), False
