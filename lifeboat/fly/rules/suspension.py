"""Which machines can be suspended: at most 2 GB of memory, no swap, no schedule, no GPU.

Source: docs `reference/suspend-resume`. Beyond the limits Fly stops the machine instead, without a word, so a
program that counts on fast resumes must hear of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lifeboat.fly.rules.guests import DEFAULT_GUEST, PRESETS
from lifeboat.fly.rules.leaves import whole_number
from lifeboat.fly.rules.problem import Problem
from lifeboat.fly.rules.service_rules import mappings_of

MAX_SUSPENDED_MEMORY_MB = 2048


def autostop_problems(config: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what keeps a machine from being suspended, when one of its services asks for that."""
    services = mappings_of(config.get("services"), ("services",))
    if any(service.get("autostop") == "suspend" for _, service in services):
        yield from suspension_problems(config)


def suspension_problems(config: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what keeps a machine of this config from being suspended."""
    memory_mb = _memory_mb(config)
    if memory_mb is not None and memory_mb > MAX_SUSPENDED_MEMORY_MB:
        yield Problem(
            path=("guest", "memory_mb"),
            reason=f"{memory_mb} MB cannot be suspended; the limit is {MAX_SUSPENDED_MEMORY_MB} MB",
        )
    if _part(config, "init").get("swap_size_mb"):
        yield Problem(path=("init", "swap_size_mb"), reason="a machine with swap cannot be suspended")
    if config.get("schedule"):
        yield Problem(path=("schedule",), reason="a machine with a schedule cannot be suspended")
    if _part(config, "guest").get("gpus") or _part(config, "guest").get("gpu_kind"):
        yield Problem(path=("guest", "gpu_kind"), reason="a machine with a gpu cannot be suspended")


def _memory_mb(config: Mapping[str, Any]) -> int | None:
    guest = _part(config, "guest")
    if guest:
        return whole_number(guest.get("memory_mb"))
    preset = PRESETS.get(str(config.get("size")), DEFAULT_GUEST)
    return preset.memory_mb


def _part(config: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = config.get(key)
    return part if isinstance(part, Mapping) else {}
