"""Reading machines: nothing here changes anything, and a single list is only what one answer said."""

from __future__ import annotations

from collections.abc import Mapping

from lifeboat.fly.client.machines import operations
from lifeboat.fly.client.machines.calling import MachineCalls
from lifeboat.fly.client.models.machine import Machine, MachineEvent
from lifeboat.fly.client.models.machine_detail import MachineProcess, MachineVersion
from lifeboat.fly.client.pages import Listing, collect

_MACHINES = Listing(operation=operations.LIST, model=Machine)


class MachineReading(MachineCalls):
    """Looks at machines."""

    def list(
        self,
        app: str,
        *,
        region: str | None = None,
        include_deleted: bool = False,
        metadata: Mapping[str, str] | None = None,
    ) -> tuple[Machine, ...]:
        """Return the machines one reading shows; see `list_carefully` before acting on what is missing.

        Args:
            app: the app's name.
            region: only machines there.
            include_deleted: destroyed ones too.
            metadata: only machines with these values.

        Raises:
            AppNotFound: there is no such app, or not yet.
        """
        marks = {f"metadata.{key}": value for key, value in (metadata or {}).items()}
        params = {"region": region, "include_deleted": include_deleted or None, **marks}
        return collect(self._http, _MACHINES, {"app": app}, params).items

    def get(self, app: str, machine_id: str, *, include_lease: bool = False) -> Machine:
        """Return one machine.

        Raises:
            MachineNotFound: there is none, or not yet. A destroyed one is readable for a while.
        """
        params = {"include_leases": include_lease or None}
        return self._on(operations.GET, (app, machine_id), params=params).read(Machine)

    def events(self, app: str, machine_id: str, *, limit: int = 20) -> tuple[MachineEvent, ...]:
        """Return what happened lately, newest first, 50 at most."""
        answer = self._on(operations.EVENTS, (app, machine_id), params={"limit": limit})
        return tuple(answer.read(MachineEvent, item) for item in answer.items())

    def versions(self, app: str, machine_id: str) -> tuple[MachineVersion, ...]:
        """Return the accepted configurations, newest first."""
        answer = self._on(operations.VERSIONS, (app, machine_id))
        return tuple(answer.read(MachineVersion, item) for item in answer.items())

    def ps(self, app: str, machine_id: str) -> tuple[MachineProcess, ...]:
        """Return the processes that run in a machine.

        Raises:
            PreconditionFailed: it is not running.
        """
        answer = self._on(operations.PS, (app, machine_id))
        return tuple(answer.read(MachineProcess, item) for item in answer.items())

    def metadata(self, app: str, machine_id: str) -> dict[str, str]:
        """Return a machine's metadata."""
        found = self._on(operations.METADATA, (app, machine_id)).fields()
        return {key: str(value) for key, value in found.items()}
