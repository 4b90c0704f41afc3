"""One form of a machine config in which a declared and an observed one are equal when they mean the same.

The server fills in what was left out (the guest of a `size`, the restart policy, `init: {}`), writes booleans
for "off" and "stop", lengths of time in its own way, and what it knows of a mounted volume. Comparing raw
configs shows drift on every refresh; sending the normalised form instead of the declared one is never needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lifeboat.fly.rules.guests import CPU_KINDS, DEFAULT_GUEST, PRESETS, Guest
from lifeboat.fly.rules.leaves import whole_number
from lifeboat.fly.rules.machine_shape import MACHINE
from lifeboat.providerkit.values import Value

DEFAULT_RESTART_POLICY = "on-failure"
DEFAULT_MAX_RETRIES = 10
_FILLED_FROM_VOLUME = ("name", "size_gb", "encrypted")


def normalise(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the one form of a machine config; the argument is not changed.

    Unknown keys and values a preview cannot know stay as they are. What no source states as a default, such
    as `autostart`, is not treated as one.
    """
    meant: dict[str, Any] = dict(MACHINE.canonical(config) or {})
    size = meant.get("size")
    _put(meant, "guest", _guest(meant.get("guest"), size))
    if _preset(size) is not None:
        meant.pop("size", None)
    _put(meant, "rootfs", _rootfs(meant.get("rootfs"), meant.get("guest")))
    _put(meant, "restart", _restart(meant.get("restart")))
    _put(meant, "mounts", _mounts(meant.get("mounts")))
    return dict(sorted(meant.items()))


def same_config(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether two machine configs mean the same."""
    return normalise(one) == normalise(other)


def _guest(guest: Value, size: Value) -> Value:
    if guest is None:
        preset = _preset(size)
        return None if preset is None else _filled({}, preset)
    if not isinstance(guest, Mapping):
        return guest
    kind = guest.get("cpu_kind", DEFAULT_GUEST.cpu_kind)
    cpus = guest.get("cpus", DEFAULT_GUEST.cpus)
    return _filled(guest, Guest(cpu_kind=kind, cpus=cpus, memory_mb=_least_memory_mb(kind, cpus)))


def _preset(size: Value) -> Guest | None:
    if size is None:
        return DEFAULT_GUEST
    return PRESETS.get(size) if isinstance(size, str) else None


def _filled(guest: Mapping[str, Any], preset: Guest) -> dict[str, Any]:
    return {"cpu_kind": preset.cpu_kind, "cpus": preset.cpus, "memory_mb": preset.memory_mb, **guest}


def _least_memory_mb(kind: Value, cpus: Value) -> int:
    count = whole_number(cpus)
    if not isinstance(kind, str) or kind not in CPU_KINDS or count is None:
        return DEFAULT_GUEST.memory_mb
    return CPU_KINDS[kind].min_mb_per_cpu * count


def _rootfs(rootfs: Value, guest: Value) -> Value:
    # The guest's key is the deprecated spelling of the same setting.
    persist = guest.pop("persist_rootfs", None) if isinstance(guest, dict) else None
    if persist is None or not isinstance(rootfs, Mapping | None):
        return rootfs
    return {"persist": persist, **(rootfs or {})}


def _restart(restart: Value) -> Value:
    if not isinstance(restart, Mapping):
        return restart
    policy = restart.get("policy", DEFAULT_RESTART_POLICY)
    rest = {key: one for key, one in restart.items() if key not in ("policy", "max_retries")}
    if policy != DEFAULT_RESTART_POLICY:
        return {"policy": policy, **rest}
    retries = restart.get("max_retries")
    if retries in (None, 0, DEFAULT_MAX_RETRIES):
        return rest or None
    return {"policy": policy, "max_retries": retries, **rest}


def _mounts(mounts: Value) -> Value:
    if not isinstance(mounts, list):
        return mounts
    return [_mount(mount) if isinstance(mount, Mapping) else mount for mount in mounts]


def _mount(mount: Mapping[str, Any]) -> dict[str, Any]:
    if not mount.get("volume"):
        return dict(mount)
    return {key: value for key, value in mount.items() if key not in _FILLED_FROM_VOLUME}


def _put(meant: dict[str, Any], key: str, value: Value) -> None:
    if value is None:
        meant.pop(key, None)
    else:
        meant[key] = value
