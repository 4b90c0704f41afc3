"""The steps that bring a logical copy back: held, read in full, an empty instance, loaded.

hold ─► copy-check ─► restore (empty) ─► load

Nothing is made before every part was read and found unaltered, and nothing is loaded that is not held.
"""

from __future__ import annotations

import math

from lifeboat.core.errors import Refused
from scripts.backup.forecast import MARGIN
from scripts.backup.listing import Backup
from scripts.backup.manifest import Manifest
from scripts.engine.json_values import Json, JsonObject
from scripts.engine.step import Step
from scripts.plans.restore_ground import Ground, plan_step
from scripts.plans.restore_instance import instance_parameters, instance_settings

SPOOLED = "spooled_bytes"
"""What of a load lies on this machine's disk meanwhile."""
_GIBI = 1024**3
_LEAST_GIB = 20
_ALWAYS_THERE = "postgres"
_STORAGE_TYPE = "gp3"


def copy_steps(ground: Ground, copy: Backup) -> list[Step]:
    """Return the steps in order.

    Raises:
        Refused: the server would be older than the one the copy is of.
    """
    manifest = copy.manifest
    size = manifest.database_bytes / _GIBI
    version = _engine_version(ground, manifest)
    where: JsonObject = {"copy": _places(ground, manifest)}
    programs: JsonObject = {"major": int(version.partition(".")[0])}
    room: JsonObject = {SPOOLED: manifest.plain_bytes}
    held = f"Hold {copy.id}, so that no retention removes it meanwhile"
    check = f"Read all {len(manifest.parts)} parts of {copy.id}: nothing is made when one is altered"
    load = f"Load {copy.id} and prove it: every row counted, sequences, extensions"
    return [
        plan_step(ground, "hold", "backup-hold", held, where),
        plan_step(ground, "copy-check", "backup-check", check, {**where, **programs}, size=size),
        _create(ground, manifest, version),
        plan_step(ground, "load", "database-load", load, {**where, **room, **ground.place}, size=size),
    ]


def storage_gib(ground: Ground, manifest: Manifest) -> int:
    """Return the storage of the new instance: as its like has it, and room for the copy and what it needs."""
    needed = math.ceil(manifest.database_bytes * MARGIN / _GIBI)
    return max(needed, ground.like.storage_gib if ground.like else 0, _LEAST_GIB)


def _create(ground: Ground, manifest: Manifest, version: str) -> Step:
    given: dict[str, Json] = {
        **instance_settings(ground),
        "Engine": "postgres",
        "EngineVersion": version,
        "AllocatedStorage": storage_gib(ground, manifest),
        "StorageType": (ground.like.storage_type if ground.like else "") or _STORAGE_TYPE,
        "StorageEncrypted": True,
        "KmsKeyId": ground.template.kms_key_arn,
        "BackupRetentionPeriod": ground.template.retention_days,
        # `postgres` is there always, and RDS does not let it be asked for.
        **({"DBName": manifest.database} if manifest.database != _ALWAYS_THERE else {}),
    }
    parameters = {**ground.place, **instance_parameters(ground, given)}
    title = f"Create an empty instance in {ground.source.region}"
    return plan_step(ground, "restore", "database-create", title, parameters)


def _engine_version(ground: Ground, manifest: Manifest) -> str:
    version = ground.like.engine_version if ground.like else ground.template.engine_version
    if int(version.partition(".")[0]) < manifest.server_major:
        raise Refused(
            f"{manifest.id} is of postgresql {manifest.server_version}, the new instance would be {version}",
            hint="a copy goes into its own major version or a later one; raise the engine version first",
        )
    return version


def _places(ground: Ground, manifest: Manifest) -> dict[str, Json]:
    """Return where the copy lies: the bucket that showed it first, then the others."""
    buckets = ground.contract.backups.buckets
    ordered = sorted(buckets, key=lambda region: region != ground.source.held_in)
    return {
        "environment": ground.contract.environment,
        "id": manifest.id,
        "database": manifest.database,
        "buckets": tuple({"region": region, "bucket": buckets[region].name} for region in ordered),
    }
