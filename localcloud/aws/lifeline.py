"""The lifeline: when the supervisor's end of our standard input closes, however it died, we stop too."""

from __future__ import annotations

import os
from collections.abc import Callable
from threading import Thread


def watch_lifeline(descriptor: int, on_end: Callable[[], None]) -> None:
    """Call `on_end` once when the descriptor reaches its end; whatever is written into it is ignored."""

    def drain() -> None:
        # Not through sys.stdin: its lock, held by a blocked daemon thread, aborts the interpreter's exit.
        while os.read(descriptor, 4096):
            pass
        on_end()

    Thread(target=drain, name="lifeline", daemon=True).start()
