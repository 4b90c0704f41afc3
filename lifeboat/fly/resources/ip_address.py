"""`fly:index:IpAddress`: an address at which an app is reached."""

from __future__ import annotations

import pulumi

from lifeboat.fly.resources.base import FlyResource


class IpAddress(FlyResource):
    """An ingress address; it stays the same when the app moves, so protect it. Import with `app/ip`."""

    app: pulumi.Output[str] = pulumi.property("app")
    """Name of the app."""
    type: pulumi.Output[str] = pulumi.property("type")
    """Kind of address."""
    region: pulumi.Output[str | None] = pulumi.property("region")
    """Region of a dedicated IPv4 address, where one was named."""
    network: pulumi.Output[str | None] = pulumi.property("network")
    """Private network of a `private_v6` address, where one was named."""
    ip: pulumi.Output[str] = pulumi.property("ip")
    """The address."""

    def __init__(
        self,
        resource_name: str,
        *,
        app: pulumi.Input[str],
        type: pulumi.Input[str],
        region: pulumi.Input[str] | None = None,
        network: pulumi.Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare an address.

        Args:
            resource_name: the Pulumi name.
            app: name of the app.
            type: `v4` (dedicated, charged), `v6`, `shared_v4` or `private_v6`.
            region: region of a dedicated IPv4 address; all without it.
            network: private network of a `private_v6` address; the app's own without it.
            opts: the engine's options; use `protect`.
        """
        inputs = {"app": app, "type": type, "region": region, "network": network}
        super().__init__("fly:index:IpAddress", resource_name, inputs, opts=opts)
