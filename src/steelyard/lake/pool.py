"""Open connections kept for the next reader: opening one costs as much as a small question."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Generic, TypeVar

from steelyard.errors import Refused
from steelyard.lake.facts import Facts
from steelyard.lake.store import Lake

Kept = TypeVar("Kept")
Key = tuple[tuple[str, int], ...]


class Pool(Generic[Kept]):
    """Hands out what `prepare` makes of an open connection, to one reader at a time.

    Idle ones are kept for the newest sets of versions only; what failed in use is closed.
    """

    def __init__(self, lake: Lake, prepare: Callable[[Facts], Kept], *, keep: int = 4) -> None:
        self.lake, self.prepare, self.keep = lake, prepare, keep
        self._idle: OrderedDict[Key, list[tuple[Kept, ExitStack]]] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def open(self, versions: Mapping[str, int]) -> Iterator[Kept]:
        """Lend a connection to these versions."""
        key = tuple(sorted(versions.items()))
        kept, closing = self._take(key) or self._new(versions)
        try:
            yield kept
        except Refused:
            self._give_back(key, kept, closing)
            raise
        except BaseException:
            closing.close()
            raise
        self._give_back(key, kept, closing)

    def _take(self, key: Key) -> tuple[Kept, ExitStack] | None:
        with self._lock:
            idle = self._idle.pop(key, [])
            taken = idle.pop() if idle else None
            if idle:
                self._idle[key] = idle
            return taken

    def _new(self, versions: Mapping[str, int]) -> tuple[Kept, ExitStack]:
        with ExitStack() as stack:
            kept = self.prepare(stack.enter_context(self.lake.open(versions)))
            return kept, stack.pop_all()

    def _give_back(self, key: Key, kept: Kept, closing: ExitStack) -> None:
        with self._lock:
            self._idle.setdefault(key, []).append((kept, closing))
            self._idle.move_to_end(key)
            surplus = self._surplus()
        for each in surplus:
            each.close()

    def _surplus(self) -> list[ExitStack]:
        surplus: list[ExitStack] = []
        while sum(map(len, self._idle.values())) > self.keep:
            oldest, idle = next(iter(self._idle.items()))
            surplus.append(idle.pop(0)[1])
            if not idle:
                del self._idle[oldest]
        return surplus
