"""Changing a machine's configuration: the whole of it, against the version read, never blindly twice.

Fly replaces the whole config, so a partial one would drop the rest: read, modify, write back. After an
ambiguous failure the machine is read again: a new version with the wanted config is success, the old version
means the request may be sent again, and another config under a new version is somebody else's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lifeboat.fly.client.careful_write import CarefulWrite
from lifeboat.fly.client.errors import StaleVersion
from lifeboat.fly.client.machines import operations
from lifeboat.fly.client.machines.reading import MachineReading
from lifeboat.fly.client.models.machine import Machine
from lifeboat.fly.rules.normalise import same_config


class MachineUpdating(MachineReading):
    """Changes machines' configurations."""

    def update(  # noqa: PLR0913  # the fields of Fly's own request
        self,
        app: str,
        machine_id: str,
        config: Mapping[str, Any],
        *,
        current_version: str | None = None,
        nonce: str | None = None,
        skip_launch: bool = False,
        min_secrets_version: int | None = None,
    ) -> Machine:
        """Replace a machine's configuration; its process restarts unless the launch is skipped.

        Args:
            app: the app's name.
            machine_id: which one.
            config: the whole configuration, in Fly's own form.
            current_version: the `instance_id` that was read; None overwrites whatever is there.
            nonce: of the lease it is done under.
            skip_launch: leave a machine that does not run as it is.
            min_secrets_version: the app's secrets version its host waits for.

        Raises:
            StaleVersion: the machine changed since it was read.
            FlyLeaseHeld: somebody else holds its lease.
            Capacity: its host cannot hold the bigger guest.
            UnknownOutcome: it may or may not have been done.
        """
        fields = {
            "config": dict(config),
            "current_version": current_version,
            "skip_launch": skip_launch or None,
            "min_secrets_version": min_secrets_version,
        }
        body = {key: value for key, value in fields.items() if value is not None}
        where = (app, machine_id)
        before = current_version or self.get(app, machine_id).instance_id
        return CarefulWrite(
            subject=f"machine {machine_id} of app {app}",
            send=lambda: self._on(operations.UPDATE, where, nonce=nonce, body=body).read(Machine),
            look=lambda: _updated(self.get(app, machine_id), before, config, guarded=bool(current_version)),
        ).run(self._http)


def _updated(observed: Machine, before: str, config: Mapping[str, Any], *, guarded: bool) -> Machine | None:
    if observed.instance_id == before:
        return None
    if same_config(observed.effective_config, config):
        return observed
    if guarded:
        raise StaleVersion(f"machine {observed.id}: it has a new version that is not the one asked for")
    return None
