"""The DNS records that a host name of an app needs."""

from __future__ import annotations

import pulumi


@pulumi.output_type
class AcmeChallenge:
    """The CNAME that lets Fly answer the certificate authority's DNS challenges."""

    name: str = pulumi.property("name")
    """Name of the record."""
    target: str = pulumi.property("target")
    """What it points at."""


@pulumi.output_type
class DnsOwnership:
    """The TXT record that proves who owns the host name, by app or by organisation."""

    name: str = pulumi.property("name")
    """Name of the record."""
    app_value: str = pulumi.property("appValue")
    """Value that names the app."""
    org_value: str = pulumi.property("orgValue")
    """Value that names the organisation."""


@pulumi.output_type
class DnsRequirements:
    """The records; either `cname`, or `a` and `aaaa`."""

    a: list[str] = pulumi.property("a")
    """Addresses of A records."""
    aaaa: list[str] = pulumi.property("aaaa")
    """Addresses of AAAA records."""
    cname: str = pulumi.property("cname")
    """Target of a CNAME."""
    acme_challenge: AcmeChallenge = pulumi.property("acmeChallenge")
    """The CNAME for challenges."""
    ownership: DnsOwnership = pulumi.property("ownership")
    """The TXT record of the owner."""
