"""A checked order for a new machine or version: all is looked up, or refused, before anything changes.

Pure: reads the app's records. Texts: fly.md 2.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from localcloud.fly.images.registry import Image, ImageKind
from localcloud.fly.machines.check_specs import specs_of
from localcloud.fly.machines.config_defaults import complete
from localcloud.fly.machines.process_runner import Images
from localcloud.fly.model import App, Machine, Volume, VolumeState
from localcloud.fly.regions import REGIONS, expand
from localcloud.fly.wire_error import WireError

DEFAULT_REGION = "iad"
_GOING = frozenset({VolumeState.PENDING_DESTROY, VolumeState.DESTROYING, VolumeState.DESTROYED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to run.

    Args:
        config: the completed configuration.
        image: what its image names.
        volume: the volume it mounts.
        skip_launch: leave it as it is created, or stopped after an update.
        skip_service_registration: keep it cordoned until it is uncordoned.
        min_secrets_version: the app's secrets version to wait for.
    """

    config: dict[str, Any]
    image: Image
    volume: Volume | None
    skip_launch: bool = False
    skip_service_registration: bool = False
    min_secrets_version: int = 0

    @property
    def is_light(self) -> bool:
        """Whether its machines have no process."""
        return self.image.kind is ImageKind.LIGHT

    @property
    def starts(self) -> bool:
        """Whether the machine is to be started; a standby waits for the machine it stands for."""
        return not (self.skip_launch or self.config.get("standbys"))


def read_order(
    app: App,
    config: dict[str, Any],
    *,
    images: Images,
    machine: Machine | None = None,
    regions: tuple[str, ...] = (),
) -> Order:
    """Return the checked order of a configuration; the request's flags are added by `dataclasses.replace`.

    Args:
        app: whose machine it is or will be.
        config: as the request gives it.
        images: what images there are.
        machine: the machine to be updated; None for a new one.
        regions: where a new one may go.

    Raises:
        WireError: 400 or 412, nothing was changed.
    """
    full = complete(config)
    specs_of(full)
    image = images.resolve(full["image"])
    if image is None:
        raise WireError(400, f"invalid_argument: invalid image identifier {full['image']!r}")
    volume = _volume_of(app, full, machine, (machine.region,) if machine else regions)
    if machine is not None and volume is not None and volume.host_id != machine.host_id:
        raise WireError(412, f"failed_precondition: volume {volume.id} is not on the machine's host")
    return Order(config=full, image=image, volume=volume)


def regions_of(expression: str) -> tuple[str, ...]:
    """Return the regions a new machine may go to, in order of preference; nothing given means the nearest.

    Raises:
        WireError: 400, a part is retired or no region at all.
    """
    try:
        return tuple(expand(expression or DEFAULT_REGION))
    except KeyError as error:
        code = error.args[0]
        known = REGIONS.get(code)
        reason = "is deprecated and takes no new machines" if known else "not found"
        raise WireError(400, f"invalid_argument: region {code!r} {reason}") from error


def check_name(app: App, name: str, machine: Machine | None = None) -> None:
    """Refuse a name that another live machine of the app has.

    Raises:
        WireError: 409 with the id of the machine that has it.
    """
    for other in app.machines.values():
        if other.name == name and other.state.is_live and other is not machine:
            raise WireError(
                409,
                "already_exists: unique machine name violation,"
                f' machine ID {other.id} already exists with name "{name}"',
            )


def _volume_of(
    app: App, config: dict[str, Any], machine: Machine | None, regions: tuple[str, ...]
) -> Volume | None:
    mount = next(iter(config.get("mounts") or ()), None)
    if mount is None:
        return None
    volume = _named(app, mount, machine, regions)
    if volume is None or volume.state in _GOING:
        raise WireError(400, "volume not found")
    if volume.attached_machine_id not in ("", machine.id if machine else ""):
        raise WireError(
            412,
            f"failed_precondition: volume {volume.id} is already attached to machine"
            f" {volume.attached_machine_id}",
        )
    if volume.region not in regions:
        raise WireError(400, f"invalid_argument: volume {volume.id} is in region {volume.region}")
    mount.update(volume=volume.id, name=volume.name, encrypted=volume.encrypted, size_gb=volume.size_gb)
    return volume


def _named(
    app: App, mount: dict[str, Any], machine: Machine | None, regions: tuple[str, ...]
) -> Volume | None:
    """Return the volume a mount names by id, or a free one of its name."""
    if mount.get("volume"):
        return app.volumes.get(mount["volume"])
    free = ("", machine.id if machine else "")
    return next(
        (
            volume
            for volume in app.volumes.values()
            if volume.name == mount.get("name")
            and volume.region in regions
            and volume.state not in _GOING
            and volume.attached_machine_id in free
        ),
        None,
    )
