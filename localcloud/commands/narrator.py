"""Progress on stderr: one moving line on a terminal, plain lines anywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.status import Status


class Narrator:
    """Tells what goes on.

    Args:
        console: where to; stderr when not given. It decides by itself whether it is a terminal, and heeds
            NO_COLOR.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False)
        self._status: Status | None = None

    @contextmanager
    def during(self, what: str) -> Iterator[None]:
        """Say what is being done for the length of a block."""
        if not self._console.is_terminal:
            self.say(what)
            yield
            return
        with self._console.status(what) as status:
            self._status = status
            try:
                yield
            finally:
                self._status = None

    def step(self, text: str) -> None:
        """Tell a detail of what is being done: it replaces the one before on a terminal."""
        if self._status is None:
            self.say(text)
        else:
            self._status.update(text.splitlines()[0] if text else "")

    def say(self, text: str) -> None:
        """Tell something that stays."""
        if self._status is not None:
            self._console.print(text, markup=False, soft_wrap=True)
        else:
            click.echo(text, err=True)
