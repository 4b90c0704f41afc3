"""`getApp`: an app by its name."""

from __future__ import annotations

from lifeboat.fly.client import FlyClient
from lifeboat.fly.provider.lookups.lookup import Lookup
from lifeboat.fly.provider.schema.declaration import FunctionDeclaration, Property
from lifeboat.fly.provider.schema.expression import INTEGER, STRING
from lifeboat.fly.provider.schema.identity import token_of
from lifeboat.providerkit.values import Properties


def _app(client: FlyClient, arguments: Properties) -> Properties:
    app = client.apps.get(arguments["name"])
    return {
        "name": app.name,
        "org": app.organization.slug,
        "appId": app.id,
        "status": app.status,
        "network": app.network,
        "hostname": f"{app.name}.fly.dev",
        "machineCount": app.machine_count,
        "volumeCount": app.volume_count,
    }


GET_APP = Lookup(
    declaration=FunctionDeclaration(
        token=token_of("getApp"),
        description="An app that exists; one that does not is an error.",
        inputs={"name": Property(type=STRING, description="Name of the app.", required=True)},
        outputs={
            "name": Property(type=STRING, description="Name of the app.", required=True),
            "org": Property(type=STRING, description="Slug of its organisation.", required=True),
            "appId": Property(type=STRING, description="Fly's id of it.", required=True),
            "status": Property(type=STRING, description="Such as `deployed`.", required=True),
            "network": Property(type=STRING, description="Its private network.", required=True),
            "hostname": Property(type=STRING, description="`<name>.fly.dev`.", required=True),
            "machineCount": Property(type=INTEGER, description="Live machines, where Fly counts them."),
            "volumeCount": Property(type=INTEGER, description="Volumes, where Fly counts them."),
        },
    ),
    answer=_app,
)
