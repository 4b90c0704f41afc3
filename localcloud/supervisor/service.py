"""What a service of the local cloud is: a declaration, without any process.

A new part of the cloud is one more `Service` in `services.py`;
the supervisor knows nothing else about it. The command must keep three promises: end when its standard
input ends, save and exit 0 on SIGTERM, and exit 2 or 3 when what it was given can never work, so that it is
not tried again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lifeboat.core.retry import RetryPolicy
from localcloud.supervisor.directory import CloudDirectory

LOOPBACK = "127.0.0.1"
HEALTH_PATH = "/_lifeboat/health"
RESTARTS = RetryPolicy(max_attempts=5, deadline_s=60.0, first_wait_s=0.2, max_wait_s=5.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The ports of one service.

    Args:
        own: the one it answers on.
        doors: its further ports by name.
        others: those of the other services by name.
    """

    own: int
    doors: Mapping[str, int] = field(default_factory=dict)
    others: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One declared process of the local cloud.

    Args:
        name: short name; also the stem of its files.
        command: argument list; `{port}`, `{port_file}`, `{state_file}`, `{data_directory}`, `{<door>_port}`
            and `{<name>_url}`, the address of another service, are filled in.
        doors: names of further ports it listens on, as stable as the first.
        health_path: HTTP path that answers 200 with `{"ready": true}` once the service can be used.
        ready_timeout_s: a start that takes longer counts as a failure.
        stop_timeout_s: time to save and end after SIGTERM, before SIGKILL.
        restarts: how often and how fast a service that died is started again; `max_attempts` failures within
            `deadline_s` end the cloud.
    """

    name: str
    command: tuple[str, ...]
    doors: tuple[str, ...] = ()
    health_path: str = HEALTH_PATH
    ready_timeout_s: float = 30.0
    stop_timeout_s: float = 10.0
    restarts: RetryPolicy = RESTARTS

    def argv(self, directory: CloudDirectory, ports: Ports) -> list[str]:
        """Return the argument list of a start on `ports`."""
        values = {
            "port": str(ports.own),
            "port_file": str(directory.port_file(self.name)),
            "state_file": str(directory.state_file(self.name)),
            "data_directory": str(directory.data_directory(self.name)),
            **{f"{door}_port": str(number) for door, number in ports.doors.items()},
            **{f"{name}_url": endpoint(number) for name, number in ports.others.items()},
        }
        return [part.format(**values) for part in self.command]


def endpoint(port: int) -> str:
    """Return the address of a service on this machine."""
    return f"http://{LOOPBACK}:{port}"
