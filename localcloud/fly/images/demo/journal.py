"""The app's log: one JSON object per line on standard output."""

from __future__ import annotations

import json
import sys
from threading import Lock

from lifeboat.core.clock import SystemClock

_CLOCK = SystemClock()
_ONE_AT_A_TIME = Lock()


def note(event: str, **facts: object) -> None:
    """Write a line; `facts` must hold no secret."""
    line = json.dumps({"at": _CLOCK.now().isoformat(), "event": event, **facts})
    with _ONE_AT_A_TIME:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
