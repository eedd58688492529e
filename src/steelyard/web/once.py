"""What is asked for many times while one request is answered, and looked up once."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Answer = TypeVar("Answer")
_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers of this request", default=None)


@contextmanager
def one_request() -> Iterator[None]:
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def once(key: Hashable, ask: Callable[[], Answer]) -> Answer:
    """The answer, kept for the rest of the request; outside of one it is asked for each time."""
    answers = _answers.get()
    if answers is None:
        return ask()
    if key not in answers:
        answers[key] = ask()
    answer: Answer = answers[key]
    return answer


def forget(key: Hashable) -> None:
    """The request itself has changed what the answer would be."""
    answers = _answers.get()
    if answers is not None:
        answers.pop(key, None)


@contextmanager
def kept_for_once() -> Iterator[None]:
    """Answers are kept as in a request, for who asks much at once and may stand outside of one."""
    if _answers.get() is not None:
        yield
        return
    with one_request():
        yield
