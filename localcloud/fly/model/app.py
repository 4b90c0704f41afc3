"""Organisations, apps and their secrets."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from localcloud.fly.model.certificate import Certificate
from localcloud.fly.model.ip import IpAddress
from localcloud.fly.model.machine import Machine
from localcloud.fly.model.release import Build, Release
from localcloud.fly.model.volume import Volume


@dataclass(slots=True, kw_only=True)
class Organization:
    """An organisation; `memory_quota_mb` by region is what its machines may use there, None without limit."""

    slug: str
    name: str
    internal_numeric_id: int
    memory_quota_mb: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Secret:
    """An app secret; `version` is the app's secrets version that set this value."""

    name: str
    value: str
    digest: str
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(slots=True, kw_only=True)
class SecretKey:
    """A key kept by Fly; `material` is the private part."""

    name: str
    type: str
    material: bytes
    created_at: datetime
    updated_at: datetime


@dataclass(slots=True, kw_only=True)
class App:
    """An app and all that belongs to it.

    Machines stay here after they were destroyed (readable for a while, as on Fly); `address_port` is the
    loopback port on which the local edge answers for this app alone, 0 until it has an address.
    """

    id: str
    name: str
    internal_numeric_id: int
    org_slug: str
    network: str
    created_at: datetime
    role: str = ""
    enable_subdomains: bool = False
    idempotency_key: str = ""
    deleted_at: datetime | None = None
    machines: dict[str, Machine] = field(default_factory=dict)
    volumes: dict[str, Volume] = field(default_factory=dict)
    secrets: dict[str, Secret] = field(default_factory=dict)
    secret_keys: dict[str, SecretKey] = field(default_factory=dict)
    secrets_version: int = 0
    ips: list[IpAddress] = field(default_factory=list)
    certificates: dict[str, Certificate] = field(default_factory=dict)
    releases: list[Release] = field(default_factory=list)
    builds: list[Build] = field(default_factory=list)
    address_port: int = 0
