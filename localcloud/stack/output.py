"""The lines a process prints, without waiting for what it leaves behind.

A pipe ends when its last holder closes it, and that may be a grandchild that outlives the process. Whoever
reads to the end of the pipe would wait for a stranger.
"""

from __future__ import annotations

import os
import selectors
import subprocess
from collections.abc import Iterator

POLL_S = 0.5
FILE_POLL_S = 0.05
CHUNK_BYTES = 1 << 16


def lines_of(process: subprocess.Popen[str]) -> Iterator[str]:
    """Yield the lines of a process's stdout, without their ends, until it has ended and said everything.

    Args:
        process: started with its stdout as a pipe that nobody else reads.
    """
    if process.stdout is None:
        return
    descriptor = process.stdout.fileno()
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while True:
            # Asked before looking for output: what it said before its end is read in any case.
            ended = process.poll() is not None
            if not selector.select(timeout=0 if ended else POLL_S):
                if ended:
                    break
                continue
            data = os.read(descriptor, CHUNK_BYTES)
            if not data:
                break
            *lines, rest = (rest + data).split(b"\n")
            yield from (line.decode(errors="replace") for line in lines)
    if rest:
        yield rest.decode(errors="replace")


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
            ended = _ends_within(process, FILE_POLL_S)
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
