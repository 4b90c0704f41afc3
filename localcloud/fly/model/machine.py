"""Machines: states, versions, events and leases.

States and their groups: docs `machines/machine-states`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """Where a machine is in its life."""

    CREATED = "created"
    STARTED = "started"
    STOPPED = "stopped"
    SUSPENDED = "suspended"
    FAILED = "failed"
    CREATING = "creating"
    STARTING = "starting"
    STOPPING = "stopping"
    RESTARTING = "restarting"
    SUSPENDING = "suspending"
    DESTROYING = "destroying"
    UPDATING = "updating"
    REPLACING = "replacing"
    LAUNCH_FAILED = "launch_failed"
    DESTROYED = "destroyed"
    REPLACED = "replaced"
    MIGRATED = "migrated"

    @property
    def is_settled(self) -> bool:
        """Whether nothing is under way."""
        return self in _SETTLED

    @property
    def is_live(self) -> bool:
        """Whether the machine counts: for its name, for lists, for capacity."""
        return self is not State.DESTROYED


_SETTLED = frozenset(
    {State.CREATED, State.STARTED, State.STOPPED, State.SUSPENDED, State.FAILED, State.DESTROYED}
)


@dataclass(slots=True, kw_only=True)
class Version:
    """One accepted configuration; `id` is the machine's `instance_id` while it is the current one."""

    id: str
    config: dict[str, Any]
    created_at: datetime


@dataclass(slots=True, kw_only=True)
class Event:
    """Something that happened; `type` start, stop, exit, launch, update, …; `source` user, flyd or proxy."""

    id: str
    type: str
    status: str
    source: str
    at: datetime
    request: dict[str, Any] | None = None


@dataclass(slots=True, kw_only=True)
class Lease:
    """The mutex of a machine; while it lasts every change needs its nonce."""

    nonce: str
    owner: str
    description: str
    expires_at: datetime
    version: str


@dataclass(slots=True, kw_only=True)
class Check:
    """The last known state of one health check: passing, warning or critical."""

    name: str
    status: str
    output: str
    updated_at: datetime


@dataclass(slots=True, kw_only=True)
class Machine:
    """A machine.

    Args:
        host_id: the host it was placed on; a machine never moves to another one by itself.
        versions: oldest first; the last is the current one.
        events: newest first.
        min_secrets_version: the app's secrets version that the host waits for.
        secrets_version: the app's secrets version its process was last started with.
        exit_moments: recent exits, for the restart policy.
        wanted: the settled state it is meant to reach, which survives a restart of the emulator.
        light: True for a machine without a process (a fleet of records), by its image.
    """

    id: str
    name: str
    app_name: str
    region: str
    host_id: str
    state: State
    private_ip: str
    image_digest: str
    created_at: datetime
    updated_at: datetime
    versions: list[Version]
    wanted: State
    events: list[Event] = field(default_factory=list)
    lease: Lease | None = None
    cordoned: bool = False
    min_secrets_version: int = 0
    secrets_version: int = 0
    exit_moments: list[datetime] = field(default_factory=list)
    checks: dict[str, Check] = field(default_factory=dict)
    destroyed_at: datetime | None = None
    last_request_at: datetime | None = None
    light: bool = False

    @property
    def version(self) -> Version:
        """The current version."""
        return self.versions[-1]

    @property
    def config(self) -> dict[str, Any]:
        """The current configuration, in Fly's own form."""
        return self.versions[-1].config

    @property
    def metadata(self) -> dict[str, str]:
        """The current metadata."""
        found: dict[str, str] = self.config.get("metadata") or {}
        return found
