"""`getMachines`: the live machines of an app, never on the word of a single empty list."""

from __future__ import annotations

from lifeboat.fly.client import FlyClient
from lifeboat.fly.client.models.machine import Machine
from lifeboat.fly.provider.lookups.lookup import Lookup
from lifeboat.fly.provider.schema.declaration import FunctionDeclaration, ObjectType, Property
from lifeboat.fly.provider.schema.expression import BOOLEAN, STRING, list_of, map_of, object_of
from lifeboat.fly.provider.schema.identity import token_of
from lifeboat.providerkit.values import Properties

_MACHINE = ObjectType(
    token=token_of("MachineSummary"),
    description="A machine as it is now.",
    properties={
        "id": Property(type=STRING, description="Fly's id; survives updates and moves.", required=True),
        "name": Property(type=STRING, description="Unique among the live machines.", required=True),
        "region": Property(type=STRING, description="Code of its region.", required=True),
        "state": Property(type=STRING, description="Such as `started` or `stopped`.", required=True),
        "instanceId": Property(type=STRING, description="The accepted configuration.", required=True),
        "privateIp": Property(
            type=STRING, description="Address in the private network; changes with a move.", required=True
        ),
        "imageDigest": Property(type=STRING, description="Digest of the image it runs.", required=True),
        "cordoned": Property(type=BOOLEAN, description="Whether Fly's proxy leaves it out.", required=True),
        "hostStatus": Property(type=STRING, description="`ok`, `unknown` or `unreachable`.", required=True),
        "metadata": Property(type=map_of(STRING), description="Its labels.", required=True),
    },
)


def _machines(client: FlyClient, arguments: Properties) -> Properties:
    machines = [one for one in client.machines.list_carefully(arguments["app"]) if one.is_live]
    wanted: dict[str, str] = arguments.get("metadata") or {}
    region = arguments.get("region")
    fitting = [
        one for one in machines if region in (None, one.region) and wanted.items() <= one.metadata.items()
    ]
    return {"machines": [_machine(one) for one in sorted(fitting, key=lambda one: (one.name, one.id))]}


def _machine(machine: Machine) -> Properties:
    return {
        "id": machine.id,
        "name": machine.name,
        "region": machine.region,
        "state": machine.state,
        "instanceId": machine.instance_id,
        "privateIp": machine.private_ip,
        "imageDigest": machine.image_ref.digest if machine.image_ref else "",
        "cordoned": machine.cordoned,
        "hostStatus": machine.host_status,
        "metadata": dict(machine.metadata),
    }


GET_MACHINES = Lookup(
    declaration=FunctionDeclaration(
        token=token_of("getMachines"),
        description="The live machines of an app, ordered by name; an uncertain answer is an error.",
        inputs={
            "app": Property(type=STRING, description="Name of the app.", required=True),
            "region": Property(type=STRING, description="Only those of this region."),
            "metadata": Property(type=map_of(STRING), description="Only those with these labels."),
        },
        outputs={
            "machines": Property(
                type=list_of(object_of(_MACHINE.token)), description="The machines.", required=True
            )
        },
        types=(_MACHINE,),
    ),
    answer=_machines,
)
