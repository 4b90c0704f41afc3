"""Endpoints in an event loop of their own, in a thread, so that ordinary blocking clients can be used."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import psycopg
from psycopg.conninfo import make_conninfo

from localcloud.postgres.authority import Authority
from localcloud.postgres.endpoints import Endpoints
from tests.postgres_server import PostgresServer

REGION = "us-west-1"
_T = TypeVar("_T")


class RunningEndpoints:
    """What a test holds: the endpoints, and a way to use them in their loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, endpoints: Endpoints, ca_file: Path) -> None:
        self._loop = loop
        self._endpoints = endpoints
        self.ca_file = ca_file

    def do(self, action: Callable[[Endpoints], _T]) -> _T:
        """Do something in the loop."""

        async def act() -> _T:
            return action(self._endpoints)

        return asyncio.run_coroutine_threadsafe(act(), self._loop).result(10)

    def url(self, port: int, **settings: str | int) -> str:
        """Return how the strictest client connects, except for what `settings` say otherwise."""
        strict = {
            "host": "127.0.0.1",
            "dbname": "postgres",
            "user": "postgres",
            "sslmode": "verify-full",
            "sslrootcert": str(self.ca_file),
            "connect_timeout": "5",
            "port": str(port),
        }
        return make_conninfo("", **{**strict, **settings})

    def connect(self, port: int, **settings: str | int) -> psycopg.Connection:
        """Connect so."""
        return psycopg.connect(self.url(port, **settings), autocommit=True)


@contextmanager
def running_endpoints(
    directory: Path,
    *,
    known: Mapping[str, Mapping[str, int]] | None = None,
    startup_timeout_s: float = 10.0,
) -> Iterator[RunningEndpoints]:
    """Run endpoints for as long as the block lasts; an error nobody caught in the loop fails the test."""
    errors: list[str] = []
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda _, context: errors.append(str(context)))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        authority = Authority(directory)
        endpoints = Endpoints(authority, known=known, startup_timeout_s=startup_timeout_s)
        try:
            yield RunningEndpoints(loop, endpoints, authority.ca_file)
        finally:
            asyncio.run_coroutine_threadsafe(endpoints.stop(), loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
    assert errors == []


def address_of(server: PostgresServer) -> tuple[str, int]:
    """Return where a server listens."""
    return ("127.0.0.1", server.port)
