"""Fly apps: what stands in which Fly region, active where the primary database is, ready in the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from infra.desired.reference import DatabaseRef

RegionCounts = tuple[tuple[str, int], ...]
"""Machines by Fly region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredVolume:
    """A volume, for one machine; its name tells it from its sisters, so that it can be found again."""

    name: str
    volume_name: str
    fly_region: str
    size_gib: int
    snapshot_retention_days: int
    protected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredMachineGroup:
    """A process group of an app.

    Args:
        name: logical name, `fly-<app>-<group>`.
        group: the process group's name on Fly.
        regions: active machines.
        standby_regions: stopped machines that only have to start.
        config: Fly's own machine config, without what the provider adds.
        volumes: at least one per machine, by region and number; empty without disks.
        has_service: whether the world reaches it.
    """

    name: str
    group: str
    regions: RegionCounts
    standby_regions: RegionCounts
    fallback_regions: tuple[str, ...]
    config: dict[str, Any]
    strategy: str
    max_unavailable: int
    owner: str
    volumes: tuple[DesiredVolume, ...]
    has_service: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredAppSecret:
    """A secret an app receives: where its value is, and the text it is put into.

    `template` holds `{value}` and perhaps `{database}`, which stands for the address and port of `database`.
    """

    fly_name: str
    secret: str
    regions: tuple[str, ...]
    template: str | None
    database: DatabaseRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredAddress:
    """An ingress address: `type` shared_v4, v4 or v6. It does not change when a region is lost."""

    name: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredEgress:
    """Static egress addresses of an app in a Fly region."""

    name: str
    fly_region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredCertificate:
    """A host name the app answers to."""

    name: str
    hostname: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredFlyApp:
    """One app with everything that is its own.

    Args:
        name: logical name, `fly-<app>`.
        key: its name in the environment file and the contract.
        physical_name: its name on Fly.
        secrets_name: logical name of its batch of secrets.
    """

    name: str
    key: str
    physical_name: str
    organization: str
    image: str
    groups: tuple[DesiredMachineGroup, ...]
    secrets_name: str
    secrets: tuple[DesiredAppSecret, ...]
    addresses: tuple[DesiredAddress, ...]
    certificates: tuple[DesiredCertificate, ...]
    egress: tuple[DesiredEgress, ...]
    protected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredEgressRule:
    """Admits the egress address of an app in a Fly region to the database of an AWS region."""

    name: str
    network: str
    region: str
    egress: str
    port: int
    description: str
