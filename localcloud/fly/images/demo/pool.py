"""A bounded pool of connections: idle ones are kept, broken ones forgotten.

(psycopg's own pool is a separate package with a maintenance thread; a machine of the local cloud is meant to
be light.)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

import psycopg
from psycopg import errors

_TURN_S = 3.0


class PoolExhausted(Exception):
    """Every connection stayed in use for as long as a request may wait."""


class StaleConnection(Exception):
    """The failure says more about an old connection than about the database: worth trying a new one."""


class Pool:
    """At most `limit` connections at once, opened when they are needed."""

    def __init__(self, connect: Callable[[], psycopg.Connection], limit: int) -> None:
        self._connect = connect
        self._turns = BoundedSemaphore(limit)
        self._idle: deque[psycopg.Connection] = deque()

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection]:
        """Lend a connection; after a database error it is closed rather than kept.

        A connection that survived the failover of its server may still talk to the old one, now read-only:
        hence closed after any error, not only after a broken one.

        Raises:
            PoolExhausted: none came free in time.
            StaleConnection: it was a kept one, whose server is gone or no longer the primary.
            psycopg.OperationalError: the database cannot be reached.
        """
        if not self._turns.acquire(timeout=_TURN_S):
            raise PoolExhausted
        try:
            connection, is_kept = self._take()
            try:
                yield connection
            except psycopg.Error as error:
                is_stale = connection.broken or isinstance(error, errors.ReadOnlySqlTransaction)
                connection.close()
                if is_kept and is_stale:
                    raise StaleConnection from error
                raise
            self._idle.append(connection)
        finally:
            self._turns.release()

    def forget_idle(self) -> None:
        """Close what is idle: its server is probably gone."""
        while self._idle:
            self._idle.popleft().close()

    def _take(self) -> tuple[psycopg.Connection, bool]:
        try:
            return self._idle.pop(), True
        except IndexError:
            return self._connect(), False
