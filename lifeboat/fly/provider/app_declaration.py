"""What an app looks like in the package."""

from __future__ import annotations

from lifeboat.fly.provider.schema.declaration import Property, ResourceDeclaration
from lifeboat.fly.provider.schema.expression import BOOLEAN, INTEGER, STRING
from lifeboat.fly.provider.schema.identity import token_of

APP = ResourceDeclaration(
    token=token_of("App"),
    description=(
        "A Fly app: the name that machines, volumes, addresses, certificates and secrets belong to.\n\n"
        "An app of this name in the same organisation is adopted; one in another organisation is an error, "
        "because app names are one namespace for all of Fly. Every input is fixed at creation, so a change "
        "makes a new app and everything in it: **protect** an app that holds data. Deleting is refused while "
        "the app still has machines that no Pulumi program made, or volumes.\n\n"
        "Import with the app's name: `pulumi import fly:index:App web shop-web`."
    ),
    inputs={
        "name": Property(
            type=STRING,
            description="Name of the app, unique on all of Fly: up to 62 lower-case letters, digits, dashes.",
            required=True,
            replaces=True,
        ),
        "org": Property(
            type=STRING,
            description="Slug of the organisation that owns it, such as `personal`.",
            required=True,
            replaces=True,
        ),
        "network": Property(
            type=STRING,
            description="Name of a custom private network (6PN); without it the organisation's own.",
            replaces=True,
        ),
        "enableSubdomains": Property(
            type=BOOLEAN,
            description="Whether host names below `<name>.fly.dev` reach the app too.",
            replaces=True,
        ),
    },
    outputs={
        "appId": Property(type=STRING, description="Fly's id of the app.", required=True),
        "internalNumericId": Property(
            type=INTEGER, description="Fly's number of the app, where it says one."
        ),
        "hostname": Property(
            type=STRING, description="Host name at which the app answers: `<name>.fly.dev`.", required=True
        ),
    },
)
