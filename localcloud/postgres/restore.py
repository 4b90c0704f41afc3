"""Restoring into a new server: from a snapshot, or from an archive to a moment.

A recovery always has an explicit target, for "the latest" too: without one PostgreSQL takes a missing
segment for the end of the log, promotes, and says nothing. With one it refuses to end before the target. That
a target lies before the base backup it does not notice, so the window is looked up first; and afterwards the
server's own history says where recovery really ended, which is compared with what was asked.
"""

from __future__ import annotations

import shlex
import shutil
from dataclasses import dataclass
from datetime import datetime

from lifeboat.core.clock import SystemClock
from lifeboat.core.errors import Refused, Unverified
from lifeboat.postgres.failure import ServerFailed
from localcloud.postgres.archive import Archive
from localcloud.postgres.backup import Backup
from localcloud.postgres.base_backup import kept
from localcloud.postgres.file_copy import DirectoryCopy
from localcloud.postgres.recovery import forget_recovery, prepare_copy
from localcloud.postgres.segment import write_lsn
from localcloud.postgres.server import Server
from localcloud.postgres.timeline import Fork, history_name, read_history
from localcloud.postgres.wal_chain import ChainEnd
from localcloud.postgres.window import Window, windows_of

TIMEOUT_S = 600.0

_CLOCK = SystemClock()
_POLL_S = 0.01

_ALWAYS = {
    "recovery_target_action": "promote",
    # Nobody reads before the target is reached; and a server that was given more connections since the base
    # backup would otherwise stand still half way.
    "hot_standby": "off",
    # Every file would be written to the disk before the first record is read.
    "fsync": "off",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A restore that ended where it should.

    Args:
        timeline: the new one.
        ended: PostgreSQL's own words: where it stopped reading the log.
    """

    timeline: int
    ended: str


def restore_snapshot(snapshot: Backup, server: Server, *, timeout_s: float = TIMEOUT_S) -> Restored:
    """Start a new server with a snapshot's content.

    Args:
        snapshot: stays as it is.
        server: its data directory is not there yet.
        timeout_s: of PostgreSQL's recovery, after copying.

    Raises:
        Refused: there is data already, or of another version.
        ServerFailed: recovery failed; the server does not run.
        Unverified: it ended elsewhere; the server does not run.
    """
    target = {"recovery_target": "immediate", "restore_command": "false"}
    return _restore(snapshot, server, target, "reached consistency", timeout_s)


def restore_to(
    archive: Archive, server: Server, moment: datetime | None, *, timeout_s: float = TIMEOUT_S
) -> Restored:
    """Start a new server with everything that was acknowledged before a moment, and nothing from after it.

    Args:
        archive: where from; it is read only.
        server: its data directory is not there yet; it hands over its log to nobody.
        moment: aware; None for everything the archive has.
        timeout_s: of PostgreSQL's recovery, after copying.

    Raises:
        Refused: the archive does not reach that far, or there is data already.
        ServerFailed: recovery failed; the server does not run.
        Unverified: it ended elsewhere; the server does not run.
    """
    with kept(archive):
        window = _window(archive, moment)
        if moment is None:
            lsn = write_lsn(window.last_lsn)
            target, ended = {"recovery_target_lsn": lsn}, f"after LSN {lsn}"
        else:
            target = {"recovery_target_time": moment.isoformat(sep=" "), "recovery_target_inclusive": "off"}
            ended = "before "
        wal = shlex.quote(str(archive.wal)).replace("%", "%%")
        target |= {"restore_command": f'cp {wal}/%f "%p"', "recovery_target_timeline": str(window.timeline)}
        return _restore(window.backup, server, target, ended, timeout_s)


def _window(archive: Archive, moment: datetime | None) -> Window:
    windows = tuple(windows_of(archive))
    for window in windows:
        if window.holds(moment) if moment else _ends_now(window):
            return window
    known = "; ".join(str(window) for window in reversed(windows)) or "no base backup"
    msg = f"{archive.directory} cannot be restored to {moment or 'its latest moment'}"
    raise Refused(msg, hint=f"it can be restored to: {known}.")


def _ends_now(window: Window) -> bool:
    """Tell whether a window ends where the archive does: with a hole in it, the latest is no answer."""
    return window.latest_at is not None and window.absent_because is ChainEnd.NOT_YET


def _restore(
    backup: Backup, server: Server, target: dict[str, str], ended: str, timeout_s: float
) -> Restored:
    if server.data.exists():
        msg = f"{server.data} is there already"
        raise Refused(msg)
    try:
        DirectoryCopy(account=server.account).copy(backup.data, server.data)
        prepare_copy(server.account, server.data, _ALWAYS | target, "recovery.signal")
        _recover(server, timeout_s)
        restored = _checked(server, ended)
        forget_recovery(server.account, server.data)
        # A reload would leave half of it in force, and shown as waiting for a restart.
        server.stop()
        server.start()
    except BaseException:
        server.kill()
        shutil.rmtree(server.data, ignore_errors=True)
        raise
    return restored


def _recover(server: Server, timeout_s: float) -> None:
    """Start, and return when recovery is over: a server that was started may still be at it, and fail."""
    position_bytes = server.log.size_bytes()
    deadline_s = _CLOCK.monotonic_s() + timeout_s
    server.start(timeout_s)
    while server.directory.status != "ready":
        if not server.is_running or _CLOCK.monotonic_s() > deadline_s:
            reason = server.log.reason(position_bytes) or f"not recovered within {timeout_s:g} s"
            msg = f"{server.data} was not recovered: {reason}"
            raise ServerFailed(msg, hint=f"its log: {server.log.path}")
        _CLOCK.sleep(_POLL_S)


def _checked(server: Server, ended: str) -> Restored:
    """Compare where recovery ended with where it should."""
    ((name,),) = server.query("select pg_walfile_name(pg_current_wal_lsn())")
    timeline = int(name[:8], 16)
    last = _last_fork(server, timeline)
    if not last.reason.startswith(ended):
        msg = f"{server.data} was recovered to '{last.reason}' instead of '{ended}'"
        raise Unverified(msg, hint=f"its log: {server.log.path}")
    return Restored(timeline=timeline, ended=last.reason)


def _last_fork(server: Server, timeline: int) -> Fork:
    return read_history((server.data / "pg_wal" / history_name(timeline)).read_text())[-1]
