"""What can be wrong with a declared volume, found before any call. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import Properties

_SIZES_GB = (1, 500)
_RETENTION_DAYS = (1, 60)
_PLACE = ("app", "region", "name", "encrypted", "fstype", "snapshotId", "sourceVolumeId")


def volume_problems(inputs: Properties, old: Properties) -> tuple[PropertyFailure, ...]:
    """Return what is wrong with inputs of the right shape.

    Args:
        inputs: completed inputs; may hold UNKNOWN.
        old: the inputs the state has, empty for a new resource.
    """
    return tuple(_problems(inputs, old))


def _problems(inputs: Properties, old: Properties) -> Iterator[PropertyFailure]:
    yield from _range(inputs, "sizeGb", _SIZES_GB, "GB")
    yield from _range(inputs, "snapshotRetention", _RETENTION_DAYS, "days")
    if inputs.get("snapshotId") is not None and inputs.get("sourceVolumeId") is not None:
        yield PropertyFailure(
            path="sourceVolumeId", reason="restores a snapshot already; give one of the two"
        )
    before, now = old.get("sizeGb"), inputs["sizeGb"]
    same_volume = all(inputs.get(name) == old.get(name) for name in _PLACE)
    if isinstance(before, int) and isinstance(now, int) and now < before and same_volume:
        reason = f"a volume cannot shrink from {before} to {now} GB; declare a new one under another name"
        yield PropertyFailure(path="sizeGb", reason=reason)


def _range(inputs: Properties, name: str, limits: tuple[int, int], unit: str) -> Iterator[PropertyFailure]:
    value = inputs.get(name)
    if isinstance(value, int) and not limits[0] <= value <= limits[1]:
        yield PropertyFailure(path=name, reason=f"{value} is outside {limits[0]} to {limits[1]} {unit}")
