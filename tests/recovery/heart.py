"""An outside observer of a swap: writes beats through the endpoint and remembers which were acknowledged."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from types import TracebackType
from typing import Any

import psycopg
from botocore.exceptions import BotoCoreError, ClientError

from lifeboat.core.clock import SystemClock
from tests.waiting import soon

_CLOCK = SystemClock()
_PAUSE_S = 0.02
_TABLE = """
create table if not exists lifeboat_heartbeat (
    id bigint primary key, written_at timestamptz not null default clock_timestamp())
"""


class Heart:
    """Beats for as long as the block lasts, connecting again when it is dropped."""

    def __init__(self, connect: Callable[[], psycopg.Connection[tuple[Any, ...]]]) -> None:
        self._connect = connect
        self._next = 1
        self._lock = threading.Lock()
        self._acknowledged: dict[int, datetime] = {}
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Heart:
        """Begin."""
        with self._connect() as connection:
            connection.execute(_TABLE)
            connection.execute("grant select on lifeboat_heartbeat to public")
            found = connection.execute("select coalesce(max(id), 0) from lifeboat_heartbeat").fetchone()
            assert found is not None
            self._next = int(found[0]) + 1
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Return when the last beat was acknowledged or lost."""
        self._ending.set()
        self._thread.join(60)
        assert not self._thread.is_alive()

    @property
    def acknowledged(self) -> dict[int, datetime]:
        """Return when each beat was acknowledged, by id."""
        with self._lock:
            return dict(self._acknowledged)

    def acknowledged_before(self, moment: datetime) -> set[int]:
        """Return the ids that were acknowledged before a moment."""
        return {id_ for id_, at in self.acknowledged.items() if at < moment}

    def wait_for(self, beats: int) -> bool:
        """Wait until so many more are acknowledged, and tell whether that came true."""
        wanted = len(self.acknowledged) + beats
        return soon(lambda: len(self.acknowledged) >= wanted, 60)

    def lost_s(self, new: set[int], old: set[int]) -> float:
        """Return the seconds between the newest beat that both databases have and the old one's newest."""
        seen = self.acknowledged
        newest, kept = max(old & set(seen)), max(old & new & set(seen))
        return (seen[newest] - seen[kept]).total_seconds()

    @property
    def longest_silence_s(self) -> float:
        """The longest time between two acknowledged beats."""
        moments = sorted(self.acknowledged.values())
        return max((later - earlier).total_seconds() for earlier, later in pairwise(moments))

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                with self._connect() as connection:
                    self._beat(connection)
            except (psycopg.Error, BotoCoreError, ClientError, KeyError):
                # Dropped, refused, or without an endpoint just now.
                _CLOCK.sleep(_PAUSE_S)

    def _beat(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        while not self._ending.wait(_PAUSE_S):
            id_, self._next = self._next, self._next + 1
            connection.execute("insert into lifeboat_heartbeat (id) values (%s)", (id_,))
            with self._lock:
                self._acknowledged[id_] = _CLOCK.now()
