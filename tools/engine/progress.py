"""Says on stderr what a long piece of work is doing and for how long.

On a terminal one line is kept up to date; elsewhere a plain line appears when something new begins and then
every few seconds, so that a log stays readable. It never writes to stdout, which belongs to the result.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

from lifeboat.core.clock import Clock, SystemClock

_PLAIN_INTERVAL_S = 15.0


class Progress:
    """The voice of the engine's bootstrap."""

    def __init__(self, console: Console | None = None, clock: Clock | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False)
        self._clock = clock or SystemClock()
        self._phase = ""
        self._detail = ""
        self._began_s = self._clock.monotonic_s()
        self._said_s = self._began_s

    def note(self, text: str) -> None:
        """Say one thing, once."""
        self._console.print(Text(f"engine: {text}"), soft_wrap=True)
        self._said_s = self._clock.monotonic_s()

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Announce a piece of work and show its elapsed time while it lasts."""
        self._phase, self._detail = name, ""
        self._began_s = self._clock.monotonic_s()
        if not self._console.is_terminal:
            self.note(name)
            yield
            return
        with self._console.status(self):
            yield

    def detail(self, text: str) -> None:
        """Say how far the current phase is; cheap enough to be called for every line of a build."""
        self._detail = text
        self.tick()

    def tick(self) -> None:
        """Let a plain log hear that the work goes on, when it has not heard anything for a while."""
        if self._console.is_terminal:
            return
        if self._clock.monotonic_s() - self._said_s >= _PLAIN_INTERVAL_S:
            self.note(self._line())

    def __rich__(self) -> Text:
        """Return the live line; the terminal asks for it several times a second."""
        return Text(f"engine: {self._line()}", overflow="ellipsis", no_wrap=True)

    def _line(self) -> str:
        elapsed_s = int(self._clock.monotonic_s() - self._began_s)
        return f"{self._phase} ({elapsed_s} s){f': {self._detail}' if self._detail else ''}"
