"""`fly:index:App`: a Fly app, adopted when its organisation has it already."""

from __future__ import annotations

import pulumi

from lifeboat.fly.resources.base import FlyResource


class App(FlyResource):
    """The name that machines, volumes, addresses, certificates and secrets belong to.

    Every input is fixed at creation, so a change makes a new app: protect one that holds data. Import with
    its name.
    """

    name: pulumi.Output[str] = pulumi.property("name")
    """Name of the app, unique on all of Fly."""
    org: pulumi.Output[str] = pulumi.property("org")
    """Slug of the organisation that owns it."""
    network: pulumi.Output[str | None] = pulumi.property("network")
    """The custom private network, where one was named."""
    enable_subdomains: pulumi.Output[bool | None] = pulumi.property("enableSubdomains")
    """Whether host names below its own reach it."""
    app_id: pulumi.Output[str] = pulumi.property("appId")
    """Fly's id of the app."""
    internal_numeric_id: pulumi.Output[int | None] = pulumi.property("internalNumericId")
    """Fly's number of the app."""
    hostname: pulumi.Output[str] = pulumi.property("hostname")
    """Host name at which it answers: `<name>.fly.dev`."""

    def __init__(
        self,
        resource_name: str,
        *,
        name: pulumi.Input[str],
        org: pulumi.Input[str],
        network: pulumi.Input[str] | None = None,
        enable_subdomains: pulumi.Input[bool] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare an app.

        Args:
            resource_name: the Pulumi name.
            name: up to 62 lower-case letters, digits and dashes, unique on all of Fly.
            org: slug of the organisation.
            network: a custom private network; the organisation's own without it.
            enable_subdomains: whether host names below `<name>.fly.dev` reach the app too.
            opts: the engine's options; use `protect` for an app that holds data.
        """
        inputs = {"name": name, "org": org, "network": network, "enable_subdomains": enable_subdomains}
        super().__init__("fly:index:App", resource_name, inputs, opts=opts, old_first=True)
