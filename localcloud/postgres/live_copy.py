"""Copying a running server's files, and the log that makes the copy consistent.

PostgreSQL's low-level backup calls (documentation, "Making a Base Backup Using the Low Level API") around a
plain copy: `pg_basebackup` sends every byte through one server process, which takes half as long again.
Files change while they are read; the log from the beginning to the end of the copy repairs that, so a copy
carries it and becomes consistent by itself. PostgreSQL refuses one without all of it.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import psycopg

from lifeboat.core.errors import Refused, StepFailed
from localcloud.postgres.backup import Backup, BackupFacts
from localcloud.postgres.file_copy import DirectoryCopy
from localcloud.postgres.segment import Segment, read_lsn
from localcloud.postgres.server import Server
from localcloud.postgres.superuser import OWN_DATABASE, SUPERUSER
from localcloud.postgres.timeline import timeline_of_history

_CONTROL = Path("global/pg_control")
# Named by the documentation as not to be copied, besides what makes a standby a standby.
_SIGNALS = ("postmaster.pid", "postmaster.opts", "standby.signal", "recovery.signal")
_STATISTICS = ("pg_stat_tmp", "pg_subtrans", "pg_serial", "pg_snapshots", "pg_notify", "pg_dynshmem")
_LEFT_OUT = {_CONTROL, *map(Path, _SIGNALS)}
_EMPTIED = {"pg_wal", "pg_replslot", *_STATISTICS}
_READS = 20


def copy_running(server: Server, directory: Path) -> Backup:
    """Copy a running server, a standby too, and return the complete copy.

    Args:
        server: goes on serving and writing.
        directory: where; nothing is left of a copy that failed.

    Raises:
        Refused: the server does not run, or keeps data outside of its directory, or a complete copy is there
            already.
        psycopg.Error: the server ended meanwhile.
        OSError: the disk is full.
    """
    if not server.is_running:
        msg = f"{server.data} cannot be copied: no server runs on it"
        raise Refused(msg)
    if any((server.data / "pg_tblspc").iterdir()):
        msg = f"{server.data} has tablespaces, which are not supported by the local cloud"
        raise Refused(msg)
    Backup.clear(directory)
    server.account.make_private(directory)
    way = f"host='{server.socket_directory}' port={server.port} user={SUPERUSER} dbname={OWN_DATABASE}"
    try:
        with psycopg.connect(way, autocommit=True) as session:
            facts = _copy(session, server, directory / "data")
        backup = Backup(directory=directory, facts=facts)
        backup.save()
    except BaseException:
        shutil.rmtree(directory, ignore_errors=True)
        raise
    return backup


def _copy(session: psycopg.Connection[Any], server: Server, target: Path) -> BackupFacts:
    began_at = _one(session, "select clock_timestamp()")
    # The slot keeps the log from being recycled before it is copied; it ends with the session.
    _one(session, "select pg_create_physical_replication_slot('copy_' || pg_backend_pid(), true, true)")
    first_lsn = read_lsn(_one(session, "select pg_backup_start('lifeboat', fast => true)::text"))
    DirectoryCopy(account=server.account, keep=_is_kept).copy(server.data, target)
    _write(server, target / _CONTROL, _control_of(server))
    stop = "select lsn::text, labelfile from pg_backup_stop(wait_for_archive => false)"
    stop_lsn, label = session.execute(stop).fetchall()[0]
    _write(server, target / "backup_label", label.encode())
    facts = BackupFacts(
        major=server.binaries.major,
        began_at=began_at,
        finished_at=_one(session, "select clock_timestamp()"),
        timeline=_timeline(label),
        stop_lsn=read_lsn(stop_lsn),
        segment_bytes=_one(
            session, "select setting::bigint from pg_settings where name = 'wal_segment_size'"
        ),
    )
    _copy_log(server, target / "pg_wal", facts, first_lsn)
    return facts


def _control_of(server: Server) -> bytes:
    """Read the control file, after all others were copied, and whole: the server may be writing it."""
    path = server.data / _CONTROL
    for _ in range(_READS):
        content = path.read_bytes()
        if content == path.read_bytes():
            return content
    msg = f"{path} changed at every look"
    raise StepFailed(msg, retryable=True)


def _write(server: Server, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(0o600)
    server.account.own(path)


def _copy_log(server: Server, target: Path, facts: BackupFacts, first_lsn: int) -> None:
    source = server.data / "pg_wal"
    first = Segment.holding(first_lsn, facts.timeline, facts.segment_bytes)
    names = [path.name for path in source.iterdir() if timeline_of_history(path.name) is not None]
    for number in range(first.number, facts.last_segment.number + 1):
        segment = Segment(number=number, timeline=facts.timeline, size_bytes=facts.segment_bytes)
        names.append(segment.name)
    server.account.make_private(target / "archive_status")
    copy = DirectoryCopy(account=server.account)
    for name in names:
        copy.copy_file(source / name, target / name)


def _timeline(label: str) -> int:
    line = next(line for line in label.splitlines() if line.startswith("START TIMELINE:"))
    return int(line.partition(":")[2])


def _is_kept(path: Path) -> bool:
    if path in _LEFT_OUT or path.name == "pg_internal.init" or path.name.startswith("pgsql_tmp"):
        return False
    # The directories themselves have to be there.
    return len(path.parts) == 1 or path.parts[0] not in _EMPTIED


def _one(session: psycopg.Connection[Any], statement: str) -> Any:  # noqa: ANN401  a column of any type
    return session.execute(statement.encode()).fetchall()[0][0]
