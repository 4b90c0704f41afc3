"""What can be wrong with a declared machine group, found before any call. Pure; may meet UNKNOWN."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lifeboat.fly.provider.config_checks import config_failures
from lifeboat.fly.provider.groups.desired import Strategy
from lifeboat.fly.rules.regions import fly_region_problem
from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.paths import Path
from lifeboat.providerkit.values import UNKNOWN, Properties, Value

_LONGEST_GROUP = 40
"""Leaves room in a machine's name (63 characters) for region, number and a rollout's ending."""


def group_failures(inputs: Properties) -> tuple[PropertyFailure, ...]:
    """Return what is wrong with inputs of the right shape."""
    return tuple(_failures(inputs))


def _failures(inputs: Properties) -> Iterator[PropertyFailure]:
    group = inputs["group"]
    if isinstance(group, str) and len(group) > _LONGEST_GROUP:
        yield PropertyFailure(path="group", reason=f"{len(group)} characters; {_LONGEST_GROUP} are the limit")
    yield from config_failures(_with_volume(inputs["config"]), inputs["group"])
    yield from _counts(inputs)
    yield from _fallbacks(inputs)
    yield from _pace(inputs)
    yield from _volumes(inputs)


def _counts(inputs: Properties) -> Iterator[PropertyFailure]:
    total = 0
    for name in ("regions", "standbyRegions"):
        counts = inputs.get(name)
        if not isinstance(counts, Mapping):
            # Not given, or known only later; then the sum says nothing either.
            total += counts is UNKNOWN
            continue
        for code, count in counts.items():
            yield from _region((name, code), code)
            if isinstance(count, int) and count < 0:
                yield PropertyFailure.at((name, code), f"{count} machines cannot be; the least is 0")
            total += count is UNKNOWN or count > 0
    if not total:
        yield PropertyFailure(path="regions", reason="no machine at all; declare at least one")
    for code in sorted(_known(inputs, "regions").keys() & _known(inputs, "standbyRegions").keys()):
        reason = f"{code} is among the regions already: a standby waits where nothing serves"
        yield PropertyFailure.at(("standbyRegions", code), reason)


def _fallbacks(inputs: Properties) -> Iterator[PropertyFailure]:
    codes = inputs.get("fallbackRegions")
    if not isinstance(codes, list):
        return
    for at, code in enumerate(codes):
        yield from _region(("fallbackRegions", at), code)
        if code is not UNKNOWN and code in codes[:at]:
            yield PropertyFailure.at(("fallbackRegions", at), f"{code} is named twice")


def _pace(inputs: Properties) -> Iterator[PropertyFailure]:
    away = inputs["maxUnavailable"]
    if away is not UNKNOWN and (away <= 0 or (away > 1 and away != int(away))):
        reason = f"{away:g} is neither a count from 1 nor a share between 0 and 1"
        yield PropertyFailure(path="maxUnavailable", reason=reason)
    wait_s = inputs["waitTimeoutS"]
    if wait_s is not UNKNOWN and wait_s <= 0:
        yield PropertyFailure(path="waitTimeoutS", reason=f"{wait_s:g} seconds are no time")


def _volumes(inputs: Properties) -> Iterator[PropertyFailure]:
    config, volumes = inputs["config"], inputs.get("volumes") or {}
    if config is UNKNOWN or volumes is UNKNOWN or config.get("mounts") is UNKNOWN:
        return
    if not config.get("mounts"):
        if volumes:
            yield PropertyFailure(path="volumes", reason="the template has no mount for them")
        return
    for at, mount in enumerate(config["mounts"]):
        if mount is not UNKNOWN and mount.get("volume"):
            reason = "a template names no volume: give one per machine in `volumes`"
            yield PropertyFailure.at(("config", "mounts", at, "volume"), reason)
    if inputs["strategy"] == Strategy.BLUEGREEN:
        reason = "a volume serves one machine at a time, so there can be no green one beside the blue"
        yield PropertyFailure(path="strategy", reason=reason)
    yield from _volume_counts(inputs, volumes)


def _volume_counts(inputs: Properties, volumes: Mapping[str, Any]) -> Iterator[PropertyFailure]:
    counts = {**_known(inputs, "regions"), **_known(inputs, "standbyRegions")}
    for code, count in sorted(counts.items()):
        ids = volumes.get(code) or []
        if UNKNOWN not in (count, ids) and len(ids) != count:
            reason = f"{count} machines need {count} volumes of their own here, and there are {len(ids)}"
            yield PropertyFailure.at(("volumes", code), reason)
    for code in sorted(volumes.keys() - counts.keys()):
        yield PropertyFailure.at(("volumes", code), "no machine is declared in this region")
    named = [one for ids in volumes.values() if ids is not UNKNOWN for one in ids if one is not UNKNOWN]
    for one in sorted({one for one in named if named.count(one) > 1}):
        yield PropertyFailure(path="volumes", reason=f"{one} is named twice; a volume serves one machine")


def _with_volume(config: Value) -> Value:
    """Let a template's mount pass as one of a machine, which gets its volume by its slot."""
    mounts = config.get("mounts") if isinstance(config, Mapping) else None
    if not isinstance(mounts, list):
        return config
    named = [{"volume": UNKNOWN, **mount} if isinstance(mount, Mapping) else mount for mount in mounts]
    return {**config, "mounts": named}


def _region(path: Path, code: object) -> Iterator[PropertyFailure]:
    reason = fly_region_problem(code) if isinstance(code, str) else None
    if reason is not None:
        yield PropertyFailure.at(path, reason)


def _known(inputs: Properties, name: str) -> Mapping[str, Any]:
    found = inputs.get(name)
    return found if isinstance(found, Mapping) else {}
