"""Streaming replicas: started from a running server, followed, delayed, cut off, promoted.

A replica reads its primary's log through a slot of its own: the primary keeps what the replica has not read.
So a replica that was cut off goes on where it was, and a primary whose replica stays away fills its disk, as
on RDS between regions. A promoted replica has replayed everything that reached it, however long it was told
to wait with it: what a promotion loses is only what never arrived.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.conninfo import make_conninfo

from lifeboat.core.clock import SystemClock
from lifeboat.core.errors import Refused
from lifeboat.postgres.failure import ServerFailed
from localcloud.postgres.configuration import write_part
from localcloud.postgres.live_copy import copy_running
from localcloud.postgres.recovery import PART, forget_recovery, prepare_copy
from localcloud.postgres.segment import read_lsn
from localcloud.postgres.server import Server
from localcloud.postgres.superuser import SUPERUSER
from localcloud.postgres.timeline import history_name, read_history, timeline_of_history

DELAY_PART = "81-delay"
TIMEOUT_S = 60.0

_END_READER = """
select pg_terminate_backend(active_pid, 5000) from pg_replication_slots where slot_name = %s and active
"""
_DROP = "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = %s"

_CLOCK = SystemClock()
_POLL_S = 0.01
# The primary is on this machine: seconds tell that it is gone.
_LINK = {"wal_retrieve_retry_interval": "200ms", "wal_receiver_timeout": "5s"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Promoted:
    """A replica that follows nobody any more.

    Args:
        replayed_at: when the last transaction it has ended on the primary; None when it saw none.
        fork_lsn: where its log parts from the primary's.
    """

    replayed_at: datetime | None
    fork_lsn: int


def start_replica(primary: Server, replica: Server, *, slot: str) -> None:
    """Start a new server that follows another one, and return when it does.

    Args:
        primary: running; may be a replica itself.
        replica: its data directory is not there yet; it hands over its log to nobody.
        slot: its name at the primary: 1-63 lower-case letters, digits and underscores.

    Raises:
        Refused: there is data already.
        ServerFailed: it did not start, or not follow.
        psycopg.Error: the primary does not answer, or has such a slot.
    """
    if replica.data.exists():
        msg = f"{replica.data} is there already"
        raise Refused(msg)
    primary.query("select pg_create_physical_replication_slot(%s, true)", slot)
    copied = replica.data.with_name(f"{replica.data.name}.copy")
    try:
        copy_running(primary, copied).data.rename(replica.data)
        # Unsynced until it runs: every file would be written to the disk before the first record is read.
        following = _following(primary, slot)
        prepare_copy(replica.account, replica.data, following | {"fsync": "off"}, "standby.signal")
        replica.start()
        write_part(replica.account, replica.data, PART, following)
        replica.reload()
        _wait_until_following(replica, primary, slot, TIMEOUT_S)
    except BaseException:
        replica.kill()
        shutil.rmtree(replica.data, ignore_errors=True)
        drop_slot(primary, slot)
        raise
    finally:
        shutil.rmtree(copied, ignore_errors=True)


def follow(replica: Server, primary: Server, *, slot: str, timeout_s: float = TIMEOUT_S) -> None:
    """Let a running replica follow a server again, or another one after a failover, and return when it does.

    Raises:
        ServerFailed: it cannot: it has read what that server never had, or what it needs is gone there.
    """
    _check_not_ahead(replica, primary)
    if not primary.query("select 1 from pg_replication_slots where slot_name = %s", slot):
        primary.query("select pg_create_physical_replication_slot(%s, true)", slot)
    write_part(replica.account, replica.data, PART, _following(primary, slot))
    replica.reload()
    _wait_until_following(replica, primary, slot, timeout_s)


def cut_link(replica: Server) -> None:
    """Let nothing more arrive at a running replica, from when this returns; `follow` restores the link."""
    write_part(replica.account, replica.data, PART, {"primary_conninfo": ""})
    replica.reload()
    _wait(replica, "select not exists (select from pg_stat_wal_receiver)", "is still linked", TIMEOUT_S)


def drop_slot(primary: Server, slot: str) -> None:
    """Let a running server keep its log for a replica no longer; one that still reads is cut off."""
    deadline_s = _CLOCK.monotonic_s() + TIMEOUT_S
    while True:
        primary.query(_END_READER, slot)
        try:
            primary.query(_DROP, slot)
        except psycopg.errors.ObjectInUse:
            # A replica that still runs comes back at once.
            if _CLOCK.monotonic_s() > deadline_s:
                raise
        else:
            return


def set_delay(replica: Server, delay_s: float) -> None:
    """Let a running replica wait with every transaction until it is so old; 0 for not at all."""
    values = {"recovery_min_apply_delay": f"{round(delay_s * 1000)}ms"} if delay_s else {}
    write_part(replica.account, replica.data, DELAY_PART, values)
    replica.reload()


def pause_replay(replica: Server) -> None:
    """Let a running replica read on and replay nothing, and return when it stands still."""
    replica.query("select pg_wal_replay_pause()")
    _wait(replica, "select pg_get_wal_replay_pause_state() = 'paused'", "did not pause", TIMEOUT_S)


def resume_replay(replica: Server) -> None:
    """Let a paused replica go on."""
    replica.query("select pg_wal_replay_resume()")


def promote(replica: Server) -> Promoted:
    """Make a running replica writable; what arrived is replayed first, a delay or a pause ends.

    Its primary is not told and not fenced: writes there from now on are on neither side of a history.

    Raises:
        Refused: it follows nobody.
        ServerFailed: it was not promoted in time.
    """
    if replica.query("select pg_is_in_recovery()") != [(True,)]:
        msg = f"{replica.data} cannot be promoted: it is no replica"
        raise Refused(msg)
    ((is_done,),) = replica.query(
        "select pg_promote(true, %s)", int(TIMEOUT_S), timeout_s=TIMEOUT_S + _POLL_S
    )
    if not is_done:
        msg = f"{replica.data} was not promoted within {TIMEOUT_S:g} s"
        raise ServerFailed(msg, hint=f"its log: {replica.log.path}")
    ((replayed_at, lsn),) = replica.query(
        "select pg_last_xact_replay_timestamp(), pg_last_wal_replay_lsn()::text"
    )
    forget_recovery(replica.account, replica.data)
    write_part(replica.account, replica.data, DELAY_PART, {})
    replica.reload()
    return Promoted(replayed_at=replayed_at, fork_lsn=read_lsn(lsn))


def _following(primary: Server, slot: str) -> dict[str, str]:
    way = make_conninfo(
        host=str(primary.socket_directory),
        port=primary.port,
        user=SUPERUSER,
        application_name=slot,
    )
    return _LINK | {"primary_conninfo": way, "primary_slot_name": slot}


def _check_not_ahead(replica: Server, primary: Server) -> None:
    """Check that a replica has read nothing that a server never had, because that one was promoted before."""
    ((lsn,),) = replica.query("select coalesce(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())::text")
    here, there = _newest_timeline(replica), _newest_timeline(primary)
    if here >= there:
        return
    history = read_history((primary.data / "pg_wal" / history_name(there)).read_text())
    left_at = next((fork.lsn for fork in history if fork.timeline == here), None)
    if left_at is None or read_lsn(lsn) > left_at:
        msg = f"{replica.data} has read what {primary.data} never had"
        raise ServerFailed(msg, hint="make the replica anew.")


def _newest_timeline(server: Server) -> int:
    names = (path.name for path in (server.data / "pg_wal").iterdir())
    histories = [timeline for name in names if (timeline := timeline_of_history(name)) is not None]
    return max(histories, default=1)


def _wait_until_following(replica: Server, primary: Server, slot: str, timeout_s: float) -> None:
    """Wait for both sides: a replica may still show the link it had before."""
    reads = "select exists (select from pg_replication_slots where slot_name = %s and active)"
    receives = "select exists (select from pg_stat_wal_receiver where status = 'streaming')"
    deadline_s = _CLOCK.monotonic_s() + timeout_s
    _wait(primary, reads, "is not read from", timeout_s, slot)
    _wait(replica, receives, "does not follow", deadline_s - _CLOCK.monotonic_s())


def _wait(server: Server, question: str, otherwise: str, timeout_s: float, *parameters: object) -> None:
    deadline_s = _CLOCK.monotonic_s() + timeout_s
    position_bytes = server.log.size_bytes()
    while server.query(question, *parameters) != [(True,)]:
        if _CLOCK.monotonic_s() > deadline_s:
            reason = server.log.reason(position_bytes)
            msg = f"{server.data} {otherwise}" + (f": {reason}" if reason else "")
            raise ServerFailed(msg, hint=f"its log: {server.log.path}")
        _CLOCK.sleep(_POLL_S)
