"""The lines a process writes to a file, while it writes them.

A file, not a pipe. A pipe ends when its last holder closes it, and that may be a grandchild that outlives the
process: whoever reads to its end waits for a stranger. And a pipe whose reader was killed kills its writer.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator

POLL_S = 0.05
CHUNK_BYTES = 1 << 16


def lines_told(descriptor: int, process: subprocess.Popen[str]) -> Iterator[str]:
    """Yield the lines a process writes to a file, without their ends, until it has ended and said everything.

    Args:
        descriptor: the file; its position is the process's own and is not moved.
        process: what writes it.
    """
    rest, position = b"", 0
    ended = False
    while True:
        data = os.pread(descriptor, CHUNK_BYTES, position)
        if not data and ended:
            break
        if not data:
            ended = _ends_within(process, POLL_S)
            continue
        position += len(data)
        *lines, rest = (rest + data).split(b"\n")
        yield from (line.decode(errors="replace") for line in lines)
    if rest:
        yield rest.decode(errors="replace")


def _ends_within(process: subprocess.Popen[str], seconds: float) -> bool:
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return False
    return True
