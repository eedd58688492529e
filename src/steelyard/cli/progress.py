"""How far long work is, while one waits at a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Watch = Callable[[int, int, str], None]


@contextmanager
def watching(*, quiet: bool) -> Iterator[Watch | None]:
    """A bar on stderr when a person looks; nothing for a program."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def watch(done: int, total: int, step: str) -> None:
            bar.update(task, completed=done, total=total or None, description=step)

        yield watch
