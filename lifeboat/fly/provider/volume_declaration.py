"""What a volume looks like in the package."""

from __future__ import annotations

from lifeboat.fly.provider.schema.declaration import Property, ResourceDeclaration
from lifeboat.fly.provider.schema.expression import BOOLEAN, INTEGER, STRING
from lifeboat.fly.provider.schema.identity import token_of
from lifeboat.fly.provider.schema.machine_config import GUEST_TYPES, MACHINE_GUEST

VOLUME = ResourceDeclaration(
    token=token_of("Volume"),
    description=(
        "A disk on one host of one region, for one machine. It is not replicated: **protect** it, and keep "
        "the data elsewhere too.\n\n"
        "It grows in place; a smaller size is refused, and every other change but that of backups makes a "
        "new, empty volume. A volume carries no owner, so its **name is unique per app and region within a "
        "program**; a volume of that name which no machine uses, left by an interrupted run, is adopted. "
        "Deleting keeps it recoverable for 24 hours on Fly's side; its snapshots stay for their "
        "retention.\n\n"
        "Import with app and volume: `pulumi import fly:index:Volume data shop-web/vol_4y5m8n`."
    ),
    inputs={
        "app": Property(type=STRING, description="Name of the app.", required=True, replaces=True),
        "region": Property(
            type=STRING,
            description="Code of one region, such as `sjc`; volumes take no region expression.",
            required=True,
            replaces=True,
        ),
        "name": Property(
            type=STRING,
            description="Up to 30 lower-case letters, digits and underscores; unique per app and region.",
            required=True,
            replaces=True,
        ),
        "sizeGb": Property(
            type=INTEGER, description="Size, GB, 1 to 500. Grows in place; never shrinks.", required=True
        ),
        "encrypted": Property(
            type=BOOLEAN, description="Whether it is encrypted at rest.", default=True, replaces=True
        ),
        "fstype": Property(type=STRING, description="File system; Fly's choice without it.", replaces=True),
        "snapshotId": Property(
            type=STRING,
            description="Snapshot to restore, of any region; the size is at least the snapshot's.",
            replaces=True,
        ),
        "sourceVolumeId": Property(
            type=STRING, description="Volume to fork; its host must be alive.", replaces=True
        ),
        "snapshotRetention": Property(
            type=INTEGER, description="How long daily snapshots are kept, days, 1 to 60.", default=5
        ),
        "autoBackupEnabled": Property(
            type=BOOLEAN, description="Whether a snapshot is taken every day.", default=True
        ),
        "requireUniqueZone": Property(
            type=BOOLEAN,
            description=(
                "Places it on another host than the app's volumes of the same name; only at creation."
            ),
            default=True,
        ),
        "compute": Property(
            type=MACHINE_GUEST,
            description="The machine that will use it, so that its host has room for one; only at creation.",
        ),
    },
    outputs={
        "volumeId": Property(type=STRING, description="Fly's id, such as `vol_4y5m8n`.", required=True),
        "zone": Property(type=STRING, description="The fault domain of its host."),
        "state": Property(type=STRING, description="Where it is in its life, such as `created`."),
    },
    types=GUEST_TYPES,
)
