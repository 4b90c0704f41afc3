"""`fly:index:Certificate`: a host name of an app and the certificate for it."""

from __future__ import annotations

import pulumi

from lifeboat.fly.resources.base import FlyResource
from lifeboat.fly.resources.dns_requirements import DnsRequirements


class Certificate(FlyResource):
    """A host name and its certificate, by Fly or an own one. Import with `app/hostname`."""

    app: pulumi.Output[str] = pulumi.property("app")
    """Name of the app."""
    hostname: pulumi.Output[str] = pulumi.property("hostname")
    """The host name."""
    fullchain: pulumi.Output[str | None] = pulumi.property("fullchain")
    """The own certificate with its chain, PEM."""
    wait: pulumi.Output[bool] = pulumi.property("wait")
    """Whether the run waits until the certificate is active."""
    status: pulumi.Output[str] = pulumi.property("status")
    """`active`, `pending_ownership` or `pending_validation`."""
    configured: pulumi.Output[bool] = pulumi.property("configured")
    """Whether the DNS of the host name leads to the app."""
    dns_requirements: pulumi.Output[DnsRequirements] = pulumi.property("dnsRequirements")
    """The records its DNS needs."""

    def __init__(  # noqa: PLR0913  # one keyword per property of the type
        self,
        resource_name: str,
        *,
        app: pulumi.Input[str],
        hostname: pulumi.Input[str],
        fullchain: pulumi.Input[str] | None = None,
        private_key: pulumi.Input[str] | None = None,
        wait: pulumi.Input[bool] = False,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare a certificate.

        Args:
            resource_name: the Pulumi name.
            app: name of the app.
            hostname: the host name, or `*.` and a domain.
            fullchain: an own certificate with its chain, PEM.
            private_key: its key, PEM; kept as a secret and never an output.
            wait: waits until it is active; only for DNS that is not made from this resource's outputs.
            opts: the engine's options.
        """
        inputs = {"app": app, "hostname": hostname, "fullchain": fullchain, "wait": wait}
        super().__init__(
            "fly:index:Certificate",
            resource_name,
            inputs,
            hidden={"privateKey": private_key},
            opts=opts,
            old_first=True,
        )
