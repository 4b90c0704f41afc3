"""A limit for a call that takes none: looking up a name, or trying one dead address after the other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def within(limit_s: float, work: Callable[[], T]) -> T:
    """Return what `work` returns, or give up waiting; the abandoned call ends with the process at the latest.

    Raises:
        TimeoutError: the limit has passed.
        Exception: whatever `work` raised.
    """
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # handed on: result() raises it in the caller
            outcome.set_exception(error)

    Thread(target=run, daemon=True).start()
    return outcome.result(timeout=limit_s)
