"""One PostgreSQL server: a data directory, a private port and socket, and at most one postmaster.

The server listens on loopback for its forwarder, and on a socket that only its account may open for us. It
lives longer than this object only if this process is killed: `identity` is what a later run needs to know to
end it. It never ends a process for its name or number (see `processes.py`).
"""

from __future__ import annotations

import signal
import socket
import subprocess
from enum import StrEnum
from pathlib import Path
from typing import Any

import psycopg

from lifeboat.core.clock import Clock, SystemClock
from lifeboat.core.errors import Refused
from localcloud.postgres.account import Account
from localcloud.postgres.binaries import Binaries
from localcloud.postgres.data_directory import DataDirectory
from localcloud.postgres.failure import ServerFailed
from localcloud.postgres.processes import kill_all, postmaster_of, processes_of, signal_all
from localcloud.postgres.roles import Master, password_statement
from localcloud.postgres.server_log import ServerLog
from localcloud.postgres.superuser import Superuser
from localcloud.supervisor.identity import ProcessIdentity

ADDRESS = "127.0.0.1"

_POLL_S = 0.01
_SETTLED = {"ready", "standby"}
# A socket's path is at most 107 bytes long on Linux, 103 on macOS.
_SOCKET_PATH_BYTES = 103


class StopMode(StrEnum):
    """How a server ends: after a checkpoint, or as if the machine had failed."""

    FAST = "fast"
    IMMEDIATE = "immediate"


_SIGNALS = {StopMode.FAST: signal.SIGINT, StopMode.IMMEDIATE: signal.SIGQUIT}


class Server:
    """A server that can be started and ended any number of times; one thread at a time acts on it.

    Args:
        binaries: of the major version that made the data.
        account: who it runs as.
        data: its data directory; `postgres.log` lies beside it.
        port: free loopback port of its own.
        socket_directory: short path; made when it is not there.
    """

    def __init__(
        self,
        binaries: Binaries,
        account: Account,
        data: Path,
        port: int,
        socket_directory: Path,
        *,
        clock: Clock | None = None,
    ) -> None:
        self.binaries = binaries
        self.account = account
        self.data = data
        self.port = port
        self.socket_directory = socket_directory
        self.log = ServerLog(data.parent / f"{data.name}.log")
        self.superuser = Superuser(socket_directory=socket_directory, port=port)
        self._clock = clock or SystemClock()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def directory(self) -> DataDirectory:
        """What lies on disk."""
        return DataDirectory(self.data)

    @property
    def is_running(self) -> bool:
        """True while its postmaster lives; orphans of a killed one do not count."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """The postmaster's, while it lives."""
        return self._process.pid if self._process is not None and self.is_running else None

    @property
    def identity(self) -> ProcessIdentity | None:
        """The postmaster for ever, to be written down; None when there is none."""
        return ProcessIdentity.of(self.pid) if self.pid is not None else None

    def is_ready(self) -> bool:
        """Tell whether it answers a statement now."""
        try:
            return self.is_running and self.query("select 1", timeout_s=1.0) == [(1,)]
        except psycopg.Error:
            return False

    def query(self, statement: str, *parameters: object, timeout_s: float = 30.0) -> list[tuple[Any, ...]]:
        """Run one statement as the superuser; see `Superuser.query`."""
        return self.superuser.query(statement, *parameters, timeout_s=timeout_s)

    def start(self, timeout_s: float = 60.0) -> None:
        """Start, and return when it takes connections (a standby: read-only ones).

        What a killed postmaster left is cleaned away first: its pid file, and children that still serve.

        Raises:
            Refused: another version's data, a directory that is closed to the account, a port that is taken,
                or another server on the same data; nothing was changed.
            ServerFailed: it ended by itself or was too slow; it is not running.
        """
        if self.is_running:
            return
        self._check()
        self._clear()
        self.log.bound()
        position_bytes = self.log.size_bytes()
        self._process = self.account.start(self._argv(), self.log.path)
        self._wait_until_settled(position_bytes, timeout_s)

    def stop(self, mode: StopMode = StopMode.FAST, timeout_s: float = 30.0) -> None:
        """End it; one that does not end in time is killed, which loses nothing that was acknowledged."""
        if self._process is not None and self.is_running:
            self._process.send_signal(_SIGNALS[mode])
            try:
                self._process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                self.kill()
        self._end_rest()

    def kill(self, *, postmaster_only: bool = False) -> None:
        """End it without warning.

        Args:
            postmaster_only: leave its children: busy ones go on serving, and acknowledge writes, until they
                next wait for something.
        """
        if not postmaster_only:
            kill_all(self.data)
        elif self._process is not None:
            self._process.kill()
        if self._process is not None:
            self._process.wait()

    def freeze(self) -> None:
        """Make it stand still: connections are taken by the kernel and nobody answers."""
        signal_all(processes_of(self.data), signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen one go on."""
        signal_all(processes_of(self.data), signal.SIGCONT)

    def reload(self) -> None:
        """Make it read its configuration files again."""
        self.query("select pg_reload_conf()")

    def set_master_password(self, master: Master) -> None:
        """Change the master user's password; those who are connected stay.

        Raises:
            Refused: a password that RDS would not take.
            psycopg.Error: the server refused, or does not answer.
        """
        self.query(password_statement(master))

    def _check(self) -> None:
        if self.directory.major != self.binaries.major:
            msg = f"{self.data} was made by postgresql {self.directory.major}, not {self.binaries.major}"
            raise Refused(
                msg, hint="data of another major version has to be upgraded or restored from a dump."
            )
        for path in (self.binaries.postgres, self.data / "PG_VERSION", self.socket_directory / "socket"):
            self.account.check_reach(path)
        socket_path = self.socket_directory / f".s.PGSQL.{self.port}.lock"
        if len(str(socket_path).encode()) > _SOCKET_PATH_BYTES:
            msg = f"the path of the socket is too long: {socket_path}"
            raise Refused(msg, hint="keep the local cloud in a directory with a shorter path.")
        holder = postmaster_of(self.data)
        if holder is not None:
            msg = f"{self.data} is served by another server: process {holder.pid}"
            raise Refused(msg)
        self._check_port()

    def _check_port(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
            # As PostgreSQL does: connections of an earlier server that still wind down do not matter.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((ADDRESS, self.port))
            except OSError as error:
                msg = f"port {self.port} is taken"
                raise Refused(msg, hint="end what listens there.", retryable=True) from error

    def _clear(self) -> None:
        """Take away what a killed server left; nobody serves this data any more (checked before)."""
        kill_all(self.data)
        # PostgreSQL believes a pid file when any process of its account has that number by now.
        self.directory.pid_file.unlink(missing_ok=True)
        self.account.make_private(self.socket_directory)
        for name in (f".s.PGSQL.{self.port}", f".s.PGSQL.{self.port}.lock"):
            (self.socket_directory / name).unlink(missing_ok=True)

    def _argv(self) -> list[str | Path]:
        settings = {
            "port": str(self.port),
            "listen_addresses": ADDRESS,
            "unix_socket_directories": str(self.socket_directory),
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [self.binaries.postgres, "-D", self.data, *options]

    def _wait_until_settled(self, position_bytes: int, timeout_s: float) -> None:
        deadline_s = self._clock.monotonic_s() + timeout_s
        while self.directory.status not in _SETTLED:
            if not self.is_running:
                self._end_rest()
                raise self._failure("did not start", position_bytes)
            if self._clock.monotonic_s() > deadline_s:
                self.kill()
                raise self._failure(f"was not ready within {timeout_s:g} s", position_bytes)
            self._clock.sleep(_POLL_S)

    def _failure(self, what: str, position_bytes: int) -> ServerFailed:
        reason = self.log.reason(position_bytes)
        msg = f"postgresql on {self.data} {what}" + (f": {reason}" if reason else "")
        return ServerFailed(msg, hint=f"its log: {self.log.path}")

    def _end_rest(self) -> None:
        kill_all(self.data)
        self._process = None
