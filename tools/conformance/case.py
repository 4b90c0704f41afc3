"""One command, what it must show, and what the world must look like afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lifeboat.core.clock import SystemClock
from tools.conformance.local_fly import Ran, World

_PATIENCE_S = 5.0
Look = Callable[[World], bool]


def anything(_: World) -> bool:
    """Leave the world unchecked: the command only shows something."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A row of the table.

    Args:
        command: arguments, separated by blanks; `{machine}` and such are filled in from the world.
        shows: texts its output must hold.
        hides: texts its output must not hold.
        fails: whether it must end with another exit code than 0.
        leaves: what must hold afterwards.
    """

    command: str
    shows: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()
    fails: bool = False
    leaves: Look = anything

    def verdict(self, ran: Ran, world: World) -> str:
        """Return what is wrong, empty when nothing is."""
        if (ran.code != 0) is not self.fails:
            return f"exit code {ran.code}"
        missing = [text for text in self.shows if text not in ran.output]
        unwanted = [text for text in self.hides if text in ran.output]
        if missing or unwanted:
            return f"missing {missing}" if missing else f"shown {unwanted}"
        return "" if self._comes_true(world) else "the world is not as expected"

    def _comes_true(self, world: World) -> bool:
        """Look again for a while: some commands do not wait for what they began."""
        clock = SystemClock()
        ends_s = clock.monotonic_s() + _PATIENCE_S
        while not self.leaves(world):
            if clock.monotonic_s() > ends_s:
                return False
            clock.sleep(0.2)
        return True
