"""Volumes: adopted or made, grown in place, and never shrunk.

It must never take over a volume whose owner is not known to be this resource, and never delete one that
another resource has taken over. See `volume_adoption` for what counts as known.
"""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from lifeboat.core.errors import LifeboatError, Refused
from lifeboat.fly.client import FlyClient, errors
from lifeboat.fly.client.models.new_volume import NewVolume
from lifeboat.fly.client.models.volume import Volume
from lifeboat.fly.provider.claims import Ground
from lifeboat.fly.provider.handler import DeclaredHandler
from lifeboat.fly.provider.ids import join_id, split_id
from lifeboat.fly.provider.judging import judged
from lifeboat.fly.provider.looking import found_or_gone, once_visible
from lifeboat.fly.provider.registry import ResourceKind
from lifeboat.fly.provider.volume_adoption import left_over
from lifeboat.fly.provider.volume_checks import volume_problems
from lifeboat.fly.provider.volume_declaration import VOLUME
from lifeboat.fly.rules.names import app_name_problem, volume_name_problem
from lifeboat.fly.rules.regions import fly_region_problem
from lifeboat.providerkit.compare import Rules
from lifeboat.providerkit.failures import PartlyMade, PropertyFailure, reason_of
from lifeboat.providerkit.paths import Path
from lifeboat.providerkit.requests import (
    CheckRequest,
    CreateRequest,
    DeleteRequest,
    Found,
    Made,
    ReadRequest,
    UpdateRequest,
)
from lifeboat.providerkit.values import Properties

_ID_FORM = "app/volume"
_SETTINGS = {"snapshotRetention": "snapshot_retention", "autoBackupEnabled": "auto_backup_enabled"}
_ONLY_AT_CREATION: tuple[Path, ...] = (("requireUniqueZone",), ("compute",))
_USABLE_WITHIN_S = 600.0
_DETACHED_WITHIN_S = 30.0
_LOOK_EVERY_S = 2.0


class VolumeHandler(DeclaredHandler):
    """Handles `fly:index:Volume`; the id is `app/volume`."""

    declaration: ClassVar = VOLUME
    volatile: ClassVar = frozenset({"state"})

    def problems(self, request: CheckRequest, inputs: Properties) -> tuple[PropertyFailure, ...]:
        """Judge names, region and sizes, and find two resources that mean the same volume."""
        texts = judged(inputs, app=app_name_problem, name=volume_name_problem, region=fly_region_problem)
        failures = texts + volume_problems(inputs, request.old_inputs)
        return failures or self.unique(request, inputs, "app", "region", "name")

    def rules(self, ignored: tuple[Path, ...]) -> Rules:
        """What only a creation reads makes no difference to a volume that exists."""
        return super().rules((*ignored, *_ONLY_AT_CREATION))

    def create(self, request: CreateRequest) -> Made:
        """Adopt what an interrupted run left, or make it, and wait until it can be used.

        Raises:
            PartlyMade: it exists and is not usable yet, or could not be grown.
            Refused: several volumes of this name lie unused.
            Capacity: no room.
        """
        inputs, subject = request.inputs, request.subject
        client, app = self.access.client(subject.clock), inputs["app"]
        volume = left_over(client.volumes.list(app), inputs, lambda one: self.is_free(join_id(app, one.id)))
        ground = Ground.ADOPTED if volume else Ground.MADE
        volume = volume or client.volumes.create(app, _wish(inputs))
        self.claim(subject, join_id(app, volume.id), ground)
        subject.log(f"{ground} volume {volume.id}")
        try:
            limit_s = subject.timeout_s or _USABLE_WITHIN_S
            wait = partial(client.volumes.wait_created, app, volume.id, deadline_s=limit_s)
            volume = once_visible(wait, subject.clock)
            volume = _settle(client, app, volume, inputs)
        except LifeboatError as error:
            raise PartlyMade(
                resource_id=join_id(app, volume.id),
                outputs={**self.echo(inputs), **_facts(volume)},
                inputs={**inputs, **_observed(volume)},
                reasons=(reason_of(error),),
            ) from error
        return Made(resource_id=join_id(app, volume.id), outputs={**self.echo(inputs), **_facts(volume)})

    def read(self, request: ReadRequest) -> Found | None:
        """Look twice before saying that it is gone; one in its soft-delete day is gone."""
        clock = request.subject.clock
        client = self.access.client(clock)
        app, volume_id = split_id(request.resource_id, _ID_FORM)

        def look() -> Volume | None:
            volume = client.volumes.get(app, volume_id)
            return volume if volume.is_live else None

        volume = found_or_gone(look, clock, self.access.recheck_s)
        if volume is None:
            return None
        inputs = {**request.old_inputs, **_described(app, volume, request.old_inputs)}
        return Found(
            resource_id=request.resource_id, outputs={**self.echo(inputs), **_facts(volume)}, inputs=inputs
        )

    def update(self, request: UpdateRequest) -> Properties:
        """Let it grow, and change how it is backed up."""
        client = self.access.client(request.subject.clock)
        app, volume_id = split_id(request.resource_id, _ID_FORM)
        before = client.volumes.get(app, volume_id)
        volume = _settle(client, app, before, request.inputs)
        if volume.size_gb > before.size_gb and volume.attached_machine_id:
            request.subject.log(f"machine {volume.attached_machine_id} may see the room after a restart only")
        return {**self.echo(request.inputs), **_facts(volume)}

    def delete(self, request: DeleteRequest) -> None:
        """Remove it; gone already is fine.

        Raises:
            VolumeInUse: a machine still has it half a minute later.
        """
        if self.outlives(request):
            return
        app, volume_id = split_id(request.resource_id, _ID_FORM)
        clock = request.subject.clock
        client, deadline_s = self.access.client(clock), clock.monotonic_s() + _DETACHED_WITHIN_S
        while True:
            try:
                return client.volumes.destroy(app, volume_id)
            except errors.VolumeInUse:
                # A machine that was destroyed a moment ago still holds its volume for some seconds.
                if clock.monotonic_s() >= deadline_s:
                    raise
                clock.sleep(_LOOK_EVERY_S)


def _settle(client: FlyClient, app: str, volume: Volume, inputs: Properties) -> Volume:
    if inputs["sizeGb"] < volume.size_gb:
        raise Refused(
            f"volume {volume.id} has {volume.size_gb} GB and cannot shrink to {inputs['sizeGb']} GB",
            hint="a smaller volume is a new one: declare it under another name and move the data",
        )
    if inputs["sizeGb"] > volume.size_gb:
        volume = client.volumes.extend(app, volume.id, inputs["sizeGb"]).volume
    wanted = {field: inputs[name] for name, field in _SETTINGS.items()}
    if any(getattr(volume, field) != value for field, value in wanted.items()):
        volume = client.volumes.update(app, volume.id, **wanted)
    return client.volumes.get(app, volume.id)


def _wish(inputs: Properties) -> NewVolume:
    return NewVolume(
        name=inputs["name"],
        region=inputs["region"],
        size_gb=inputs["sizeGb"],
        encrypted=inputs["encrypted"],
        fstype=inputs.get("fstype"),
        snapshot_id=inputs.get("snapshotId"),
        source_volume_id=inputs.get("sourceVolumeId"),
        snapshot_retention=inputs["snapshotRetention"],
        auto_backup_enabled=inputs["autoBackupEnabled"],
        require_unique_zone=inputs["requireUniqueZone"],
        compute=inputs.get("compute"),
    )


def _facts(volume: Volume) -> Properties:
    return {"volumeId": volume.id, "zone": volume.zone, "state": volume.state}


def _observed(volume: Volume) -> Properties:
    settings = {name: getattr(volume, field) for name, field in _SETTINGS.items()}
    known = {"sizeGb": volume.size_gb, **settings}
    return {name: value for name, value in known.items() if value is not None}


def _described(app: str, volume: Volume, old: Properties) -> Properties:
    described = {
        "app": app,
        "region": volume.region,
        "name": volume.name,
        "encrypted": volume.encrypted,
        **_observed(volume),
    }
    # Fly fills a file system in; only a program that named one can be contradicted by it.
    if old.get("fstype") and volume.fstype:
        described["fstype"] = volume.fstype
    return described


KIND = ResourceKind(declaration=VOLUME, make=VolumeHandler)
