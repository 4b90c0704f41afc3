r"""The rows in a file of table data: COPY text, which ends with a line `\.` and empty lines.

A row is a line (line ends inside values are escaped), so counting line ends counts rows, and a file without
its last line was cut off, whatever the exit code of who wrote it.

Source: PostgreSQL documentation, "COPY", file formats, text.
"""

from __future__ import annotations

import re

TAIL_BYTES = 16
_NAME = re.compile(r"\d+\.dat")
_ENDED_EARLY = re.compile(r"(?:\d+|blob_\d+)\.dat")
_END = re.compile(rb"(?:\A|\n)\\\.(\n+)\Z")


def holds_rows(file: str) -> bool:
    """Tell whether a file of a dump holds a table's rows."""
    return _NAME.fullmatch(file) is not None


def is_written_once(file: str) -> bool:
    """Tell whether a file is complete as soon as the dump has closed it; others wait for the dump's end."""
    return _ENDED_EARLY.fullmatch(file) is not None


def rows_of(line_ends: int, tail: bytes) -> int | None:
    """Return how many rows a file holds; None when it was cut off.

    Args:
        line_ends: in the whole file.
        tail: its last `TAIL_BYTES`, or all of it when it is shorter.
    """
    end = _END.search(tail)
    return None if end is None else line_ends - len(end[1])
