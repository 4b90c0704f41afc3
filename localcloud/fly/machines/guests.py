"""Sizes of machines: the presets, what may be combined, and what a machine takes of its host. Pure.

Source: flyctl's size table (fly.md 2.4): shared cpus 256 to 2048 MB each in steps of 256, performance cpus
2048 to 8192 MB each in steps of 1024.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.fly.wire_error import WireError

DEFAULT_SIZE = "shared-cpu-1x"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    cpus: tuple[int, ...]
    step_mb: int
    least_mb: int
    most_mb: int


_KINDS = {
    "shared": _Kind(cpus=(1, 2, 4, 6, 8), step_mb=256, least_mb=256, most_mb=2048),
    "performance": _Kind(
        cpus=(1, 2, 4, 6, 8, 10, 12, 14, 16, 32, 64, 128), step_mb=1024, least_mb=2048, most_mb=8192
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a machine takes of its host."""

    cpus: int
    memory_mb: int


def guest_of_size(size: str) -> dict[str, Any]:
    """Return the guest of a preset such as `shared-cpu-2x` or `performance-1x`.

    Raises:
        WireError: 400, there is no such preset.
    """
    kind, _, count = size.removesuffix("x").replace("-cpu", "").rpartition("-")
    known = _KINDS.get(kind)
    if known is None or not count.isdecimal() or int(count) not in known.cpus:
        raise WireError(400, f"invalid_argument: invalid machine size {size!r}")
    return {"cpu_kind": kind, "cpus": int(count), "memory_mb": int(count) * known.least_mb}


def check_guest(guest: Mapping[str, Any]) -> None:
    """Refuse a guest that Fly does not sell.

    Raises:
        WireError: 400 naming the field.
    """
    kind = _KINDS.get(guest["cpu_kind"])
    cpus, memory_mb = guest["cpus"], guest["memory_mb"]
    if kind is None:
        raise WireError(400, f"invalid_argument: invalid config.guest.cpu_kind {guest['cpu_kind']!r}")
    if cpus not in kind.cpus:
        raise WireError(400, f"invalid_argument: invalid config.guest.cpus, {cpus} is not one of {kind.cpus}")
    if memory_mb % kind.step_mb:
        raise WireError(
            400, f"invalid_argument: invalid config.guest.memory_mb, must be a multiple of {kind.step_mb} MiB"
        )
    if memory_mb < cpus * kind.least_mb:
        raise WireError(
            400,
            f"invalid_argument: invalid config.guest.memory_mb, minimum required {cpus * kind.least_mb} MiB",
        )
    if memory_mb > cpus * kind.most_mb:
        raise WireError(
            400, f"invalid_argument: invalid config.guest.memory_mb, cannot exceed {cpus * kind.most_mb} MiB"
        )


def need_of(config: Mapping[str, Any]) -> Need:
    """Return what a machine with this (completed) configuration takes."""
    guest = config["guest"]
    return Need(cpus=guest["cpus"], memory_mb=guest["memory_mb"])
