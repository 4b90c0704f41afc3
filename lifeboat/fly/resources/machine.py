"""`fly:index:Machine`: one machine, changed under a lease."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from lifeboat.fly.resources.base import FlyResource


class Machine(FlyResource):
    """One machine; for several of a kind use `MachineGroup`.

    Configuration, cordon and state change in place; another region, name or volume makes a new machine.
    Import with `app/machine`.
    """

    app: pulumi.Output[str] = pulumi.property("app")
    """Name of the app."""
    region: pulumi.Output[str] = pulumi.property("region")
    """Code of the region it stands in."""
    name: pulumi.Output[str] = pulumi.property("name")
    """Name, unique among the app's living machines."""
    config: pulumi.Output[Mapping[str, Any]] = pulumi.property("config")
    """The declared configuration, in Fly's own spelling."""
    owner: pulumi.Output[str] = pulumi.property("owner")
    """`iac`, or `deploy` when deploys own image and release metadata."""
    cordoned: pulumi.Output[bool] = pulumi.property("cordoned")
    """Whether the proxy keeps requests from it."""
    desired_state: pulumi.Output[str] = pulumi.property("desiredState")
    """`started`, `stopped` or `suspended`."""
    secrets_version: pulumi.Output[int | None] = pulumi.property("secretsVersion")
    """The app's secrets version it must have."""
    machine_id: pulumi.Output[str] = pulumi.property("machineId")
    """Fly's id."""
    instance_id: pulumi.Output[str] = pulumi.property("instanceId")
    """The version of its configuration."""
    state: pulumi.Output[str] = pulumi.property("state")
    """Where it is in its life."""
    private_ip: pulumi.Output[str | None] = pulumi.property("privateIp")
    """Its address in the private network; another one after a migration."""
    image_digest: pulumi.Output[str | None] = pulumi.property("imageDigest")
    """Digest of the image it runs."""
    incarnation: pulumi.Output[str] = pulumi.property("incarnation")
    """Marks the machine that goes when this resource goes."""

    def __init__(  # noqa: PLR0913  # one argument per property of the type
        self,
        resource_name: str,
        *,
        app: pulumi.Input[str],
        region: pulumi.Input[str],
        config: pulumi.Input[Mapping[str, Any]],
        name: pulumi.Input[str] | None = None,
        owner: pulumi.Input[str] | None = None,
        cordoned: pulumi.Input[bool] | None = None,
        desired_state: pulumi.Input[str] | None = None,
        secrets_version: pulumi.Input[int] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare a machine.

        Args:
            resource_name: the Pulumi name.
            app: name of the app.
            region: code of the region, such as `sjc`.
            config: what it runs and how, in Fly's own spelling.
            name: unique among the app's living machines; made from the Pulumi name without it.
            owner: `iac` (default), or `deploy` when deploys own image and release metadata.
            cordoned: whether the proxy keeps requests from it.
            desired_state: `started` (default), `stopped` or `suspended`.
            secrets_version: the app's secrets version it must have; a newer one restarts it once.
            opts: the engine's options.
        """
        inputs = {
            "app": app,
            "region": region,
            "name": name,
            "config": config,
            "owner": owner,
            "cordoned": cordoned,
            "desired_state": desired_state,
            "secrets_version": secrets_version,
        }
        super().__init__("fly:index:Machine", resource_name, inputs, opts=opts)
