"""Ctrl-C as a wish: the run ends at the next safe point instead of in the middle of a call."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class Cancellation:
    """Whether somebody asked the run to stop."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    @property
    def asked(self) -> bool:
        """Whether it was asked for."""
        return self._asked.is_set()

    def ask(self) -> None:
        """Ask the run to stop at the next safe point."""
        self._asked.set()


@contextmanager
def cancelled_by_interrupt(tell: Callable[[str], None]) -> Iterator[Cancellation]:
    """Turn the first Ctrl-C inside the block into a wish; the second one interrupts at once.

    Args:
        tell: told once what will happen.

    Effects: replaces the handler of SIGINT inside the block; only the main thread may do that.
    """
    cancellation = Cancellation()

    def ask(_number: int, _frame: FrameType | None) -> None:
        if cancellation.asked:
            raise KeyboardInterrupt
        cancellation.ask()
        tell("stopping at the next safe point; press Ctrl-C again to stop at once (the run stays resumable)")

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield cancellation
    finally:
        signal.signal(signal.SIGINT, before)
