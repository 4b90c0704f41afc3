"""The clock of a database server against this machine's: moments of a restore are the server's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg

from lifeboat.core.clock import Clock
from scripts.observe.aws import NoAnswer
from scripts.observe.clock_reading import ClockReading, compare_clock

Connect = Callable[[], "psycopg.Connection[tuple[Any, ...]]"]


def see_database_clock(connect: Connect, name: str, clock: Clock) -> ClockReading:
    """Ask a server what time it is.

    Args:
        connect: opens a connection that may run a query.
        name: the instance, for people.
        clock: this machine's.

    Raises:
        NoAnswer: the connection was lost.
        LifeboatError: as `connect`.
    """
    try:
        with connect() as connection:

            def ask() -> datetime:
                row = connection.execute("select clock_timestamp()").fetchone()
                assert row is not None  # noqa: S101  # a select without a table gives one row
                told_at: datetime = row[0]
                return told_at.astimezone(UTC)

            return compare_clock(f"database {name}", ask, clock)
    except psycopg.Error as error:
        raise NoAnswer(f"clock of database {name}: {type(error).__name__}", retryable=True) from None
