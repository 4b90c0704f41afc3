"""Log files that stay small although a child holds them open.

A child writes straight into its file in append mode (a pipe through the supervisor would break the child's
last words when the supervisor is killed), so a large file is copied to `<name>.1` and emptied in place.
"""

from __future__ import annotations

import shutil
from pathlib import Path

LIMIT_BYTES = 5 * 1024 * 1024
TAIL_BYTES = 16 * 1024
TAIL_LINES = 12


def limit_log(path: Path, limit_bytes: int = LIMIT_BYTES) -> bool:
    """Empty a log that has grown past the limit, keeping its text in one older file; tell whether it did."""
    if not path.exists() or path.stat().st_size <= limit_bytes:
        return False
    shutil.copyfile(path, path.with_name(f"{path.name}.1"))
    with path.open("r+b") as log:
        log.truncate(0)
    return True


def log_tail(path: Path, lines: int = TAIL_LINES) -> str:
    """Return the last lines of a log, empty when there is none."""
    if not path.exists():
        return ""
    with path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - TAIL_BYTES))
        text = log.read().decode(errors="replace")
    return "\n".join(text.splitlines()[-lines:])
