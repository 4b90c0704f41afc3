"""Where the service keeps what: everything below one directory, but a socket whose path would be too long."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

FIRST_PLACE, SECOND_PLACE = "data", "data-2"
"""The two places of an instance: where it began, and where its standby was made."""

_SOCKET_PATH_BYTES = 103
_LONGEST_SOCKET = "/65535/.s.PGSQL.65535.lock"


@dataclass(frozen=True, slots=True)
class Places:
    """The paths under the service's directory.

    Args:
        root: absolute path of the directory.
    """

    root: Path

    @property
    def templates(self) -> Path:
        """Empty data directories by version."""
        return self.root / "templates"

    @property
    def authority(self) -> Path:
        """The local certificate authority."""
        return self.root / "authority"

    @property
    def sockets(self) -> Path:
        """The servers' private sockets: a short path, below the system's temporary directory if need be."""
        near = self.root / "s"
        if len(f"{near}{_LONGEST_SOCKET}".encode()) <= _SOCKET_PATH_BYTES:
            return near
        name = hashlib.sha256(str(self.root).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"lifeboat-{name}"

    @property
    def aside(self) -> Path:
        """What nobody spoke for any more; a person may look into it, nothing else does."""
        return self.root / "aside"

    def socket(self, server_port: int) -> Path:
        """The directory of one server's socket."""
        return self.sockets / str(server_port)

    def instance(self, resource_id: str) -> Path:
        """Everything of one instance that ends with it."""
        return self.root / "instances" / resource_id

    def data(self, resource_id: str, place: str = FIRST_PLACE) -> Path:
        """An instance's data directory in one of its two places."""
        return self.instance(resource_id) / place

    def backups(self, resource_id: str) -> Path:
        """An instance's base backups and archived log, which may outlive it."""
        return self.root / "backups" / resource_id

    def snapshot(self, name: str) -> Path:
        """One snapshot."""
        return self.root / "snapshots" / name
