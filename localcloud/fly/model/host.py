"""Hosts: the physical servers inside a region, whose capacity and health machines and volumes share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Host:
    """A server; `zone` is its fault domain, `status` ok, unknown or unreachable."""

    id: str
    region: str
    zone: str
    cpus: int
    memory_mb: int
    volume_gb: int
    status: str = "ok"
