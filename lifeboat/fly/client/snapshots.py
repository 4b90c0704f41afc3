"""Snapshots of volumes: listed, taken and waited for (`/v1/apps/{app}/volumes/{volume}/snapshots`).

A snapshot is restored by creating a volume from it (`NewVolume.snapshot_id`), in any region and while the
original's host is dead. Taking one answers nothing, so the new one is found by comparing lists.
"""

from __future__ import annotations

from lifeboat.fly.client.errors import FlyError, WaitTimeout
from lifeboat.fly.client.http import Http
from lifeboat.fly.client.models.volume import CREATED, Snapshot
from lifeboat.fly.client.operation import Operation, Safety
from lifeboat.fly.client.pages import Listing, collect
from lifeboat.fly.client.repeating import is_ambiguous

_PATH = "/v1/apps/{app}/volumes/{volume}/snapshots"
LIST = Operation(name="snapshots.list", method="GET", path=_PATH, safety=Safety.READ)
CREATE = Operation(name="snapshots.create", method="POST", path=_PATH, safety=Safety.CREATE)
_LISTING = Listing(operation=LIST, model=Snapshot)
_POLL_S = 2.0


class Snapshots:
    """The snapshots of volumes."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def list(self, app: str, volume_id: str) -> tuple[Snapshot, ...]:
        """Return the snapshots of a volume, newest first; also of one that is being removed."""
        found = collect(self._http, _LISTING, {"app": app, "volume": volume_id}).items
        return tuple(sorted(found, key=_age, reverse=True))

    def create(self, app: str, volume_id: str, *, deadline_s: float = 900.0) -> Snapshot:
        """Take a snapshot and return it once it is complete.

        Should the answer get lost, the snapshot is looked for all the same: a second one is never asked for.

        Raises:
            WaitTimeout: none was complete in time; one may still become so.
        """
        known = frozenset(snapshot.id for snapshot in self.list(app, volume_id))
        try:
            self._http.call(CREATE, {"app": app, "volume": volume_id})
        except FlyError as error:
            if not is_ambiguous(error):
                raise
        return self._completed(app, volume_id, known, deadline_s)

    def _completed(self, app: str, volume_id: str, known: frozenset[str], deadline_s: float) -> Snapshot:
        until_s = self._http.clock.monotonic_s() + deadline_s
        while True:
            fresh = [one for one in self.list(app, volume_id) if one.id not in known]
            for snapshot in fresh:
                if snapshot.status == CREATED:
                    return snapshot
            if self._http.clock.monotonic_s() >= until_s:
                seen = ", ".join(f"{one.id} {one.status}" for one in fresh) or "none is in the list"
                raise WaitTimeout(f"no new snapshot of volume {volume_id} of app {app} is complete: {seen}")
            self._http.clock.sleep(_POLL_S)


def _age(snapshot: Snapshot) -> tuple[float, str]:
    return (snapshot.created_at.timestamp() if snapshot.created_at else 0.0, snapshot.id)
