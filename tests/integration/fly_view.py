"""A look at the local Fly of a project past every state: what is really there, and what runs."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

import httpx
import psutil

from lifeboat.fly.client import FlyClient, FlySettings
from lifeboat.fly.client.models.machine import Machine
from tests.integration.project import Project


class FlyView:
    """One project's Fly, through the client that recoveries use, and through its admin API.

    Args:
        project: whose cloud runs.
        stack: any local stack of it.
    """

    def __init__(self, project: Project, stack: str) -> None:
        settings = FlySettings.from_environment(project.environment(stack))
        self.client = FlyClient(settings)
        self._admin = httpx.Client(base_url=f"{settings.flaps_url}/_lifeboat/", trust_env=False, timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.client.close()
        self._admin.close()

    def machines(self, app: str) -> dict[str, Machine]:
        """Return the machines that count, by name; two of one name are an error."""
        found = [machine for machine in self.client.machines.list(app) if machine.is_live]
        named = {machine.name: machine for machine in found}
        assert len(named) == len(found), sorted(machine.name for machine in found)
        return named

    def by_role(self, app: str, group: str) -> dict[str, list[Machine]]:
        """Return the machines of a process group: started and stopped ones, by state."""
        found: dict[str, list[Machine]] = {}
        for machine in self.machines(app).values():
            if machine.metadata["fly_process_group"] == group:
                found.setdefault(machine.state, []).append(machine)
        return found

    def leased(self, app: str) -> list[str]:
        """Return the names of the machines somebody holds a lease of."""
        return [
            name
            for name, machine in self.machines(app).items()
            if self.client.leases.find(app, machine.id) is not None
        ]

    def admin(self, method: str, name: str, body: object = None) -> Any:
        """Send an admin request and return what it answers."""
        return self._admin.request(method, name, json=body).raise_for_status().json()

    def environment_of(self, machine: Machine) -> dict[str, str]:
        """Return what the process of a machine sees as its environment."""
        return psutil.Process(self.admin("GET", "processes")[machine.id]).environ()
