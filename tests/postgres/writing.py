"""A client that writes, and remembers what it was told: the history that a recovery is checked against.

Each row has an id nobody else uses. `sent_at` is taken before a row is sent, `acknowledged_at` after the
server said it is committed; both on the machine's clock, which the servers use too. So of a moment one may
say: rows acknowledged before it must be there, rows sent after it must not; and a quiet moment, at which no
row is under way, leaves no third kind.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg

from lifeboat.core.clock import SystemClock
from localcloud.postgres.server import Server
from tests.postgres.databases import connect
from tests.waiting import soon

_CLOCK = SystemClock()
_RESOLUTION = timedelta(microseconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row a client sent; `acknowledged_at` is None when it was never told the outcome."""

    id: int
    sent_at: datetime
    acknowledged_at: datetime | None


class History:
    """What clients sent and were told, in the order of sending."""

    def __init__(self) -> None:
        self._rows: dict[int, Row] = {}
        self._lock = threading.Lock()

    def send(self) -> int:
        """Note a row that is about to be sent, and return its id."""
        with self._lock:
            row = Row(id=len(self._rows) + 1, sent_at=_CLOCK.now(), acknowledged_at=None)
            self._rows[row.id] = row
            return row.id

    def acknowledge(self, id_: int) -> None:
        """Note that a row was acknowledged."""
        acknowledged_at = _CLOCK.now()
        with self._lock:
            row = self._rows[id_]
            self._rows[id_] = Row(id=id_, sent_at=row.sent_at, acknowledged_at=acknowledged_at)

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row so far."""
        with self._lock:
            return tuple(self._rows.values())

    def acknowledged(self, before: datetime | None = None) -> set[int]:
        """Return the ids that were acknowledged, before a moment if one is given."""
        return {
            row.id
            for row in self.rows
            if row.acknowledged_at is not None and (before is None or row.acknowledged_at < before)
        }

    def sent(self, before: datetime) -> set[int]:
        """Return the ids that were sent before a moment."""
        return {row.id for row in self.rows if row.sent_at < before}

    def quiet_moments(self) -> list[datetime]:
        """Return a moment of every pause between rows in which no row was under way, in order."""
        moments: list[datetime] = []
        busy_until: datetime | None = None
        for row in sorted(self.rows, key=lambda row: row.sent_at):
            if busy_until is not None and row.sent_at - busy_until > _RESOLUTION:
                moments.append(busy_until + (row.sent_at - busy_until) / 2)
            if row.acknowledged_at is None:
                break
            busy_until = max(busy_until or row.acknowledged_at, row.acknowledged_at)
        return moments


class Writer:
    """One client in a thread of its own, which writes until it is told to end or its connection breaks."""

    def __init__(self, server: Server, history: History, pause_s: float) -> None:
        self._connection = connect(server)
        self._history = history
        self._pause_s = pause_s
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._write, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def end(self) -> None:
        """Return when its last row was acknowledged or lost."""
        self._ending.set()
        self._thread.join(30)
        assert not self._thread.is_alive()
        self._connection.close()

    def _write(self) -> None:
        while not self._ending.wait(self._pause_s):
            id_ = self._history.send()
            try:
                self._connection.execute("insert into history values (%s)", (id_,))
            except psycopg.OperationalError:
                return
            self._history.acknowledge(id_)


def make_table(server: Server) -> None:
    with connect(server) as connection:
        connection.execute("create table history (id bigint primary key)")


def rows_in(server: Server) -> set[int]:
    """Return the ids that a server has."""
    rows = server.superuser.query("select id from history", database="shop")
    return {id_ for (id_,) in rows}


@contextmanager
def writing(
    server: Server, *, clients: int = 1, pause_s: float = 0.001, history: History | None = None
) -> Iterator[History]:
    """Let clients write for as long as the block lasts; the table has to be there.

    Args:
        server: takes the writes.
        clients: each waits for its own acknowledgements only.
        pause_s: of a client between two rows.
        history: goes on with this one.
    """
    history = history or History()
    writers = [Writer(server, history, pause_s) for _ in range(clients)]
    for writer in writers:
        writer.start()
    try:
        yield history
    finally:
        for writer in writers:
            writer.end()


def wait_for(history: History, rows: int) -> None:
    """Wait until so many more rows were acknowledged."""
    wanted = len(history.acknowledged()) + rows
    assert soon(lambda: len(history.acknowledged()) >= wanted, 30)
