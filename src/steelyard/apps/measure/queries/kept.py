"""Answers that were worked out already: a snapshot never changes, so what it said once it says again.

Keys hold the versions and the conditions as narrowed for the viewer: nobody gets another's answer.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar

from steelyard.apps.data.models import Snapshot
from steelyard.apps.measure.queries.definitions import definitions_stamp

MOST = 512
# An answer with more rows than a page shows is not worth its memory.
MOST_ROWS = 500
# Of answers about every team at once, the few that are being looked at.
MOST_LARGE = 8
Answer = TypeVar("Answer")
_answers: OrderedDict[Hashable, Any] = OrderedDict()
_large: OrderedDict[Hashable, Any] = OrderedDict()
_lock = threading.Lock()


def kept(key: Hashable, ask: Callable[[], Answer], *, size: Callable[[Answer], int] = lambda _: 1) -> Answer:
    """The answer to a question, asked once for each key."""
    return kept_on(_answers, key, ask, most=MOST, is_worth_it=lambda answer: size(answer) <= MOST_ROWS)


def kept_large(key: Hashable, ask: Callable[[], Answer]) -> Answer:
    """The same for an answer of many megabytes: only the newest few stay."""
    return kept_on(_large, key, ask, most=MOST_LARGE)


def kept_on(
    shelf: OrderedDict[Hashable, Any],
    key: Hashable,
    ask: Callable[[], Answer],
    *,
    most: int,
    is_worth_it: Callable[[Answer], bool] = lambda _: True,
) -> Answer:
    """The same on a shelf of one's own, of which the newest `most` stay."""
    with _lock:
        if key in shelf:
            shelf.move_to_end(key)
            return shelf[key]
    answer = ask()
    if is_worth_it(answer):
        with _lock:
            shelf[key] = answer
            while len(shelf) > most:
                shelf.popitem(last=False)
    return answer


def key_of(snapshot: Snapshot, *parts: Any) -> Hashable:
    """What an answer depends on, as one hashable value: the data, the definitions, and what is asked."""
    return (definitions_stamp(), str(snapshot.created_at), snapshot.pk, *(_frozen(part) for part in parts))


def _frozen(part: Any) -> Hashable:
    if isinstance(part, Mapping):
        return tuple(sorted((name, _frozen(value)) for name, value in part.items()))
    return tuple(_frozen(each) for each in part) if isinstance(part, list | tuple) else part
