"""What observed machines say about the inputs that would describe them: refresh and import. Pure.

Only what means something else than the known inputs is taken over, so what Fly fills in is no drift.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lifeboat.fly.provider.groups import marks as keys
from lifeboat.fly.provider.groups.blueprint import PRIMARY_REGION, PROCESS_GROUP
from lifeboat.fly.provider.groups.images import same_image
from lifeboat.fly.provider.groups.member import Member
from lifeboat.fly.rules.normalise import normalise

_OURS = (keys.OUR_PREFIX, keys.FLY_PREFIX)
_FROM_VOLUME = ("name", "size_gb", "encrypted")


def described_config(member: Member, *, keep_volume: bool) -> dict[str, Any]:
    """Return a machine's configuration as a program would declare it, without what is added by us and flyctl.

    Args:
        member: the machine.
        keep_volume: whether the mount names its volume; a group's template does not.
    """
    config = {key: value for key, value in member.config.items() if value not in (None, {}, [])}
    _put(config, "metadata", _without(config.get("metadata"), lambda key: key.startswith(_OURS)))
    _put(config, "env", _without(config.get("env"), lambda key: key in (PROCESS_GROUP, PRIMARY_REGION)))
    if config.get("mounts"):
        config["mounts"] = [_mount(mount, keep_volume=keep_volume) for mount in config["mounts"]]
    return config


def drifted_config(known: Mapping[str, Any], member: Member, *, keep_volume: bool) -> dict[str, Any]:
    """Return the known configuration with the parts that the machine contradicts taken from the machine.

    Args:
        known: as the program declared it.
        member: the machine.
        keep_volume: as in `described_config`.
    """
    found = described_config(member, keep_volume=keep_volume)
    _keep_declared_variables(known, member, found)
    if same_image(str(known.get("image") or ""), member):
        found["image"] = known.get("image")
    one, other = _meaning(known), _meaning(found)
    changed = {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}
    drifted = {key: value for key, value in known.items() if key not in changed}
    drifted |= {key: found[key] for key in changed if key in found}
    if "guest" in changed:
        drifted.pop("size", None)
    return drifted


def _keep_declared_variables(known: Mapping[str, Any], member: Member, found: dict[str, Any]) -> None:
    declared, there = known.get("env") or {}, member.config.get("env") or {}
    named = {key: there[key] for key in (PROCESS_GROUP, PRIMARY_REGION) if key in declared and key in there}
    _put(found, "env", {**(found.get("env") or {}), **named})
    marks = {
        key: value
        for key, value in member.metadata.items()
        if key in (known.get("metadata") or {}) and key.startswith(keys.FLY_PREFIX)
    }
    _put(found, "metadata", {**(found.get("metadata") or {}), **marks})


def _meaning(config: Mapping[str, Any]) -> dict[str, Any]:
    mounts = config.get("mounts")
    if not mounts:
        return normalise(config)
    return normalise({**config, "mounts": [{"volume": "any", **mount} for mount in mounts]})


def _mount(mount: Mapping[str, Any], *, keep_volume: bool) -> dict[str, Any]:
    dropped = _FROM_VOLUME if keep_volume else ("volume", *_FROM_VOLUME)
    return {key: value for key, value in mount.items() if key not in dropped}


def _without(mapping: Mapping[str, str] | None, is_dropped: Callable[[str], bool]) -> dict[str, str]:
    return {key: value for key, value in (mapping or {}).items() if not is_dropped(key)}


def _put(config: dict[str, Any], key: str, value: Mapping[str, str]) -> None:
    if value:
        config[key] = dict(value)
    else:
        config.pop(key, None)
