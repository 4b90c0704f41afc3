"""Sizes of machines: the presets by name, and what each kind of CPU allows.

Source: `flyctl:internal/machine/update.go` and `fly-go:machine_types.go` (August 2026). A table, not a probe:
a size that is allowed here may still find no room in a region.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """CPUs and memory of a machine."""

    cpu_kind: str
    cpus: int
    memory_mb: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CpuKind:
    """What one kind of CPU allows: counts of CPUs, and memory per CPU with its step."""

    cpus: tuple[int, ...]
    step_mb: int
    min_mb_per_cpu: int
    max_mb_per_cpu: int


CPU_KINDS = MappingProxyType(
    {
        "shared": CpuKind(cpus=(1, 2, 4, 6, 8), step_mb=256, min_mb_per_cpu=256, max_mb_per_cpu=2048),
        "performance": CpuKind(
            cpus=(1, 2, 4, 6, 8, 10, 12, 14, 16, 32, 64, 128),
            step_mb=1024,
            min_mb_per_cpu=2048,
            max_mb_per_cpu=8192,
        ),
    }
)
"""Limits by kind of CPU."""

_LARGEST_PRESET_CPUS = 16


def _presets() -> Iterator[tuple[str, Guest]]:
    for kind, prefix in (("shared", "shared-cpu"), ("performance", "performance")):
        limits = CPU_KINDS[kind]
        for cpus in (count for count in limits.cpus if count <= _LARGEST_PRESET_CPUS):
            yield f"{prefix}-{cpus}x", Guest(cpu_kind=kind, cpus=cpus, memory_mb=cpus * limits.min_mb_per_cpu)


PRESETS = MappingProxyType(dict(_presets()))
"""Guests by the name of their size; each with the least memory its CPUs allow."""

DEFAULT_GUEST = PRESETS["shared-cpu-1x"]
"""What a machine gets that names neither a guest nor a size."""


def size_problem(size: str) -> str | None:
    """Say what is wrong with the name of a size; None when nothing is."""
    if size in PRESETS:
        return None
    near = get_close_matches(size, PRESETS, n=1, cutoff=0.5)
    return f"unknown size {size!r}" + (
        f"; did you mean {near[0]!r}?" if near else f"; known are {_known(PRESETS)}"
    )


def cpu_kind_problem(cpu_kind: str) -> str | None:
    """Say what is wrong with a kind of CPU; None when nothing is."""
    return (
        None if cpu_kind in CPU_KINDS else f"unknown kind of cpu {cpu_kind!r}; known are {_known(CPU_KINDS)}"
    )


def cpus_problem(cpu_kind: str, cpus: int) -> str | None:
    """Say what is wrong with a number of CPUs of a known kind; None when nothing is."""
    allowed = CPU_KINDS[cpu_kind].cpus
    if cpus in allowed:
        return None
    return f"{cpus} {cpu_kind} cpus are not offered; choose one of {', '.join(map(str, allowed))}"


def memory_problem(cpu_kind: str, cpus: int, memory_mb: int) -> str | None:
    """Say what is wrong with the memory for CPUs of a known kind, MiB; None when nothing is."""
    limits = CPU_KINDS[cpu_kind]
    least_mb, most_mb = cpus * limits.min_mb_per_cpu, cpus * limits.max_mb_per_cpu
    if memory_mb % limits.step_mb:
        return f"{memory_mb} MB is not a multiple of {limits.step_mb} MB, the step of {cpu_kind} cpus"
    if not least_mb <= memory_mb <= most_mb:
        return f"{memory_mb} MB does not go with {cpus} {cpu_kind} cpus; give {least_mb} to {most_mb} MB"
    return None


def _known(names: MappingProxyType[str, Guest] | MappingProxyType[str, CpuKind]) -> str:
    return ", ".join(names)
