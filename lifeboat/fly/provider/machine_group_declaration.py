"""What a machine group looks like in the package."""

from __future__ import annotations

from lifeboat.fly.provider.groups.desired import Strategy
from lifeboat.fly.provider.owner import Owner
from lifeboat.fly.provider.schema.declaration import ObjectType, Property, ResourceDeclaration
from lifeboat.fly.provider.schema.expression import (
    BOOLEAN,
    INTEGER,
    NUMBER,
    STRING,
    list_of,
    map_of,
    object_of,
)
from lifeboat.fly.provider.schema.identity import token_of
from lifeboat.fly.provider.schema.machine_config import MACHINE_CONFIG, MACHINE_TYPES

GROUP_MACHINE = ObjectType(
    token=token_of("GroupMachine"),
    description="One machine of a group.",
    properties={
        "id": Property(type=STRING, description="Fly's id.", required=True),
        "name": Property(type=STRING, description="Name, unique among the app's machines.", required=True),
        "region": Property(type=STRING, description="Where it stands.", required=True),
        "slot": Property(
            type=STRING,
            description="Its place, such as `sjc/1`: the home region and a number. After a capacity fallback "
            "it stands in another region and keeps the place.",
            required=True,
        ),
        "role": Property(
            type=STRING, description="What it does: `active` or `standby`; a recovery may have changed it."
        ),
        "instance_id": Property(type=STRING, description="The version of its configuration.", required=True),
        "state": Property(type=STRING, description="Where it is in its life.", required=True),
        "host_status": Property(type=STRING, description="`ok`, `unknown` or `unreachable`.", required=True),
        "cordoned": Property(
            type=BOOLEAN, description="Whether the proxy keeps requests from it.", required=True
        ),
        "image_digest": Property(type=STRING, description="Digest of the image it runs.", required=True),
    },
)

MACHINE_GROUP = ResourceDeclaration(
    token=token_of("MachineGroup"),
    description=(
        "The machines of one process group: so many per region, all from one template, rolled under "
        "leases.\n\n"
        "Each machine has a **slot** such as `sjc/1` and is named `<group>-<region>-<n>` (bluegreen "
        "rollouts and replacements add an ending). Machines that carry this resource's mark, or bear a "
        "slot's name and nobody's mark, are adopted, so an interrupted run goes on where it ended. "
        "Surplus machines are destroyed last, and only when everything that stays is healthy. When a "
        "region has no room, the fallback regions are tried in order; the machine keeps its slot.\n\n"
        "**Standbys** are made with the same template, stopped and cordoned, and follow every rollout "
        "without being started. A recovery that starts one, uncordons it and sets its metadata "
        "`lifeboat_role` to `active` (or puts an active one to rest and sets `standby`) is respected "
        "until the program itself declares another role for that slot.\n\n"
        "**Rollouts**: `rolling` takes at most `maxUnavailable` machines at a time away from the proxy, "
        "updates them, waits for their service checks, and gives them back; at the first failure it "
        "puts the previous version back on what failed and stops. `canary` does one machine first. "
        "`bluegreen` makes a second set and switches when all of it is healthy. `immediate` waits for "
        "nothing.\n\n"
        "Import with app and process group: `pulumi import fly:index:MachineGroup web shop-web/web`."
    ),
    inputs={
        "app": Property(type=STRING, description="Name of the app.", required=True, replaces=True),
        "group": Property(
            type=STRING,
            description="The process group, as flyctl knows it; unique per app. Up to 40 lower-case letters, "
            "digits and dashes.",
            required=True,
            replaces=True,
        ),
        "config": Property(
            type=MACHINE_CONFIG,
            description="The template, in Fly's own spelling. What flyctl expects (`fly_platform_version`, "
            "`fly_process_group`, FLY_PROCESS_GROUP, PRIMARY_REGION) is added; a program may name "
            "PRIMARY_REGION itself.",
            required=True,
        ),
        "regions": Property(
            type=map_of(INTEGER), description="How many machines serve in which region.", required=True
        ),
        "standbyRegions": Property(
            type=map_of(INTEGER), description="How many stopped machines wait in which other region."
        ),
        "fallbackRegions": Property(
            type=list_of(STRING),
            description="Where a machine may stand when its region has no room, in this order.",
        ),
        "strategy": Property(
            type=STRING,
            description="How a changed template reaches the machines.",
            default=Strategy.ROLLING.value,
            allowed=tuple(Strategy),
        ),
        "maxUnavailable": Property(
            type=NUMBER,
            description="How many machines may be away at once in a rolling update: a count, or a share "
            "below 1.",
            default=1,
        ),
        "owner": Property(
            type=STRING,
            description="With `deploy`, deploys own the image, FLY_ variables and release metadata: they are "
            "kept as found, and new machines take the image of the others.",
            default=Owner.IAC.value,
            allowed=tuple(Owner),
        ),
        "secretsVersion": Property(
            type=INTEGER,
            description="The app's secrets version the machines must have; a newer one restarts each once.",
        ),
        "volumes": Property(
            type=map_of(list_of(STRING)),
            description="Volume ids by region, as many as machines there; needed with a mount.",
        ),
        "waitTimeoutS": Property(
            type=NUMBER, description="How long one machine may take to serve, seconds.", default=300
        ),
    },
    outputs={
        "machines": Property(
            type=list_of(object_of(GROUP_MACHINE.token)),
            description="Every machine of the group, by slot.",
            required=True,
        ),
        "imageDigest": Property(type=STRING, description="Digest of the image most active machines run."),
        "configDigest": Property(
            type=STRING, description="Digest of what the template means, the image included.", required=True
        ),
        "incarnation": Property(
            type=STRING, description="Marks the machines that go when this resource goes.", required=True
        ),
        "settled": Property(
            type=BOOLEAN,
            description="False after work that was cut short, or when machines were found to differ from the "
            "inputs or from each other: the next update goes on, whatever the inputs are.",
        ),
    },
    types=(*MACHINE_TYPES, GROUP_MACHINE),
)
