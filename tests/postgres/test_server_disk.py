"""What a server takes of a machine: its bytes on disk, its memory, its log; and a disk that takes no more."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from localcloud.postgres.processes import processes_of
from localcloud.postgres.server import Server
from localcloud.postgres.server_log import KEPT_BYTES, LARGEST_BYTES
from tests.postgres.databases import Databases, connect
from tests.waiting import soon

_MIB = 2**20
_IDLE_MIB = 25


def test_the_size_is_what_lies_on_disk(shared_server: Server) -> None:
    """Data and write-ahead log together; deleted data are gone from it."""
    before = shared_server.directory.size_bytes
    assert 30 * _MIB < before < 150 * _MIB
    with connect(shared_server) as connection:
        connection.execute(
            "create table freight as select repeat(md5(i::text), 32) from generate_series(1, 8000) i"
        )
        shared_server.query("checkpoint")
        grown = shared_server.directory.size_bytes
        assert grown - before >= 8 * _MIB
        connection.execute("drop table freight")
        shared_server.query("checkpoint")
        assert shared_server.directory.size_bytes <= grown - 8 * _MIB


def test_an_idle_server_is_small(shared_server: Server) -> None:
    """Shared pages counted once."""
    processes = processes_of(shared_server.data)
    assert sum(process.memory_full_info().pss for process in processes) <= _IDLE_MIB * _MIB


def test_a_disk_that_takes_no_more_fails_the_write_and_nothing_else(databases: Databases) -> None:
    """What was there is there, and the next write that fits is taken."""
    server = databases.make()
    with _no_file_beyond(17 * _MIB):
        server.start()
    with connect(server) as connection:
        connection.execute("create table kept as select generate_series(1, 10) as id")
        fill = "create table freight as select repeat(md5(i::text), 200) from generate_series(1, 1000000) i"
        with pytest.raises(psycopg.Error, match="File too large"):
            connection.execute(fill)
        connection.execute("insert into kept values (11)")
    server.stop()
    server.start()
    with connect(server) as connection:
        assert connection.execute("select count(*) from kept").fetchall() == [(11,)]


def test_a_log_is_cut_while_its_server_writes_it(databases: Databases) -> None:
    """The end is kept, and the next lines follow it."""
    server = databases.make(parameters={"log_statement": "all"})
    server.start()
    with connect(server) as connection:
        filler = "x" * 200_000
        while server.log.size_bytes() <= LARGEST_BYTES:
            connection.execute(f"select '{filler}'".encode())
        connection.execute("select 'before'")
        assert soon(lambda: b"'before'" in server.log.tail(1000))
        server.log.bound()
        assert server.log.size_bytes() <= KEPT_BYTES
        assert b"'before'" in server.log.tail(1000)
        connection.execute("select 'after'")
        assert soon(lambda: b"'after'" in server.log.tail(1000))
        assert server.log.size_bytes() <= KEPT_BYTES + 1000


def test_a_small_log_is_left_alone(shared_server: Server) -> None:
    """Nothing is lost of it."""
    size_bytes = shared_server.log.size_bytes()
    shared_server.log.bound()
    assert shared_server.log.size_bytes() >= size_bytes > 0


@contextmanager
def _no_file_beyond(size_bytes: int) -> Iterator[None]:
    """Let no file of a process that is started here grow beyond a size: as a full disk, but for the log's."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
