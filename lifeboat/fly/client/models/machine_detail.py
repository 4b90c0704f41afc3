"""What can be asked about one machine beside the machine itself: versions, processes, a command's result."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from lifeboat.fly.client.models.sparse import Sparse


class MachineVersion(Sparse):
    """One accepted configuration; `version` is what the machine's `instance_id` was then."""

    version: str = ""
    user_config: dict[str, Any] | None = Field(default=None, repr=False)


class ListenSocket(Sparse):
    """Where a process listens: `proto` tcp or udp, `address` host:port."""

    proto: str = ""
    address: str = ""


class MachineProcess(Sparse):
    """A process in a machine; `rss` in bytes, `cpu` in percent, times in clock ticks."""

    pid: int = 0
    command: str = ""
    directory: str = ""
    cpu: int = 0
    rss: int = 0
    rtime: int = 0
    stime: int = 0
    listen_sockets: tuple[ListenSocket, ...] | None = None


class ExecResult(Sparse):
    """What a command in a machine did; its output may hold secrets and stays out of the repr."""

    exit_code: int = 0
    exit_signal: int = 0
    stdout: str = Field(default="", repr=False)
    stderr: str = Field(default="", repr=False)
