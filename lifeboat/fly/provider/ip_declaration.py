"""What ingress and egress addresses look like in the package."""

from __future__ import annotations

from lifeboat.fly.provider.schema.declaration import Property, ResourceDeclaration
from lifeboat.fly.provider.schema.expression import STRING
from lifeboat.fly.provider.schema.identity import token_of

INGRESS_TYPES = ("v4", "v6", "shared_v4", "private_v6")
"""Kinds of ingress address, as Fly names them."""

_APP = Property(type=STRING, description="Name of the app.", required=True, replaces=True)

IP_ADDRESS = ResourceDeclaration(
    token=token_of("IpAddress"),
    description=(
        "An address at which an app is reached. It belongs to no region and stays the same when the app "
        "moves; **protect** it, because DNS outside of Fly names it.\n\n"
        "One per app, type, region and network within a program: an address of the app that fits and that "
        "nothing else has is adopted, such as those that a first `fly deploy` allocated. Dedicated IPv4 is "
        "charged.\n\n"
        "Import with app and address: `pulumi import fly:index:IpAddress v6 shop-web/2a09:8280:1::1:2`."
    ),
    inputs={
        "app": _APP,
        "type": Property(
            type=STRING,
            description="Kind of address; `private_v6` is reached from private networks only (Flycast).",
            required=True,
            replaces=True,
            allowed=INGRESS_TYPES,
        ),
        "region": Property(
            type=STRING,
            description="Region of a dedicated IPv4 address; all regions without it.",
            replaces=True,
        ),
        "network": Property(
            type=STRING,
            description="Private network of a `private_v6` address; the app's own without it.",
            replaces=True,
        ),
    },
    outputs={"ip": Property(type=STRING, description="The address.", required=True)},
)

EGRESS_IP = ResourceDeclaration(
    token=token_of("EgressIp"),
    description=(
        "A pair of addresses, IPv4 and IPv6, from which the machines of one app in one region call out. "
        "Databases and partners name them in their allow lists, also those of the standby region: "
        "**protect** them. They take some minutes to carry traffic and are charged.\n\n"
        "A pair that the app has in the region already is adopted. "
        "Import with app and region: `pulumi import fly:index:EgressIp out shop-web/egress/sjc`."
    ),
    inputs={
        "app": _APP,
        "region": Property(
            type=STRING, description="Code of the region, such as `sjc`.", required=True, replaces=True
        ),
    },
    outputs={
        "ipv4": Property(type=STRING, description="The IPv4 address.", required=True),
        "ipv6": Property(type=STRING, description="The IPv6 address.", required=True),
    },
)
