"""`getVolumes`: the volumes of an app that can be used."""

from __future__ import annotations

from lifeboat.fly.client import FlyClient
from lifeboat.fly.client.models.volume import Volume
from lifeboat.fly.provider.lookups.lookup import Lookup
from lifeboat.fly.provider.schema.declaration import FunctionDeclaration, ObjectType, Property
from lifeboat.fly.provider.schema.expression import BOOLEAN, INTEGER, STRING, list_of, object_of
from lifeboat.fly.provider.schema.identity import token_of
from lifeboat.providerkit.values import Properties

_VOLUME = ObjectType(
    token=token_of("VolumeSummary"),
    description="A volume as it is now.",
    properties={
        "id": Property(type=STRING, description="Fly's id; changes when Fly moves it.", required=True),
        "name": Property(type=STRING, description="Its name, which others may share.", required=True),
        "region": Property(type=STRING, description="Code of its region.", required=True),
        "zone": Property(type=STRING, description="The fault domain of its host.", required=True),
        "state": Property(type=STRING, description="Such as `created`.", required=True),
        "sizeGb": Property(type=INTEGER, description="Size, GB.", required=True),
        "encrypted": Property(type=BOOLEAN, description="Whether it is encrypted.", required=True),
        "attachedMachineId": Property(
            type=STRING, description="The machine that uses it; empty for none.", required=True
        ),
    },
)


def _volumes(client: FlyClient, arguments: Properties) -> Properties:
    region, name = arguments.get("region"), arguments.get("name")
    fitting = [
        one
        for one in client.volumes.list(arguments["app"])
        if region in (None, one.region) and name in (None, one.name)
    ]
    return {"volumes": [_volume(one) for one in sorted(fitting, key=lambda one: (one.name, one.id))]}


def _volume(volume: Volume) -> Properties:
    return {
        "id": volume.id,
        "name": volume.name,
        "region": volume.region,
        "zone": volume.zone,
        "state": volume.state,
        "sizeGb": volume.size_gb,
        "encrypted": volume.encrypted,
        "attachedMachineId": volume.attached_machine_id,
    }


GET_VOLUMES = Lookup(
    declaration=FunctionDeclaration(
        token=token_of("getVolumes"),
        description="The usable volumes of an app, ordered by name.",
        inputs={
            "app": Property(type=STRING, description="Name of the app.", required=True),
            "region": Property(type=STRING, description="Only those of this region."),
            "name": Property(type=STRING, description="Only those of this name."),
        },
        outputs={
            "volumes": Property(
                type=list_of(object_of(_VOLUME.token)), description="The volumes.", required=True
            )
        },
        types=(_VOLUME,),
    ),
    answer=_volumes,
)
