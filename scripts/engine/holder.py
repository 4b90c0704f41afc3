"""Who this process is, as the other operators will see it."""

from __future__ import annotations

import getpass
import os
import socket


def this_process() -> str:
    """Return such as `alice@laptop pid 4711`."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        # A container may run under a number that has no name.
        user = f"uid {os.getuid()}"
    return f"{user}@{socket.gethostname()} pid {os.getpid()}"
