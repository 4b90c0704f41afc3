"""Automated backups replicated to another region."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc
import pytest

from tests.provider_aws.conftest import OTHER, CountingSessions, MakeResource
from tests.provider_aws.life import Life, live
from tests.provider_aws.rds_inputs import INSTANCE, a_database

REPLICATION = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
Boto = Callable[..., Any]


def _database(resource: MakeResource, identifier: str, **changes: Any) -> str:
    database = resource(INSTANCE, identifier)
    _, outputs = database.create(database.check(a_database(identifier, **changes)))
    return str(outputs["arn"])


def test_a_replication_lives(resource: MakeResource, sessions: CountingSessions, boto: Boto) -> None:
    source = _database(resource, "copied-away", backupRetentionPeriod=7)

    def restart(_id: str, _outputs: dict[str, Any]) -> None:
        rds = boto("rds", OTHER)
        rds.stop_db_instance_automated_backups_replication(SourceDBInstanceArn=source)

    replication = resource(REPLICATION)
    live(
        replication,
        Life(
            inputs={"sourceDbInstanceArn": source, "region": OTHER, "retentionPeriod": 14},
            bad={
                "sourceDbInstanceArn": {"sourceDbInstanceArn": "copied-away"},
                "kmsKeyId": {"kmsKeyId": "alias/x"},
                "retentionPeriod": {"retentionPeriod": "14"},
            },
            replacing={
                "retentionPeriod": {"retentionPeriod": 7},
                "sourceDbInstanceArn": {"sourceDbInstanceArn": source.replace("away", "here")},
                "kmsKeyId": {"kmsKeyId": "arn:aws:kms:us-east-2:123456789012:key/k"},
                "region": {"region": "eu-west-1"},
            },
            import_id=lambda arn, _: f"{arn}@{OTHER}",
        ),
        sessions,
    )
    checked = replication.check({"sourceDbInstanceArn": source, "region": OTHER})
    assert checked["retentionPeriod"] == 7
    arn, outputs = replication.create(checked)
    assert arn.startswith(f"arn:aws:rds:{OTHER}:")
    assert ":auto-backup:ab-" in arn
    restart(arn, outputs)
    assert replication.refresh(arn, checked, outputs)[0] == ""
    replication.delete(arn, checked, outputs)


def test_an_encrypted_source_needs_a_key_of_the_copies_region(resource: MakeResource, boto: Boto) -> None:
    key = boto("kms").create_key()["KeyMetadata"]["Arn"]
    source = _database(
        resource, "copied-encrypted", backupRetentionPeriod=7, storageEncrypted=True, kmsKeyId=key
    )
    replication = resource(REPLICATION)
    inputs = {"sourceDbInstanceArn": source, "region": OTHER}
    with pytest.raises(grpc.RpcError, match="KMSKeyNotAccessibleFault"):
        replication.create(replication.check(inputs))
    other_key = boto("kms", OTHER).create_key()["KeyMetadata"]["Arn"]
    checked = replication.check({**inputs, "kmsKeyId": other_key})
    arn, outputs = replication.create(checked)
    assert outputs["kmsKeyId"] == other_key
    assert replication.refresh(arn, checked, outputs)[1:] == (checked, outputs)


def test_a_source_without_backups_is_refused_by_the_service(resource: MakeResource) -> None:
    replication = resource(REPLICATION)
    inputs = {"sourceDbInstanceArn": _database(resource, "without-backups"), "region": OTHER}
    with pytest.raises(grpc.RpcError, match="InvalidDBInstanceState"):
        replication.create(replication.check(inputs))
