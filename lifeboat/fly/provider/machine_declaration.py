"""What a machine looks like in the package."""

from __future__ import annotations

from enum import StrEnum

from lifeboat.fly.provider.owner import Owner
from lifeboat.fly.provider.schema.declaration import Property, ResourceDeclaration
from lifeboat.fly.provider.schema.expression import BOOLEAN, INTEGER, STRING
from lifeboat.fly.provider.schema.identity import token_of
from lifeboat.fly.provider.schema.machine_config import MACHINE_CONFIG, MACHINE_TYPES


class DesiredState(StrEnum):
    """The settled states a program can ask for."""

    STARTED = "started"
    STOPPED = "stopped"
    SUSPENDED = "suspended"


MACHINE = ResourceDeclaration(
    token=token_of("Machine"),
    description=(
        "One machine. For several of a kind use `MachineGroup`, which rolls changes through them.\n\n"
        "A machine that carries this resource's mark, or bears the name and nobody's mark, is adopted. A "
        "changed configuration is written under a lease: the proxy's requests are drained, the new version "
        "must serve, and the previous one is put back when it does not. Another region, name or volume "
        "makes a new machine. One on a host that cannot be reached is only asked to go when it is "
        "deleted.\n\n"
        "Import with app and machine: `pulumi import fly:index:Machine worker shop-web/148e272fe10089`."
    ),
    inputs={
        "app": Property(type=STRING, description="Name of the app.", required=True, replaces=True),
        "region": Property(
            type=STRING, description="Code of the region, such as `sjc`.", required=True, replaces=True
        ),
        "name": Property(
            type=STRING,
            description="Name, unique among the app's living machines; made from the resource's name without "
            "it. Lower-case letters, digits and dashes.",
            replaces=True,
        ),
        "config": Property(
            type=MACHINE_CONFIG,
            description="What it runs and how, in Fly's own spelling. What flyctl expects "
            "(`fly_platform_version`, `fly_process_group`, FLY_PROCESS_GROUP, PRIMARY_REGION) is added.",
            required=True,
        ),
        "owner": Property(
            type=STRING,
            description="With `deploy`, deploys own the image, FLY_ variables and release metadata: they are "
            "kept as found.",
            default=Owner.IAC.value,
            allowed=tuple(Owner),
        ),
        "cordoned": Property(
            type=BOOLEAN, description="Whether the proxy keeps requests from it.", default=False
        ),
        "desiredState": Property(
            type=STRING,
            description="What it is brought to. One that Fly stopped for lack of requests counts as started.",
            default=DesiredState.STARTED.value,
            allowed=tuple(DesiredState),
        ),
        "secretsVersion": Property(
            type=INTEGER,
            description="The app's secrets version it must have; a newer one restarts it once.",
        ),
    },
    outputs={
        "machineId": Property(type=STRING, description="Fly's id.", required=True),
        "instanceId": Property(type=STRING, description="The version of its configuration.", required=True),
        "state": Property(type=STRING, description="Where it is in its life.", required=True),
        "privateIp": Property(type=STRING, description="Its address in the private network (6PN)."),
        "imageDigest": Property(type=STRING, description="Digest of the image it runs."),
        "incarnation": Property(
            type=STRING, description="Marks the machine that goes when this resource goes.", required=True
        ),
    },
    types=MACHINE_TYPES,
)
