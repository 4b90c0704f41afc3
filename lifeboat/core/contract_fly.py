"""The Fly half of the contract: what a recovery needs when Fly's control plane answers little or nothing.

Machines are told by id, name and place; which version of them runs is asked of Fly, because a deploy changes
it without changing this document. Everything an app can be rebuilt from is here, but for secret values.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from lifeboat.core.contract_part import FlyRegion, Part, Region


class FlyMachine(Part):
    """One machine; `standby` machines are stopped and only have to start."""

    id: str
    name: str
    region: FlyRegion
    role: Literal["active", "standby"]


class FlyGroup(Part):
    """A process group and the config its machines are made of."""

    regions: dict[FlyRegion, int]
    standby_regions: dict[FlyRegion, int]
    fallback_regions: list[FlyRegion]
    owner: Annotated[Literal["iac", "deploy"], Field(description="who decides which image runs")]
    strategy: str
    config: Annotated[dict[str, Any], Field(description="Fly's machine config, as declared")]
    config_digest: str
    image_digest: Annotated[str | None, Field(description="digest that ran when this was written")]
    machines: list[FlyMachine]


class FlyVolume(Part):
    """A volume, pinned to a host of its region."""

    id: str
    name: str
    region: FlyRegion
    group: str
    size_gib: Annotated[int, Field(gt=0)]


class FlySecret(Part):
    """Where the value of an app's secret is, and the text it is put into."""

    secret: Annotated[str, Field(description="name in Secrets Manager")]
    regions: list[Region]
    template: Annotated[str | None, Field(description="holds `{value}`, percent-encoded when filled in")]


class FlyCertificate(Part):
    """A host name and the DNS records it needs: `cname`, or `a` and `aaaa`, and the two proofs."""

    a: list[str]
    aaaa: list[str]
    cname: str
    acme_challenge: Annotated[dict[str, str], Field(description="CNAME record: name and target")]
    ownership: Annotated[dict[str, str], Field(description="TXT record: name, app_value and org_value")]


class FlyApp(Part):
    """One app."""

    name: str
    hostname: str
    addresses: Annotated[dict[str, str], Field(description="ingress addresses by type")]
    egress: Annotated[dict[FlyRegion, str], Field(description="static IPv4 egress addresses")]
    certificates: dict[str, FlyCertificate]
    groups: dict[str, FlyGroup]
    volumes: list[FlyVolume]
    secrets: Annotated[dict[str, FlySecret], Field(description="by the name the app sees")]


class Fly(Part):
    """The product on Fly."""

    organization: str
    regions: Annotated[dict[Region, FlyRegion], Field(description="the Fly region beside each AWS region")]
    apps: dict[str, FlyApp]
