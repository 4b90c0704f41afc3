"""A machine as the Machines API describes it, with the deviations of the wire made even.

`version` and `instance_id` are one thing under two names (old answers also say `Version`). `config` is null
when the host is unreachable; `incomplete_config` then holds what the control plane remembers. States are
open: Fly may name new ones, and an unknown state is no error.
Source: docs `machines/machine-states`; the OpenAPI description.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import AliasChoices, Field

from lifeboat.fly.client.models.sparse import Moment, Sparse


class MachineState(StrEnum):
    """The states Fly documents; `Machine.state` is a plain text because there may be others."""

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


GONE_STATES = frozenset({MachineState.DESTROYING, MachineState.DESTROYED})
"""A machine in these does not count any more, whatever else it answers."""


class ImageRef(Sparse):
    """The image a machine runs; `digest` is what identifies it."""

    registry: str = ""
    repository: str = ""
    tag: str = ""
    digest: str = ""
    labels: dict[str, str] | None = None


class MachineCheck(Sparse):
    """A health check's last result; `status` passing, warning or critical."""

    name: str = ""
    status: str = ""
    output: str = ""
    updated_at: Moment = None


class MachineEvent(Sparse):
    """Something that happened to a machine; `timestamp` in milliseconds since 1970."""

    id: str = ""
    type: str = ""
    status: str = ""
    source: str = ""
    timestamp: int = 0
    request: dict[str, Any] | None = None


class MachineLease(Sparse):
    """The lease as a machine shows it: without its nonce; `expires_at` in Unix seconds."""

    owner: str = ""
    description: str = ""
    expires_at: int = 0


class Machine(Sparse):
    """A machine; `instance_id` names the accepted configuration and changes with every update."""

    id: str
    name: str = ""
    state: str = ""
    region: str = ""
    instance_id: str = Field(
        default="", validation_alias=AliasChoices("version", "instance_id", "Version", "instanceID")
    )
    config: dict[str, Any] | None = Field(default=None, repr=False)
    incomplete_config: dict[str, Any] | None = Field(default=None, repr=False)
    image_ref: ImageRef | None = None
    host_status: str = ""
    checks: tuple[MachineCheck, ...] | None = None
    events: tuple[MachineEvent, ...] | None = None
    cordoned: bool = False
    lease: MachineLease | None = None
    nonce: str = Field(default="", repr=False)
    private_ip: str = ""
    created_at: Moment = None
    updated_at: Moment = None

    @property
    def effective_config(self) -> dict[str, Any]:
        """The configuration in Fly's form: the host's, else the control plane's memory of it, else empty."""
        return self.config or self.incomplete_config or {}

    @property
    def metadata(self) -> dict[str, str]:
        """The metadata of the effective configuration."""
        found: dict[str, str] = self.effective_config.get("metadata") or {}
        return found

    @property
    def is_live(self) -> bool:
        """Whether the machine counts; one that is being destroyed does not."""
        return self.state not in GONE_STATES
