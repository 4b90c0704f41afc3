"""A client that writes on, connecting again when it was dropped, and remembers what was acknowledged."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Any

import psycopg
from botocore.exceptions import BotoCoreError, ClientError

from lifeboat.core.clock import SystemClock
from tests.waiting import soon

_CLOCK = SystemClock()
_PAUSE_S = 0.01


class SteadyWriter:
    """Writes rows with ids nobody else uses for as long as the block lasts.

    Args:
        connect: opens a connection; asked again after every interruption.
        first: id of the first row; the next ones follow.

    Attributes:
        interruptions: how often a connection broke.
        last_at: when the last row was acknowledged.
    """

    def __init__(self, connect: Callable[[], psycopg.Connection[tuple[Any, ...]]], *, first: int = 1) -> None:
        self._connect = connect
        self._first = first
        self._lock = threading.Lock()
        self._sent = 0
        self._acknowledged: dict[int, datetime] = {}
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.interruptions = 0
        self.last_at = _CLOCK.now()

    def __enter__(self) -> SteadyWriter:
        """Begin."""
        with self._connect() as connection:
            connection.execute("create table if not exists written (id bigint primary key)")
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Return when the last row was acknowledged or lost."""
        self._ending.set()
        self._thread.join(60)
        assert not self._thread.is_alive()

    @property
    def acknowledged(self) -> set[int]:
        """Return the ids that the server said are committed."""
        with self._lock:
            return set(self._acknowledged)

    @property
    def sent(self) -> set[int]:
        """Return every id so far."""
        with self._lock:
            return set(range(self._first, self._first + self._sent))

    def acknowledged_before(self, moment: datetime) -> set[int]:
        """Return the ids that were acknowledged before a moment."""
        with self._lock:
            return {id_ for id_, at in self._acknowledged.items() if at < moment}

    def wait_for(self, rows: int) -> bool:
        """Wait until so many more rows are acknowledged, and tell whether that came true."""
        wanted = len(self.acknowledged) + rows
        return soon(lambda: len(self.acknowledged) >= wanted, 60)

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                with self._connect() as connection:
                    self._write(connection)
            except psycopg.OperationalError:
                self.interruptions += 1
            except (BotoCoreError, ClientError, KeyError):
                # Its endpoint is not known just now.
                _CLOCK.sleep(_PAUSE_S)

    def _write(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        while not self._ending.wait(_PAUSE_S):
            with self._lock:
                id_ = self._first + self._sent
                self._sent += 1
            connection.execute("insert into written values (%s)", (id_,))
            at = _CLOCK.now()
            with self._lock:
                self._acknowledged[id_] = at
                self.last_at = at
