"""Setting and removing a machine's metadata, which needs no restart."""

from __future__ import annotations

from collections.abc import Mapping

from lifeboat.fly.client.machines import operations
from lifeboat.fly.client.machines.calling import MachineCalls, under_lease


class MachineMarking(MachineCalls):
    """Writes metadata."""

    def update_metadata(
        self, app: str, machine_id: str, changes: Mapping[str, str | None], *, nonce: str | None = None
    ) -> None:
        """Set several metadata values, and remove those whose new value is None, in one request.

        Raises:
            FlyLeaseHeld: somebody else holds the machine's lease.
        """
        body = {"metadata": {key: value or "" for key, value in changes.items()}}
        path = {"app": app, "machine": machine_id}
        self._http.call(operations.UPDATE_METADATA, path, body=body, headers=under_lease(nonce))

    def set_metadata(
        self, app: str, machine_id: str, key: str, value: str, *, nonce: str | None = None
    ) -> None:
        """Set one metadata value.

        Raises:
            FlyLeaseHeld: somebody else holds the machine's lease.
        """
        path = {"app": app, "machine": machine_id, "key": key}
        self._http.call(operations.SET_METADATA, path, body={"value": value}, headers=under_lease(nonce))

    def delete_metadata(self, app: str, machine_id: str, key: str, *, nonce: str | None = None) -> None:
        """Remove one metadata value; one that is not there is removed.

        Raises:
            MachineNotFound: there is no such machine.
        """
        path = {"app": app, "machine": machine_id, "key": key}
        self._http.call(operations.DELETE_METADATA, path, headers=under_lease(nonce))
