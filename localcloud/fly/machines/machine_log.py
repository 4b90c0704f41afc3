"""What a machine's process wrote: one bounded file of JSON lines per machine.

Each line is `{timestamp, level, instance, region, message}`, oldest first. A file that grew over its bound
loses its older half. Light machines write nothing and have no file.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from localcloud.fly.model import Machine

_BOUND_BYTES = 512 * 1024
_LONGEST_MESSAGE = 8 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """A line of a log; `timestamp` RFC 3339, `level` info or error, `instance` the machine's id."""

    timestamp: str
    level: str
    instance: str
    region: str
    message: str


def log_path(directory: Path, machine_id: str) -> Path:
    """Return the file of a machine's log."""
    return directory / "logs" / f"{machine_id}.jsonl"


def append_log(directory: Path, machine: Machine, message: str, *, level: str, at: datetime) -> None:
    """Write one line."""
    line = LogLine(
        timestamp=at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        level=level,
        instance=machine.id,
        region=machine.region,
        message=message[:_LONGEST_MESSAGE],
    )
    path = log_path(directory, machine.id)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(line)) + "\n")
        size = file.tell()
    if size > _BOUND_BYTES:
        _halve(path)


def read_log(directory: Path, machine_id: str) -> list[LogLine]:
    """Return a machine's lines, oldest first; none when it never wrote."""
    try:
        text = log_path(directory, machine_id).read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    return [LogLine(**json.loads(line)) for line in text.splitlines() if line.endswith("}")]


def _halve(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    kept = path.with_suffix(".part")
    kept.write_bytes(b"".join(lines[len(lines) // 2 :]))
    kept.replace(path)
