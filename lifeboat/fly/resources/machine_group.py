"""`fly:index:MachineGroup`: the machines of one process group, rolled under leases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from lifeboat.fly.resources.base import FlyResource


class MachineGroup(FlyResource):
    """So many machines per region from one template, and stopped standbys in other regions.

    Everything but app and group changes in place. Import with `app/group`.
    """

    app: pulumi.Output[str] = pulumi.property("app")
    """Name of the app."""
    group: pulumi.Output[str] = pulumi.property("group")
    """The process group, as flyctl knows it."""
    config: pulumi.Output[Mapping[str, Any]] = pulumi.property("config")
    """The template, in Fly's own spelling."""
    regions: pulumi.Output[Mapping[str, int]] = pulumi.property("regions")
    """How many machines serve in which region."""
    standby_regions: pulumi.Output[Mapping[str, int] | None] = pulumi.property("standbyRegions")
    """How many stopped machines wait in which other region."""
    fallback_regions: pulumi.Output[Sequence[str] | None] = pulumi.property("fallbackRegions")
    """Where a machine may stand when its region has no room."""
    strategy: pulumi.Output[str] = pulumi.property("strategy")
    """`rolling`, `canary`, `bluegreen` or `immediate`."""
    max_unavailable: pulumi.Output[float] = pulumi.property("maxUnavailable")
    """How many machines may be away at once: a count, or a share below 1."""
    owner: pulumi.Output[str] = pulumi.property("owner")
    """`iac`, or `deploy` when deploys own image and release metadata."""
    secrets_version: pulumi.Output[int | None] = pulumi.property("secretsVersion")
    """The app's secrets version the machines must have."""
    volumes: pulumi.Output[Mapping[str, Sequence[str]] | None] = pulumi.property("volumes")
    """Volume ids by region, the n-th for slot n."""
    wait_timeout_s: pulumi.Output[float] = pulumi.property("waitTimeoutS")
    """How long one machine may take to serve, seconds."""
    machines: pulumi.Output[Sequence[Mapping[str, Any]]] = pulumi.property("machines")
    """Every machine by slot: id, name, region, slot, role, instance_id, state, host_status, cordoned,
    image_digest."""
    image_digest: pulumi.Output[str | None] = pulumi.property("imageDigest")
    """Digest of the image most machines run."""
    config_digest: pulumi.Output[str] = pulumi.property("configDigest")
    """Digest of what the template means, the image included."""
    incarnation: pulumi.Output[str] = pulumi.property("incarnation")
    """Marks the machines that go when this resource goes."""
    settled: pulumi.Output[bool | None] = pulumi.property("settled")
    """False when the next update goes on, whatever the inputs are."""

    def __init__(  # noqa: PLR0913  # one argument per property of the type
        self,
        resource_name: str,
        *,
        app: pulumi.Input[str],
        group: pulumi.Input[str],
        config: pulumi.Input[Mapping[str, Any]],
        regions: pulumi.Input[Mapping[str, pulumi.Input[int]]],
        standby_regions: pulumi.Input[Mapping[str, pulumi.Input[int]]] | None = None,
        fallback_regions: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        strategy: pulumi.Input[str] | None = None,
        max_unavailable: pulumi.Input[float] | None = None,
        owner: pulumi.Input[str] | None = None,
        secrets_version: pulumi.Input[int] | None = None,
        volumes: pulumi.Input[Mapping[str, pulumi.Input[Sequence[pulumi.Input[str]]]]] | None = None,
        wait_timeout_s: pulumi.Input[float] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare a group.

        Args:
            resource_name: the Pulumi name.
            app: name of the app.
            group: the process group; machines are named `<group>-<region>-<n>`.
            config: the template, in Fly's own spelling.
            regions: machines that serve, by region.
            standby_regions: machines that wait stopped and cordoned, by region.
            fallback_regions: where to go, in order, when a region has no room.
            strategy: `rolling` (default), `canary`, `bluegreen` or `immediate`.
            max_unavailable: machines away at once in a rolling update: a count (default 1), or a share
                below 1.
            owner: `iac` (default), or `deploy` when deploys own image and release metadata.
            secrets_version: the app's secrets version the machines must have; a newer one restarts each
                once.
            volumes: volume ids by region, one per machine; needed when the template has a mount.
            wait_timeout_s: how long one machine may take to serve, seconds (default 300).
            opts: the engine's options.
        """
        inputs = {
            "app": app,
            "group": group,
            "config": config,
            "regions": regions,
            "standby_regions": standby_regions,
            "fallback_regions": fallback_regions,
            "strategy": strategy,
            "max_unavailable": max_unavailable,
            "owner": owner,
            "secrets_version": secrets_version,
            "volumes": volumes,
            "wait_timeout_s": wait_timeout_s,
        }
        super().__init__("fly:index:MachineGroup", resource_name, inputs, opts=opts)
