"""A server with an archive, for tests of what it can be restored from."""

from __future__ import annotations

from lifeboat.core.clock import SystemClock
from localcloud.postgres.archive import Archive, prepare_without_archive
from localcloud.postgres.backup import Backup
from localcloud.postgres.base_backup import beat, take_base_backup
from localcloud.postgres.server import Server
from tests.postgres.databases import Databases
from tests.waiting import soon

CLOCK = SystemClock()
LONG_S = 3600


def archived_server(databases: Databases, name: str = "one") -> tuple[Server, Archive]:
    """Return a running server and its archive, to which segments come only when a test switches them."""
    server = databases.make(name)
    prepare_without_archive(server.account, server.data)
    server.start()
    archive = Archive(databases.directory / f"{name}-archive")
    archive.attach(server, interval_s=LONG_S)
    return server, archive


def back_up(server: Server, archive: Archive) -> Backup:
    """Take a base backup and hand over what makes it restorable."""
    backup = take_base_backup(server, archive, now=CLOCK.now())
    hand_over(server, archive)
    return backup


def hand_over(server: Server, archive: Archive) -> str:
    """End a transaction, hand over everything so far, wait for it, and return the segment's name."""
    beat(server)
    ((name,),) = server.query("select pg_walfile_name(pg_switch_wal())")
    assert soon(lambda: name in archive.sizes()), f"{name} was not handed over"
    return str(name)
