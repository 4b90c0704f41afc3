"""Damage that stays: a page of a table that reads back wrong, a segment that is missing in an archive.

Both are what disks and buckets do: nothing announces them, and only reading finds them. PostgreSQL's data
checksums report the page; a restore over the missing segment is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from lifeboat.core.clock import SystemClock
from lifeboat.core.errors import Refused, Stuck
from localcloud.postgres.archive import Archive
from localcloud.postgres.base_backup import hand_over
from localcloud.postgres.segment import Segment
from localcloud.postgres.server import Server
from localcloud.postgres.superuser import OWN_DATABASE
from localcloud.postgres.timeline import way_from
from localcloud.postgres.wal_chain import along

_PAGE_BYTES = 8192
_FLIPPED = slice(_PAGE_BYTES - 64, _PAGE_BYTES)
"""The end of a page: its first rows lie there."""

_DATABASES = "select datname from pg_database where datallowconn and not datistemplate and datname <> %s"
_LARGEST = """
    select quote_ident(nspname) || '.' || quote_ident(relname), pg_relation_filepath(c.oid),
           pg_relation_size(c.oid)
    from pg_class c join pg_namespace n on n.oid = relnamespace
    where relkind = 'r' and relpersistence = 'p' and nspname !~ '^pg_' and nspname <> 'information_schema'
      and pg_relation_size(c.oid) > 0
    order by pg_relation_size(c.oid) desc, 1 limit 1
"""
_NEEDED = 3
"""Segments from the base backup on: the one it ends in, the one that is lost, and one that follows."""
_ARCHIVED_S = 15.0
_POLL_S = 0.05
_CLOCK = SystemClock()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    name: str
    database: str
    path: Path
    size_bytes: int


def corrupt_page(server: Server) -> str:
    """Change a page of the largest table on disk; the server is restarted for it, and connections drop.

    Returns:
        Which page it was.

    Raises:
        Refused: no table has a row, or the server keeps no checksums that would report the page.
        ServerFailed: it did not start again.
    """
    if server.query("show data_checksums") != [("on",)]:
        raise Refused(f"{server.data} has no data checksums: nothing would report a corrupt page")
    table = _largest_table(server)
    # After its last checkpoint nothing in the log would write the page again, and no buffer holds it.
    server.stop()
    try:
        with table.path.open("r+b") as file:
            page = bytearray(file.read(_PAGE_BYTES))
            page[_FLIPPED] = bytes(each ^ 0xFF for each in page[_FLIPPED])
            file.seek(0)
            file.write(page)
    finally:
        server.start()
    return f"page 0 of {table.name} in database {table.database}"


def drop_segment(archive: Archive, server: Server) -> str:
    """Remove a segment behind the newest base backup that others follow, so that the log has a hole.

    Returns:
        The segment's name.

    Raises:
        Refused: there is no base backup.
        Stuck, psycopg.Error: the server does not hand over enough segments.
    """
    for _ in range(_NEEDED - len(_chain(archive))):
        hand_over(server)
    deadline_s = _CLOCK.monotonic_s() + _ARCHIVED_S
    while len(segments := _chain(archive)) < _NEEDED:
        if _CLOCK.monotonic_s() > deadline_s:
            raise Stuck(f"{archive.directory} has too few segments to lose one", retryable=True)
        _CLOCK.sleep(_POLL_S)
    lost = segments[-2]
    (archive.wal / lost.name).unlink()
    return f"segment {lost.name}"


def _largest_table(server: Server) -> _Table:
    found = [
        _Table(name=name, database=database, path=server.data / path, size_bytes=size)
        for (database,) in server.query(_DATABASES, OWN_DATABASE)
        for name, path, size in server.superuser.query(_LARGEST, database=database)
    ]
    if not found:
        raise Refused("no table of the database has a row yet: there is no page to corrupt")
    return max(found, key=lambda table: table.size_bytes)


def _chain(archive: Archive) -> list[Segment]:
    """Return the segments from the newest base backup on, up to the first that is not there."""
    backups = archive.backups()
    if not backups:
        raise Refused(f"{archive.directory} has no base backup yet", retryable=True)
    facts, sizes = backups[-1].facts, archive.sizes()
    every = along(facts.last_segment, way_from(facts.timeline, archive.histories()))
    return list(takewhile(lambda segment: segment.name in sizes, every))
