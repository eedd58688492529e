"""What was read and worked out of a log already, kept in this process: few logs, many small answers."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from steelyard.apps.measure.queries.kept import kept_on

# A log of a million events takes some fifty megabytes.
MOST_LOGS = 4
MOST_ANSWERS = 256
Answer = TypeVar("Answer")
_logs: OrderedDict[Hashable, Any] = OrderedDict()
_answers: OrderedDict[Hashable, Any] = OrderedDict()


def kept_log(key: Hashable, ask: Callable[[], Answer]) -> Answer:
    return kept_on(_logs, key, ask, most=MOST_LOGS)


def kept_answer(key: Hashable, ask: Callable[[], Answer]) -> Answer:
    return kept_on(_answers, key, ask, most=MOST_ANSWERS)
