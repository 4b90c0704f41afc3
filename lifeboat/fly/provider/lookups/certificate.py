"""`getCertificate`: what stands for a host name, as of Fly's last check."""

from __future__ import annotations

from lifeboat.fly.client import FlyClient
from lifeboat.fly.provider.certificate_declaration import CERTIFICATE_FACTS, CERTIFICATE_TYPES
from lifeboat.fly.provider.certificate_facts import certificate_facts
from lifeboat.fly.provider.lookups.lookup import Lookup
from lifeboat.fly.provider.schema.declaration import FunctionDeclaration, Property
from lifeboat.fly.provider.schema.expression import STRING
from lifeboat.fly.provider.schema.identity import token_of
from lifeboat.providerkit.values import Properties


def _certificate(client: FlyClient, arguments: Properties) -> Properties:
    detail = client.certificates.get(arguments["app"], arguments["hostname"])
    return {"hostname": detail.hostname, **certificate_facts(detail)}


GET_CERTIFICATE = Lookup(
    declaration=FunctionDeclaration(
        token=token_of("getCertificate"),
        description="The certificate of a host name; one that the app does not have is an error.",
        inputs={
            "app": Property(type=STRING, description="Name of the app.", required=True),
            "hostname": Property(type=STRING, description="The host name.", required=True),
        },
        outputs={
            "hostname": Property(type=STRING, description="The host name.", required=True),
            **CERTIFICATE_FACTS,
        },
        types=CERTIFICATE_TYPES,
    ),
    answer=_certificate,
)
