"""What the supervisor writes down about itself: pid file, port file and status in one document.

Written whole and renamed, so a reader never sees half of it. It is a memory, not the truth: whether the
supervisor runs is decided by looking at the process it names. It also outlives the supervisor: the ports and
the generation of the last run are read back by the next one.
"""

from __future__ import annotations

import os
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from localcloud.supervisor.identity import ProcessIdentity
from localcloud.supervisor.service import HEALTH_PATH, endpoint

RECORD_VERSION = 1


class CloudState(StrEnum):
    """Where the cloud as a whole stands."""

    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FAILED = "failed"


class ServiceState(StrEnum):
    """Where one service stands."""

    STARTING = "starting"
    READY = "ready"
    WAITING = "waiting to be restarted"
    FAILED = "failed"
    STOPPED = "stopped"


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Failure(_Document):
    """Why the cloud ended by itself; `exit_code` is the row of the error tree."""

    message: str
    hint: str
    exit_code: int


class ServiceRecord(_Document):
    """One service: its process (None while it has none), its ports, and what happened to it so far."""

    name: str
    state: ServiceState
    port: int
    doors: dict[str, int] = {}
    health_path: str = HEALTH_PATH
    pid: int | None = None
    created_s: float | None = None
    restarts: int = 0
    ready_at: datetime | None = None
    last_exit: int | None = None

    def identity(self) -> ProcessIdentity | None:
        """Return which process this was, None when there was none."""
        if self.pid is None or self.created_s is None:
            return None
        return ProcessIdentity(pid=self.pid, created_s=self.created_s)

    @property
    def endpoint(self) -> str:
        """Return where the service answers."""
        return endpoint(self.port)


class CloudRecord(_Document):
    """The supervisor and its services.

    `generation` changes whenever what the cloud holds may be less than what it was told: after a reset, a
    service that died, an end that was not clean. Who remembers a generation knows when to look again.
    """

    schema_version: int = RECORD_VERSION
    state: CloudState
    pid: int
    created_s: float
    started_at: datetime
    generation: str
    services: tuple[ServiceRecord, ...] = ()
    failure: Failure | None = None

    def identity(self) -> ProcessIdentity:
        """Return which process the supervisor is, or was."""
        return ProcessIdentity(pid=self.pid, created_s=self.created_s)

    def ports(self) -> dict[str, int]:
        """Return the ports of the services by `name`, those of their doors by `name.door`."""
        found = {service.name: service.port for service in self.services}
        for service in self.services:
            found |= {f"{service.name}.{door}": port for door, port in service.doors.items()}
        return found


def read_record(path: Path) -> CloudRecord | None:
    """Return the last record, None when there is none or it cannot be read as one."""
    try:
        record = CloudRecord.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
    return record if record.schema_version == RECORD_VERSION else None


def write_record(path: Path, record: CloudRecord) -> None:
    """Replace the record."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(record.model_dump_json(indent=2))
    temporary.replace(path)
