"""The hidden second server of a Multi-AZ instance: every acknowledged write is on both.

The primary waits with an acknowledgement until the standby has the write on its disk. When the standby fails
the primary goes on alone, as on RDS, and from then on a failover could lose writes: so a mark beside the
standby's data says whether it has everything. It is taken away *before* the primary stops waiting, and comes
back only after the standby has caught up. Without the mark there is no failover.

A server that was failed over from never comes back by rewinding: right after a promotion `pg_rewind`, before
version 16, finds "no rewind required" in histories that differ. It is thrown away and made anew.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from lifeboat.core.clock import SystemClock
from lifeboat.core.errors import Refused, Stuck
from lifeboat.postgres.failure import ServerFailed
from localcloud.postgres.archive import Archive
from localcloud.postgres.configuration import write_part
from localcloud.postgres.processes import processes_of
from localcloud.postgres.recovery import SYNCHRONY_PART
from localcloud.postgres.replica import Promoted, drop_slot, promote, start_replica
from localcloud.postgres.server import Server

SLOT = "lifeboat_standby"
TIMEOUT_S = 60.0

_CLOCK = SystemClock()
_POLL_S = 0.01
_LOOK_S = 5.0
_IS_THERE = (
    "select exists (select from pg_stat_replication where application_name = %s and state = 'streaming')"
)
_HAS_ALL = """
select exists (select from pg_stat_replication
               where application_name = %s and sync_state = 'sync' and flush_lsn >= %s::pg_lsn)
"""


def start_standby(primary: Server, standby: Server, archive: Archive | None, *, interval_s: int) -> None:
    """Make a standby of a running server, and return when it has everything.

    Args:
        primary: has none yet, or one that is given up by this.
        standby: not running; its data directory, if there is one, is thrown away.
        archive: the instance's, to which the standby hands over the log too, in case the primary cannot any
            more; None when it has none.
        interval_s: see `Archive.attach`.

    Raises:
        ServerFailed, psycopg.Error: see `start_replica`; the primary goes on alone.
    """
    go_on_alone(primary, standby)
    if standby.data.exists():
        standby.kill()
        shutil.rmtree(standby.data)
    drop_slot(primary, SLOT)
    start_replica(primary, standby, slot=SLOT)
    if archive is not None:
        archive.attach(standby, interval_s=interval_s)
    wait_for_standby(primary, standby)


def wait_for_standby(primary: Server, standby: Server, *, timeout_s: float = TIMEOUT_S) -> None:
    """Let the primary wait for a standby that follows it, and return when that one has everything.

    Raises:
        ServerFailed: it did not catch up; the primary goes on alone.
    """
    write_part(primary.account, primary.data, SYNCHRONY_PART, {"synchronous_standby_names": f'"{SLOT}"'})
    primary.reload()
    # What other sessions wait for is set by the checkpointer: after a checkpoint it has read the setting.
    primary.query("checkpoint", timeout_s=TIMEOUT_S)
    ((lsn,),) = primary.query("select pg_current_wal_flush_lsn()::text")
    deadline_s = _CLOCK.monotonic_s() + timeout_s
    while primary.query(_HAS_ALL, SLOT, lsn) != [(True,)]:
        if _CLOCK.monotonic_s() > deadline_s:
            go_on_alone(primary, standby)
            msg = f"{standby.data} did not catch up within {timeout_s:g} s"
            raise ServerFailed(msg, hint=f"its log: {standby.log.path}")
        _CLOCK.sleep(_POLL_S)
    _mark(standby).touch()


def go_on_alone(primary: Server, standby: Server) -> None:
    """Let a running primary acknowledge what only it has; the standby cannot be failed over to any more."""
    _mark(standby).unlink(missing_ok=True)
    write_part(primary.account, primary.data, SYNCHRONY_PART, {})
    primary.reload()


def has_everything(standby: Server) -> bool:
    """Tell whether every write that was acknowledged is on the standby."""
    return _mark(standby).exists()


def is_there(primary: Server) -> bool:
    """Tell whether a standby follows a running primary."""
    return primary.query(_IS_THERE, SLOT, timeout_s=_LOOK_S) == [(True,)]


def tend(primary: Server, standby: Server) -> bool:
    """Look once after a pair, and tell whether the standby has everything; to be called every few seconds.

    A standby that is gone is no longer waited for; one that came back is again.
    """
    found = is_there(primary)
    if found and not has_everything(standby):
        wait_for_standby(primary, standby)
    elif not found and has_everything(standby):
        go_on_alone(primary, standby)
    return found


def fail_over(primary: Server, standby: Server) -> Promoted:
    """End the primary at once and make the standby the one that writes.

    The primary is ended first, all of its processes: one of them could acknowledge a write that nobody has.

    Args:
        primary: running, or ended in any way.
        standby: running; waits for no standby of its own until it has one.

    Raises:
        Refused: the standby may lack acknowledged writes; nothing was changed.
        Stuck: the primary could not be ended.
    """
    if not has_everything(standby):
        msg = f"{standby.data} may lack acknowledged writes"
        raise Refused(msg, hint="wait until it has caught up, or restore from the archive.")
    primary.kill()
    if processes_of(primary.data):
        msg = f"{primary.data} is still served"
        raise Stuck(msg)
    promoted = promote(standby)
    _mark(standby).unlink()
    return promoted


def _mark(standby: Server) -> Path:
    return standby.data.with_name(f"{standby.data.name}.has-everything")
