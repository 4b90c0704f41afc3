"""Commands that know nothing of a lifeline, run so that they end with us however we end.

An image watches its standard input by itself. Any other command is run by a shell that leaves a watcher
behind: when the lifeline's descriptor reaches its end, the watcher kills the whole process group.
"""

from __future__ import annotations

from collections.abc import Sequence

_STANDARD_INPUT = 0


def with_lifeline(command: Sequence[str], descriptor: int = _STANDARD_INPUT) -> list[str]:
    """Return the command that runs `command`, in its own process group, as long as a descriptor stays open.

    Args:
        command: what to run; when the descriptor is standard input, it reads nothing there.
        descriptor: a pipe nobody writes to, inherited by the command returned here.
    """
    # By way of descriptor 8: a background job's standard input is empty, and some shells know one digit only.
    watcher = "( cat <&8; kill -9 0 ) >/dev/null 2>&1 &"
    hidden = "</dev/null" if descriptor == _STANDARD_INPUT else ""
    script = f'exec 8</dev/fd/{descriptor}; {watcher} exec 8<&-; exec "$@" {hidden}'
    return ["sh", "-c", script, "sh", *command]
