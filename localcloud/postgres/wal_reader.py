"""What a log segment says about time: when its transactions ended. Read by PostgreSQL's own `pg_waldump`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from lifeboat.postgres.account import Account
from localcloud.postgres.binaries import Binaries
from localcloud.postgres.segment import read_lsn

_TIMEOUT_S = 60.0
_REMEMBERED = 2**16
_ENDING = re.compile(
    r"lsn: ([0-9A-F]+/[0-9A-F]+), .*?"
    r"desc: (?:COMMIT|ABORT)(?:_PREPARED)? .*?(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}) UTC"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentTimes:
    """What one segment says about the transactions that ended in it.

    Args:
        latest_at: the latest end; None when there is none. A time is taken before its record is written, so
            it need not be that of the last record.
        last_lsn: where the last record of an end begins.
        is_sound: false when a part of the segment cannot be read.
    """

    latest_at: datetime | None
    last_lsn: int
    is_sound: bool


def times_in(binaries: Binaries, account: Account, segment: Path) -> SegmentTimes:
    """Read a whole segment; one that was read before and has not changed is remembered."""
    status = segment.stat()
    return _times_in(binaries, account, segment, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=_REMEMBERED)
def _times_in(binaries: Binaries, account: Account, segment: Path, *_version: int) -> SegmentTimes:
    argv: list[str | Path] = [binaries.program("pg_waldump"), "--rmgr=Transaction", segment]
    answer = account.run(argv, timeout_s=_TIMEOUT_S)
    endings = _ENDING.findall(answer.stdout)
    return SegmentTimes(
        latest_at=max((_moment(text) for _, text in endings), default=None),
        last_lsn=read_lsn(endings[-1][0]) if endings else 0,
        is_sound=answer.returncode == 0,
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
