"""One PostgreSQL server: a data directory, a private port and socket, and at most one postmaster.

The server listens on loopback for its forwarder, and on a socket that only its account may open for us. It
lives longer than this object only if this process is killed: `identity` is what a later run needs to know to
end it. It never ends a process for its name or number (see `processes.py`).
"""

from __future__ import annotations

import signal
import subprocess
from enum import StrEnum
from pathlib import Path
from typing import Any

import psycopg

from lifeboat.core.clock import Clock, SystemClock
from lifeboat.postgres.account import Account
from lifeboat.postgres.failure import ServerFailed
from localcloud.postgres.binaries import Binaries
from localcloud.postgres.configuration import PARAMETERS, write_part
from localcloud.postgres.data_directory import DataDirectory
from localcloud.postgres.launch import Launch
from localcloud.postgres.processes import kill_all, processes_of, signal_all
from localcloud.postgres.roles import Master, password_statement
from localcloud.postgres.server_log import ServerLog
from localcloud.postgres.settings import Settings
from localcloud.postgres.superuser import Superuser
from localcloud.supervisor.identity import ProcessIdentity

_POLL_S = 0.01
_RELOAD_S = 10.0
_LOADED = "select pg_conf_load_time()"
_PENDING = "select name from pg_settings where pending_restart order by name"
_SETTLED = {"ready", "standby"}


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
        self.data = data.absolute()
        self.port = port
        self.socket_directory = socket_directory.absolute()
        self.log = ServerLog(self.data.parent / f"{data.name}.log")
        self.superuser = Superuser(socket_directory=self.socket_directory, port=port)
        self._launch = Launch(
            binaries=binaries,
            account=account,
            data=self.data,
            port=port,
            socket_directory=self.socket_directory,
        )
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
            Refused: see `Launch.check`; nothing was changed.
            ServerFailed: it ended by itself or was too slow; it is not running.
        """
        if self.is_running:
            return
        self._launch.check()
        self._launch.clear()
        self.log.bound()
        position_bytes = self.log.size_bytes()
        self._process = self.account.start(self._launch.argv(), self.data, self.log.path)
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
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def freeze(self) -> None:
        """Make it stand still: connections are taken by the kernel and nobody answers."""
        signal_all(processes_of(self.data), signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen one go on."""
        signal_all(processes_of(self.data), signal.SIGCONT)

    def reload(self) -> None:
        """Make it read its configuration files again, and return when it did.

        Raises:
            psycopg.Error: it does not answer.
            ServerFailed: it did not within 10 s.
        """
        before = self.query(_LOADED)
        self.query("select pg_reload_conf()")
        deadline_s = self._clock.monotonic_s() + _RELOAD_S
        # A new session is a copy of the postmaster: it shows what that one has read.
        while self.query(_LOADED) == before:
            if self._clock.monotonic_s() > deadline_s:
                msg = f"postgresql on {self.data} did not read its configuration again"
                raise ServerFailed(msg, hint=f"its log: {self.log.path}")
            self._clock.sleep(_POLL_S)

    def apply(self, settings: Settings) -> tuple[str, ...]:
        """Give it a parameter group's values; a running one takes at once what it can.

        Returns:
            The names of those that wait for a restart, sorted; none while it is not running.

        Raises:
            psycopg.Error: it runs and does not answer; the values hold from its next start.
            ServerFailed: it runs and did not read its configuration again.
        """
        write_part(self.account, self.data, PARAMETERS, dict(settings.applied))
        if not self.is_running:
            return ()
        self.reload()
        return tuple(name for (name,) in self.query(_PENDING))

    def set_master_password(self, master: Master) -> None:
        """Change the master user's password; those who are connected stay.

        Raises:
            Refused: a password that RDS would not take.
            psycopg.Error: the server refused, or does not answer.
        """
        self.query(password_statement(master))

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
