"""What the certificate of a host name looks like in the package."""

from __future__ import annotations

from lifeboat.fly.provider.schema.declaration import ObjectType, Property, ResourceDeclaration
from lifeboat.fly.provider.schema.expression import BOOLEAN, STRING, list_of, object_of
from lifeboat.fly.provider.schema.identity import token_of

CHALLENGE = ObjectType(
    token=token_of("AcmeChallenge"),
    description="The CNAME that lets Fly answer the certificate authority's DNS challenges.",
    properties={
        "name": Property(type=STRING, description="Name of the record.", required=True),
        "target": Property(type=STRING, description="What it points at.", required=True),
    },
)

OWNERSHIP = ObjectType(
    token=token_of("DnsOwnership"),
    description="The TXT record that proves who owns the host name, by app or by organisation.",
    properties={
        "name": Property(type=STRING, description="Name of the record.", required=True),
        "appValue": Property(type=STRING, description="Value that names the app.", required=True),
        "orgValue": Property(type=STRING, description="Value that names the organisation.", required=True),
    },
)

DNS_REQUIREMENTS = ObjectType(
    token=token_of("DnsRequirements"),
    description="The DNS records that a host name needs.",
    properties={
        "a": Property(type=list_of(STRING), description="Addresses of A records.", required=True),
        "aaaa": Property(type=list_of(STRING), description="Addresses of AAAA records.", required=True),
        "cname": Property(
            type=STRING, description="Target of a CNAME, instead of A and AAAA.", required=True
        ),
        "acmeChallenge": Property(
            type=object_of(CHALLENGE.token), description="The CNAME for challenges.", required=True
        ),
        "ownership": Property(
            type=object_of(OWNERSHIP.token), description="The TXT record of the owner.", required=True
        ),
    },
)

CERTIFICATE_TYPES = (CHALLENGE, OWNERSHIP, DNS_REQUIREMENTS)
"""The object types of what is said about a certificate."""

CERTIFICATE_FACTS = {
    "status": Property(
        type=STRING, description="`active`, `pending_ownership` or `pending_validation`.", required=True
    ),
    "configured": Property(
        type=BOOLEAN, description="Whether the DNS of the host name leads to the app.", required=True
    ),
    "dnsRequirements": Property(
        type=object_of(DNS_REQUIREMENTS.token), description="The records its DNS needs.", required=True
    ),
}
"""What both the resource and the look-up tell."""

CERTIFICATE = ResourceDeclaration(
    token=token_of("Certificate"),
    description=(
        "A host name of an app and the certificate for it: from Let's Encrypt through Fly, or an own one.\n\n"
        "It is made without waiting, so that the records of `dnsRequirements` can be made from its "
        "outputs. With `wait` the run goes on once the certificate is active; only for DNS that does not "
        "depend on this resource. A wait that ends too early keeps the certificate, and the next run waits "
        "again. A host name that the app has already is adopted; it is never removed to be repaired, "
        "because that spends the certificate authority's rate limit.\n\n"
        "Import with app and host name: `pulumi import fly:index:Certificate www shop-web/www.example.org`."
    ),
    inputs={
        "app": Property(type=STRING, description="Name of the app.", required=True, replaces=True),
        "hostname": Property(
            type=STRING, description="The host name, or `*.` and a domain.", required=True, replaces=True
        ),
        "fullchain": Property(
            type=STRING, description="An own certificate with its chain, PEM; needs `privateKey`."
        ),
        "privateKey": Property(
            type=STRING,
            description="Key of the own certificate, PEM; sent to Fly and never read back.",
            secret=True,
            echoed=False,
        ),
        "wait": Property(
            type=BOOLEAN, description="Whether to wait until the certificate is active.", default=False
        ),
    },
    outputs=CERTIFICATE_FACTS,
    types=CERTIFICATE_TYPES,
)
