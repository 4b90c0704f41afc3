"""Before a postmaster starts: whether it may, and what a killed one left in its way."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path

from lifeboat.core.errors import Refused
from lifeboat.postgres.account import Account
from localcloud.postgres.binaries import Binaries
from localcloud.postgres.data_directory import DataDirectory
from localcloud.postgres.processes import kill_all, postmaster_of

ADDRESS = "127.0.0.1"
"""Where servers listen; only a forwarder connects there."""

# A socket's path is at most 107 bytes long on Linux, 103 on macOS.
_SOCKET_PATH_BYTES = 103


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """How one server is started; see `Server` for the arguments."""

    binaries: Binaries
    account: Account
    data: Path
    port: int
    socket_directory: Path

    def check(self) -> None:
        """Check everything that can be known beforehand; changes nothing.

        Raises:
            Refused: another version's data, a directory that is closed to the account, a socket's path that
                is too long, another server on the same data, or a port that is taken.
        """
        for path in (self.binaries.postgres, self.data / "PG_VERSION", self._socket):
            self.account.check_reach(path)
        major = DataDirectory(self.data).major
        if major != self.binaries.major:
            msg = f"{self.data} was made by postgresql {major}, not {self.binaries.major}"
            raise Refused(
                msg, hint="data of another major version has to be upgraded or restored from a dump."
            )
        if len(f"{self._socket}.lock".encode()) > _SOCKET_PATH_BYTES:
            msg = f"the path of the socket is too long: {self._socket}"
            raise Refused(msg, hint="keep the local cloud in a directory with a shorter path.")
        holder = postmaster_of(self.data)
        if holder is not None:
            msg = f"{self.data} is served by another server: process {holder.pid}"
            raise Refused(msg)
        self._check_port()

    def clear(self) -> None:
        """Take away what a killed server left; nobody may serve this data any more."""
        # Children of a killed postmaster: a busy one serves until it next waits for something.
        kill_all(self.data)
        # PostgreSQL believes a pid file when any process of its account has that number by now.
        DataDirectory(self.data).pid_file.unlink(missing_ok=True)
        self.account.make_private(self.socket_directory)
        self._socket.unlink(missing_ok=True)
        Path(f"{self._socket}.lock").unlink(missing_ok=True)

    def argv(self) -> list[str | Path]:
        """Return the postmaster's argument list."""
        settings = {
            "port": str(self.port),
            "listen_addresses": ADDRESS,
            "unix_socket_directories": str(self.socket_directory),
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [self.binaries.postgres, "-D", self.data, *options]

    @property
    def _socket(self) -> Path:
        return self.socket_directory / f".s.PGSQL.{self.port}"

    def _check_port(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
            # As PostgreSQL does: connections of an earlier server that still wind down do not matter.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((ADDRESS, self.port))
            except OSError as error:
                msg = f"port {self.port} is taken"
                raise Refused(msg, hint="end what listens there.", retryable=True) from error
