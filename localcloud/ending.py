"""How a process of the local cloud learns that it should end: a stop signal, or the end of its lifeline."""

from __future__ import annotations

import os
import signal
import stat
from threading import Event, Thread

from localcloud.aws.lifeline import watch_lifeline

_STANDARD_INPUT = 0


def ending(*, lifeline: bool) -> Event:
    """Return an event that is set when the process should end; for the main thread only.

    Args:
        lifeline: end with standard input too, so that nothing outlives whoever holds its other end.
    """
    told = Event()
    # Through a pipe that the interpreter writes into, in whichever thread the signal arrives. A handler runs
    # in the main thread only: it would wait for that thread to wake up, or lock the event against itself.
    read_end, write_end = os.pipe()
    os.set_blocking(write_end, False)
    signal.set_wakeup_fd(write_end)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: None)

    def wait_for_signal() -> None:
        os.read(read_end, 1)
        told.set()

    Thread(target=wait_for_signal, name="signals", daemon=True).start()
    if lifeline:
        watch_lifeline(_STANDARD_INPUT, told.set)
    return told


def has_lifeline() -> bool:
    """Tell whether standard input is a pipe or a socket, and no terminal or file somebody tries this from."""
    kind = os.fstat(_STANDARD_INPUT).st_mode
    return stat.S_ISFIFO(kind) or stat.S_ISSOCK(kind)
