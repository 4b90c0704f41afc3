"""Volumes of an app: made, restored, forked, grown, removed (`/v1/apps/{app}/volumes`).

A volume has no metadata and its name is not unique, so after a create whose answer got lost the list taken
before it is the only evidence: exactly one new volume of the same name, region and size is adopted.
Sources: Machines API description, docs `volumes/overview`; `snapshots.py` has the snapshots.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from lifeboat.fly.client.adopting import Undecidable, adopt, the_new_one
from lifeboat.fly.client.errors import FlyError, InvalidRequest, NotFound, VolumeGone, WaitTimeout
from lifeboat.fly.client.http import Http
from lifeboat.fly.client.models.new_volume import NewVolume
from lifeboat.fly.client.models.volume import CREATED, ExtendedVolume, Volume
from lifeboat.fly.client.operation import Operation, Safety
from lifeboat.fly.client.pages import Listing, collect
from lifeboat.fly.client.snapshots import Snapshots

_ALL = "/v1/apps/{app}/volumes"
_ONE = "/v1/apps/{app}/volumes/{volume}"
LIST = Operation(name="volumes.list", method="GET", path=_ALL, safety=Safety.READ)
GET = Operation(name="volumes.get", method="GET", path=_ONE, safety=Safety.READ)
CREATE = Operation(name="volumes.create", method="POST", path=_ALL, safety=Safety.CREATE, timeout_s=60.0)
UPDATE = Operation(name="volumes.update", method="PUT", path=_ONE, safety=Safety.REPEATABLE_WRITE)
EXTEND = Operation(
    name="volumes.extend", method="PUT", path=f"{_ONE}/extend", safety=Safety.REPEATABLE_WRITE, timeout_s=60.0
)
DESTROY = Operation(name="volumes.destroy", method="DELETE", path=_ONE, safety=Safety.REPEATABLE_WRITE)
_LISTING = Listing(operation=LIST, model=Volume)
_PAGE = 1000
_CLOCK_SKEW = timedelta(minutes=2)
_POLL_S = 2.0


class Volumes:
    """The volumes of apps; `snapshots` holds what is done with their snapshots."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self.snapshots = Snapshots(http)

    def list(self, app: str, *, include_gone: bool = False) -> tuple[Volume, ...]:
        """Return the volumes of an app.

        Args:
            app: the app's name.
            include_gone: also those on their way out, which answer for a day and can never be used.
        """
        found = collect(self._http, _LISTING, {"app": app}, {"limit": _PAGE}).items
        return tuple(volume for volume in found if include_gone or volume.is_live)

    def get(self, app: str, volume_id: str) -> Volume:
        """Return one volume, one on its way out included.

        Raises:
            VolumeNotFound: there is none.
        """
        return self._http.call(GET, {"app": app, "volume": volume_id}).read(Volume)

    def create(self, app: str, wish: NewVolume) -> Volume:
        """Make a volume; it is usable once its state is `created`.

        Raises:
            Capacity: no room; scope region means: try the next region.
            UnknownOutcome: the answer got lost and several volumes could be the one.
        """
        before = frozenset(volume.id for volume in self.list(app, include_gone=True))
        begun_at = self._http.clock.now()
        try:
            return self._http.call(CREATE, {"app": app}, body=wish.body()).read(Volume)
        except FlyError as error:
            lost = error
        return adopt(
            self._http.clock,
            f"volume {wish.name} of app {app} in {wish.region}",
            lost,
            lambda: self._made_since(app, wish, before, begun_at),
        )

    def update(
        self,
        app: str,
        volume_id: str,
        *,
        snapshot_retention: int | None = None,
        auto_backup_enabled: bool | None = None,
    ) -> Volume:
        """Change how a volume is backed up; None leaves a setting alone."""
        settings = {"snapshot_retention": snapshot_retention, "auto_backup_enabled": auto_backup_enabled}
        given = {key: value for key, value in settings.items() if value is not None}
        return self._http.call(UPDATE, {"app": app, "volume": volume_id}, body=given).read(Volume)

    def extend(self, app: str, volume_id: str, size_gb: int) -> ExtendedVolume:
        """Let a volume grow to `size_gb`; one that has this size already counts as grown.

        Raises:
            InvalidRequest: it is larger already (volumes never shrink), or the size is not offered.
            Capacity: its host has no room.
        """
        path = {"app": app, "volume": volume_id}
        try:
            return self._http.call(EXTEND, path, body={"size_gb": size_gb}).read(ExtendedVolume)
        except InvalidRequest:
            # A repeat of a call whose first answer got lost is refused for being no growth.
            volume = self.get(app, volume_id)
            if volume.size_gb != size_gb:
                raise
        return ExtendedVolume(volume=volume, needs_restart=bool(volume.attached_machine_id))

    def destroy(self, app: str, volume_id: str) -> None:
        """Remove a volume; one that does not exist is removed. Fly keeps it for a day, but not for use.

        Raises:
            VolumeInUse: a machine has it.
        """
        try:
            self._http.call(DESTROY, {"app": app, "volume": volume_id})
        except NotFound:
            return

    def wait_created(self, app: str, volume_id: str, *, deadline_s: float = 600.0) -> Volume:
        """Wait until a volume is usable; restoring a large snapshot takes minutes.

        Raises:
            VolumeGone: it is being removed.
            WaitTimeout: it was not usable in time.
        """
        until_s = self._http.clock.monotonic_s() + deadline_s
        while (volume := self.get(app, volume_id)).state != CREATED:
            if not volume.is_live:
                raise VolumeGone(f"volume {volume_id} of app {app} is {volume.state}")
            if self._http.clock.monotonic_s() >= until_s:
                raise WaitTimeout(f"volume {volume_id} of app {app} is still {volume.state}")
            self._http.clock.sleep(_POLL_S)
        return volume

    def _made_since(
        self, app: str, wish: NewVolume, before: frozenset[str], begun_at: datetime
    ) -> Volume | None:
        now = self.list(app, include_gone=True)
        fitting = [volume for volume in now if _fits(volume, wish, begun_at)]
        made = the_new_one(fitting, before, lambda volume: volume.id, "volume")
        if made is None and before - {volume.id for volume in now}:
            raise Undecidable("the list misses volumes that were there before")
        return made


def _fits(volume: Volume, wish: NewVolume, begun_at: datetime) -> bool:
    # An older or attached volume is somebody's data that an earlier, falsely short list did not show.
    is_older = volume.created_at is not None and volume.created_at < begun_at - _CLOCK_SKEW
    return (
        volume.is_live
        and not is_older
        and not volume.attached_machine_id
        and (volume.name, volume.region) == (wish.name, wish.region)
        and wish.size_gb in (None, volume.size_gb)
    )
