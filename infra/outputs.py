"""The contract of an environment, out of the desired model and what the cloud made of it.

    desired model + declared components ─► contract ─► stack output `lifeboat` + manifest object

What we decide comes from the model, what the cloud decides (ARNs, ids, addresses) from the resources, so that
a change of an unrelated setting leaves the contract alone. It holds no secret value and no moment: an
unchanged environment writes an unchanged document.
"""

from __future__ import annotations

import json
from typing import Any

import pulumi

from infra.desired.model import (
    BucketPurpose,
    DatabaseRole,
    DesiredAlarm,
    DesiredCompositeAlarm,
    DesiredDatabase,
    DesiredEnvironment,
)
from infra.outputs_fly import fly_document
from infra.resources.declared import Declared
from infra.resources.manifest import Manifest
from lifeboat.core.contract import OUTPUT_NAME, SCHEMA_VERSION, Contract

Document = dict[str, Any]
"""A part of the contract as JSON, with outputs among its leaves."""


def export(desired: DesiredEnvironment, declared: Declared, stack: str) -> None:
    """Publish the contract: as the one stack output, and as the manifest object after everything else."""
    contract = pulumi.Output.from_input(_document(desired, declared, stack)).apply(validated)
    pulumi.export(OUTPUT_NAME, contract)
    place = desired.manifest
    Manifest(
        place,
        declared.buckets[place.bucket.name],
        contract.apply(canonical_json),
        declared.scope,
        everything_else=declared.components(),
        keep=desired.protected,
    )


def validated(document: Document) -> Document:
    """Return a document as the contract's own model writes it.

    Raises:
        pydantic.ValidationError: the program built something that is no contract; our bug.
    """
    return Contract.model_validate(document).model_dump(mode="json")


def canonical_json(document: Document) -> str:
    """Return the one text of a document: sorted keys, so that equal contracts are equal objects."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"


def _document(desired: DesiredEnvironment, declared: Declared, stack: str) -> Document:
    topology, objectives = desired.topology, desired.objectives
    place = desired.manifest
    return {
        "schema_version": SCHEMA_VERSION,
        "product": desired.product,
        "environment": desired.environment,
        "stack": stack,
        "account_id": declared.scope.account_id,
        "topology": {
            "regions": list(topology.regions),
            "primary_region": topology.primary_region,
            "recovery_region": topology.recovery_region,
        },
        "objectives": {"rto_minutes": objectives.rto_minutes, "rpo_minutes": objectives.rpo_minutes},
        "networks": _networks(desired, declared),
        "keys": {name: key.arns for name, key in declared.keys.items()},
        "databases": _databases(desired, declared),
        "backups": _backups(desired, declared),
        "secrets": _secrets(desired, declared),
        "alarms": _alarms(desired, declared),
        "roles": {name.removeprefix("role-"): arn for name, arn in declared.roles.arns.items()},
        "fly": fly_document(desired, declared),
        "manifest": {"bucket": place.bucket_name, "key": place.object_key, "region": place.region},
    }


def _networks(desired: DesiredEnvironment, declared: Declared) -> Document:
    return {
        network.region: {
            "vpc_id": declared.networks[network.name].vpc_id,
            "subnet_ids": declared.networks[network.name].subnet_ids,
            "security_group_id": declared.networks[network.name].security_group_id,
        }
        for network in desired.networks
    }


def _databases(desired: DesiredEnvironment, declared: Declared) -> Document:
    # A former primary is kept for whoever wants to look at it; no recovery may rely on it.
    return {
        database.region: _database(database, desired, declared)
        for database in desired.databases
        if database.role is not DatabaseRole.FORMER
    }


def _database(database: DesiredDatabase, desired: DesiredEnvironment, declared: Declared) -> Document:
    instance, groups = declared.databases[database.name], declared.groups[database.region]
    secret_names = {secret.name: secret.physical_name for secret in desired.secrets}
    return {
        "identifier": database.physical_name,
        "name": database.database_name,
        "arn": instance.arn,
        "resource_id": instance.resource_id,
        "role": database.role.value,
        "address": instance.address,
        "port": instance.port,
        "engine_version": database.engine_version,
        "instance_class": database.instance_class,
        "multi_az": database.multi_az,
        "subnet_group": groups.subnet_group,
        "parameter_group": groups.parameter_group,
        "security_group_ids": [groups.security_group_id],
        "kms_key_arn": declared.scope.resolver.text(database.key),
        "retention_days": database.backup_retention_days,
        "deletion_protection": database.deletion_protection,
        "master_secret": secret_names[database.master_secret.name],
    }


def _backups(desired: DesiredEnvironment, declared: Declared) -> Document:
    backups = [bucket for bucket in desired.buckets if bucket.purpose is BucketPurpose.BACKUPS]
    primary_region = desired.topology.primary_region
    replicated = {bucket.region for bucket in backups if bucket.replication is not None}
    copies = declared.backups_replications
    return {
        "buckets": {
            bucket.region: {
                "name": bucket.physical_name,
                "arn": declared.buckets[bucket.name].arn,
                "kms_key_arn": declared.scope.resolver.text(bucket.key),
                "object_lock_days": bucket.object_lock.days if bucket.object_lock else None,
            }
            for bucket in backups
        },
        "schedule": desired.backups.schedule,
        "retention_days": desired.backups.retention_days,
        "replicated_from": primary_region if primary_region in replicated else None,
        "automated_backups_arn": copies[0].backups_arn if copies else None,
    }


def _secrets(desired: DesiredEnvironment, declared: Declared) -> Document:
    return {
        secret.name.removeprefix("secret-"): {
            "name": secret.physical_name,
            "arns": declared.secrets.arns[secret.name],
            "purpose": secret.purpose,
            "rotation_days": secret.rotation_days,
            "generated": secret.generated,
            "database_role": secret.database_role,
        }
        for secret in desired.secrets
    }


def _alarms(desired: DesiredEnvironment, declared: Declared) -> Document:
    every: list[DesiredAlarm | DesiredCompositeAlarm] = [*desired.alarms, *desired.composites]
    return {
        "names": {
            region: sorted(alarm.physical_name for alarm in every if alarm.region == region)
            for region in sorted({alarm.region for alarm in every})
        },
        "topics": {region: topics.arns for region, topics in declared.topics.items()},
    }
