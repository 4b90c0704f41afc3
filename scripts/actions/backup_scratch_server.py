"""A throw-away PostgreSQL server to restore into: its own directory, socket and password, gone afterwards.

It is tuned to be fast and not to last: what it holds is of no use once it was looked at. It listens on a unix
socket only, and on loopback when an app is tried against it, and archives nothing: a restored copy cannot
reach what the original reached.

A server that outlives a killed process ends by itself within a minute after its directory is gone, which the
next spool sees to.
"""

from __future__ import annotations

import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

import psycopg

from lifeboat.core.clock import Clock
from lifeboat.core.errors import LifeboatError, Refused
from lifeboat.core.secret import Secret
from lifeboat.postgres.account import Account
from scripts.actions.backup_child import child_environment, last_words
from scripts.actions.backup_programs import Programs
from scripts.actions.backup_relay import PORT

USER = "lifeboat_verification"
_MAINTENANCE = "postgres"
_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "archive_mode": "off",
    "autovacuum": "off",
    "max_wal_size": "4GB",
    "shared_buffers": "128MB",
    "maintenance_work_mem": "256MB",
}
_START_S = 60.0
_STOP_S = 30.0
_INITDB_S = 120.0


class ServerUnavailable(Refused):
    """No throw-away server can be run on this machine; says nothing about the backup."""


class ScratchServer:
    """A server for as long as the block lasts.

    Args:
        programs: of its version, the server's included.
        directory: where its data lie; not there yet.
        clock: paces the wait.
        on_loopback: listen there too, on `port`.

    Attributes:
        port: of its socket, and on loopback.
    """

    def __init__(
        self, programs: Programs, directory: Path, clock: Clock, *, on_loopback: bool = False
    ) -> None:
        self._programs = programs
        self._directory = directory
        self._clock = clock
        self._address = "127.0.0.1" if on_loopback else ""
        self.port = _free_port(self._address) if on_loopback else PORT
        self._password = Secret(secrets.token_urlsafe(24))
        self._account = Account.current()
        # Short: the path of a socket is at most 107 bytes long.
        self._sockets = Path(tempfile.mkdtemp(prefix="lifeboat-pg-"))
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> ScratchServer:
        try:
            self._make()
            self._start()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def connect(self, database: str = _MAINTENANCE) -> psycopg.Connection[tuple[Any, ...]]:
        """Connect as its superuser; each statement is committed at once."""
        return psycopg.connect(
            host=str(self._sockets),
            port=self.port,
            user=USER,
            password=self._password.reveal(),
            dbname=database,
            autocommit=True,
        )

    def environment(self, database: str) -> dict[str, str]:
        """Return the environment of a program that connects to it."""
        return child_environment(self._sockets, USER, self._password, database, self.port)

    @property
    def superuser(self) -> tuple[str, str]:
        """Name and password of its superuser."""
        return USER, self._password.reveal()

    def _make(self) -> None:
        self._directory.mkdir(mode=0o700)
        word_file = self._directory / "password"
        word_file.touch(mode=0o600)
        word_file.write_text(self._password.reveal())
        for path in (self._sockets, self._directory):
            self._account.own(path)
        options = ["--auth=scram-sha-256", f"--pwfile={word_file}", f"--username={USER}"]
        options += ["--encoding=UTF8", "--locale=C", "--no-sync", f"--pgdata={self._data}"]
        try:
            made = self._account.run([self._programs.path("initdb"), *options], timeout_s=_INITDB_S)
        except LifeboatError as error:
            raise ServerUnavailable(f"initdb: {error.message}") from error
        if made.returncode:
            raise ServerUnavailable(f"initdb ended with {made.returncode}: {last_words(made.stderr)}")
        word_file.unlink()

    def _start(self) -> None:
        where = {"listen_addresses": self._address, "port": str(self.port)}
        settings = {**_SETTINGS, **where, "unix_socket_directories": str(self._sockets)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        try:
            self._process = self._account.start(
                [self._programs.path("postgres"), "-D", self._data, *options], self._directory, self._log
            )
        except Refused as error:
            raise ServerUnavailable(f"postgres: {error.message}") from error
        deadline_s = self._clock.monotonic_s() + _START_S
        while not self._answers():
            if self._process.poll() is not None or self._clock.monotonic_s() > deadline_s:
                raise ServerUnavailable(f"postgres did not start: {last_words(self._log.read_text())}")
            self._clock.sleep(0.05)

    def _answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _end(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            try:
                self._process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._directory, ignore_errors=True)
        shutil.rmtree(self._sockets, ignore_errors=True)

    @property
    def _data(self) -> Path:
        return self._directory / "data"

    @property
    def _log(self) -> Path:
        return self._directory / "log"


def _free_port(address: str) -> int:
    with socket.socket() as free:
        free.bind((address, 0))
        return int(free.getsockname()[1])
