"""One reading for everybody who asks at the same time, without anybody getting an old one.

A caller gets the result of a reading that began after the caller asked. Under a rate limit of one per second,
ten machines of an app that all look before they act then cost two readings instead of ten.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

ValueT = TypeVar("ValueT")


class SharedReading(Generic[ValueT]):
    """A reading that callers share.

    Args:
        read: does it; an error goes to the caller whose turn it was, and the next one reads again.
    """

    def __init__(self, read: Callable[[], ValueT]) -> None:
        self._read = read
        self._count = threading.Lock()
        self._turn = threading.Lock()
        self._begun = 0
        self._last: tuple[int, ValueT] | None = None

    def value(self) -> ValueT:
        """Return the result of a reading that begins from now on."""
        with self._count:
            wanted = self._begun + 1
        with self._turn:
            if self._last is not None and self._last[0] >= wanted:
                return self._last[1]
            with self._count:
                self._begun += 1
                number = self._begun
            value = self._read()
            self._last = (number, value)
            return value
