"""Which volume, if any, an interrupted run of this resource left behind. Pure.

A volume carries no metadata. Three things together are taken as proof: a program declares at most one
volume of a name per app and region; nobody uses the volume; and no resource that this process has seen in
the engine's state has it. Anything less certain is left alone, and two such volumes are an error rather
than a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lifeboat.core.errors import Refused
from lifeboat.fly.client.models.volume import Volume
from lifeboat.providerkit.values import Properties


def left_over(
    volumes: Iterable[Volume], inputs: Properties, is_free: Callable[[Volume], bool]
) -> Volume | None:
    """Return the volume to adopt; None when one has to be made.

    Args:
        volumes: the live volumes of the app.
        inputs: what is declared.
        is_free: tells whether no resource is known to have a volume.

    Raises:
        Refused: several could be it.
    """
    fitting = [volume for volume in volumes if _fits(volume, inputs)]
    free = [volume for volume in fitting if is_free(volume)]
    if len(free) > 1:
        raise Refused(
            f"volumes {', '.join(one.id for one in free)} of app {inputs['app']} are all named "
            f"{inputs['name']} in {inputs['region']}, and no machine uses them",
            hint="import the right one with `pulumi import`, or remove those that are not needed",
        )
    return free[0] if free else None


def _fits(volume: Volume, inputs: Properties) -> bool:
    fstype = inputs.get("fstype")
    return (
        volume.is_live
        and not volume.attached_machine_id
        and (volume.name, volume.region) == (inputs["name"], inputs["region"])
        and volume.encrypted == inputs["encrypted"]
        and volume.size_gb <= inputs["sizeGb"]
        and (not fstype or volume.fstype in ("", fstype))
    )
