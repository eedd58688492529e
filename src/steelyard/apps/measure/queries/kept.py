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
Answer = TypeVar("Answer")
_answers: OrderedDict[Hashable, Any] = OrderedDict()
_lock = threading.Lock()


def kept(key: Hashable, ask: Callable[[], Answer], *, size: Callable[[Answer], int] = lambda _: 1) -> Answer:
    """The answer to a question, asked once for each key."""
    with _lock:
        if key in _answers:
            _answers.move_to_end(key)
            return _answers[key]
    answer = ask()
    if size(answer) <= MOST_ROWS:
        with _lock:
            _answers[key] = answer
            while len(_answers) > MOST:
                _answers.popitem(last=False)
    return answer


def key_of(snapshot: Snapshot, *parts: Any) -> Hashable:
    """What an answer depends on, as one hashable value: the data, the definitions, and what is asked."""
    return (definitions_stamp(), str(snapshot.created_at), snapshot.pk, *(_frozen(part) for part in parts))


def _frozen(part: Any) -> Hashable:
    if isinstance(part, Mapping):
        return tuple(sorted((name, _frozen(value)) for name, value in part.items()))
    return tuple(_frozen(each) for each in part) if isinstance(part, list | tuple) else part
