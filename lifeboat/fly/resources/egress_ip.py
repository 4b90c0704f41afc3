"""`fly:index:EgressIp`: the addresses from which an app's machines of a region call out."""

from __future__ import annotations

import pulumi

from lifeboat.fly.resources.base import FlyResource


class EgressIp(FlyResource):
    """A pair of egress addresses, named by allow lists: protect it. Import with `app/egress/region`."""

    app: pulumi.Output[str] = pulumi.property("app")
    """Name of the app."""
    region: pulumi.Output[str] = pulumi.property("region")
    """Code of the region."""
    ipv4: pulumi.Output[str] = pulumi.property("ipv4")
    """The IPv4 address."""
    ipv6: pulumi.Output[str] = pulumi.property("ipv6")
    """The IPv6 address."""

    def __init__(
        self,
        resource_name: str,
        *,
        app: pulumi.Input[str],
        region: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare a pair.

        Args:
            resource_name: the Pulumi name.
            app: name of the app.
            region: code of the region, such as `sjc`.
            opts: the engine's options; use `protect`.
        """
        inputs = {"app": app, "region": region}
        super().__init__("fly:index:EgressIp", resource_name, inputs, opts=opts, old_first=True)
