"""Ties the life of a process group to the life of its parent, on any POSIX system.

The command line is wrapped in a shell that leaves a watcher in the group and then becomes the command. The
watcher holds the read end of the pipe on its standard input; when the parent is gone, however it ended, the
pipe closes and the watcher kills the group. The command itself gets an empty standard input.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence

# The watcher is a grandchild, so that the command never meets a child it did not start. It ignores the polite
# signals, so that a group member that ignores them too is still killed in the end.
_SCRIPT = """
exec 3<&0 </dev/null
( ( trap '' HUP INT TERM; read -r _ <&3; kill -KILL 0 ) >/dev/null 2>&1 & )
exec 3<&-
exec "$@"
"""


def tied(command: Sequence[str]) -> list[str]:
    """Return the command line to start instead of `command`.

    The caller must start it as the leader of a new session, with a pipe as standard input that it keeps open
    for as long as the command may live.
    """
    return ["/bin/sh", "-c", _SCRIPT, "lifeline", *command]


def end_group(pid: int, number: signal.Signals = signal.SIGKILL) -> None:
    """Signal a process group made for a tied command; one that is gone already is no error."""
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return
    except PermissionError:
        # macOS answers this instead when all that is left of the group is waiting to be reaped.
        return
