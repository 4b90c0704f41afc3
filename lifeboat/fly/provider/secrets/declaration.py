"""What the secrets of an app look like in the package."""

from __future__ import annotations

from lifeboat.fly.provider.schema.declaration import ObjectType, Property, ResourceDeclaration
from lifeboat.fly.provider.schema.expression import INTEGER, STRING, list_of, map_of, object_of
from lifeboat.fly.provider.schema.identity import token_of

SOURCE = ObjectType(
    token=token_of("SecretSource"),
    description="Where the value of one app secret is kept: a secret of AWS Secrets Manager.",
    properties={
        "secret": Property(type=STRING, description="Name or ARN of the secret.", required=True),
        "regions": Property(
            type=list_of(STRING),
            description="AWS regions that hold it, tried in this order: its own, then those of its replicas.",
            required=True,
        ),
        "field": Property(
            type=STRING, description="For a secret that is a JSON object: the field that is the value."
        ),
        "template": Property(
            type=STRING,
            description=(
                "A URL around the value, with `{value}` where it belongs; there it is percent-encoded. "
                "Everything else in it is kept in the state as it is."
            ),
        ),
        "fingerprint": Property(
            type=STRING,
            description="Any text; when it changes, the value is read and sent again.",
        ),
    },
)

APP_SECRETS = ResourceDeclaration(
    token=token_of("AppSecrets"),
    description=(
        "The secrets of an app that a program manages; those set by others, such as `fly secrets set`, are "
        "never touched. One per app.\n\n"
        "Values come from AWS Secrets Manager (`sources`) or from Pulumi secrets (`values`) and reach Fly "
        "in one batch. Neither the state nor any output, log or error holds a value from a source: the "
        "state knows Fly's digests and the version ids of the sources. A preview asks Secrets Manager for "
        "the current version ids, so it shows a rotated secret. A source without a value yet is listed in "
        "`missing` and set by the next run that finds one; a source that vanishes leaves what Fly has.\n\n"
        "Machines see new secrets with their next update or start: pass `version` to them as "
        "`secretsVersion`.\n\n"
        "Import with the app's name: digests only, no values."
    ),
    inputs={
        "app": Property(type=STRING, description="Name of the app.", required=True, replaces=True),
        "sources": Property(
            type=map_of(object_of(SOURCE.token)),
            description="Where values are kept in AWS Secrets Manager, by name of the app secret.",
        ),
        "values": Property(
            type=map_of(STRING),
            description="Values that are Pulumi secrets, by name of the app secret.",
            secret=True,
            echoed=False,
        ),
    },
    outputs={
        "version": Property(
            type=INTEGER,
            description="The app's secrets version with the last write of this resource; 0 before the first.",
            required=True,
        ),
        "digests": Property(
            type=map_of(STRING), description="Fly's digest of each managed secret.", required=True
        ),
        "sourceVersions": Property(
            type=map_of(STRING),
            description="The version id in Secrets Manager of what was sent, by name of the app secret.",
            required=True,
        ),
        "missing": Property(
            type=list_of(STRING),
            description="Names of the app secrets whose source has no value yet.",
            required=True,
        ),
    },
    types=(SOURCE,),
)
