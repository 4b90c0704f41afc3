"""What of the local cloud runs now: the record, corrected by a look at the processes and one request each."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

import psutil

from localcloud.supervisor.directory import CloudDirectory
from localcloud.supervisor.probe import is_ready
from localcloud.supervisor.record import CloudState, ServiceRecord, read_record

HEALTH_TIMEOUT_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceStatus:
    """One service as it is now; sizes in bytes, lengths in seconds."""

    name: str
    state: str
    endpoint: str
    pid: int | None
    healthy: bool
    uptime_s: float | None
    memory_bytes: int | None
    restarts: int
    last_exit: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudStatus:
    """The cloud as it is now.

    `running` is true while the supervisor lives. `failure` says why the last one ended by itself.
    """

    running: bool
    state: str
    pid: int | None
    uptime_s: float | None
    memory_bytes: int
    generation: str
    services: tuple[ServiceStatus, ...]
    failure: str
    hint: str

    def as_data(self) -> dict[str, object]:
        """Return the status as JSON data."""
        return asdict(self)


NEVER_STARTED = CloudStatus(
    running=False,
    state="never started",
    pid=None,
    uptime_s=None,
    memory_bytes=0,
    generation="",
    services=(),
    failure="",
    hint="start it with `lifeboat up`",
)


def look_at_cloud(directory: CloudDirectory, *, now: datetime) -> CloudStatus:
    """Return what runs now.

    Args:
        directory: the cloud's directory.
        now: the moment uptimes are counted to.
    """
    record = read_record(directory.record)
    if record is None:
        return NEVER_STARTED
    supervisor = record.identity().process()
    services = tuple(_service(service, now) for service in record.services)
    failure = record.failure
    return CloudStatus(
        running=supervisor is not None,
        state=record.state if supervisor is not None else _state_of_ended(record.state),
        pid=supervisor.pid if supervisor else None,
        uptime_s=(now - record.started_at).total_seconds() if supervisor else None,
        memory_bytes=_memory_bytes(supervisor) + sum(service.memory_bytes or 0 for service in services),
        generation=record.generation,
        services=services,
        failure=failure.message if failure else "",
        hint=failure.hint if failure else "",
    )


def _state_of_ended(written: CloudState) -> str:
    """Return what to call a cloud whose supervisor is gone."""
    in_order = written in (CloudState.STOPPED, CloudState.FAILED)
    return written if in_order else "killed"


def _service(record: ServiceRecord, now: datetime) -> ServiceStatus:
    identity = record.identity()
    process = identity.process() if identity else None
    began_at = record.ready_at
    return ServiceStatus(
        name=record.name,
        state=record.state if process is not None or record.pid is None else "ended",
        endpoint=record.endpoint,
        pid=process.pid if process else None,
        healthy=process is not None and is_ready(record.port, record.health_path, HEALTH_TIMEOUT_S),
        uptime_s=(now - began_at).total_seconds() if process and began_at else None,
        memory_bytes=_memory_bytes(process) if process else None,
        restarts=record.restarts,
        last_exit=record.last_exit,
    )


def _memory_bytes(process: psutil.Process | None) -> int:
    if process is None:
        return 0
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0
