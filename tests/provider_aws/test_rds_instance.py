"""RDS instances: their life, their changes in place and their passwords."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc
import pytest

from tests.provider_aws.conftest import DEFAULT_TAGS, OTHER, CountingSessions, MakeResource
from tests.provider_aws.life import Life, live
from tests.provider_aws.rds_inputs import INSTANCE, a_database

Boto = Callable[..., Any]

BAD_VALUES: dict[str, dict[str, Any]] = {
    "instanceClass": {"instanceClass": None},
    "allocatedStorage": {"allocatedStorage": "20"},
    "identifier": {"identifier": "Not_A_Name"},
    "identifierPrefix": {"identifierPrefix": "a-"},
    "backupRetentionPeriod": {"backupRetentionPeriod": 36},
    "backupWindow": {"backupWindow": "25:00-26:00"},
    "maintenanceWindow": {"maintenanceWindow": "someday"},
    "monitoringInterval": {"monitoringInterval": 7},
    "storageType": {"storageType": "floppy"},
    "finalSnapshotIdentifier": {"finalSnapshotIdentifier": "ends-with-"},
    "kmsKeyId": {"kmsKeyId": "alias/mine"},
    "enabledCloudwatchLogsExports[1]": {"enabledCloudwatchLogsExports": ["upgrade", "all"]},
    "manageMasterUserPassword": {"manageMasterUserPassword": True},
    "passwordWoVersion": {"password": None, "passwordWo": "a-password"},
    "password": {"passwordWo": "a-password", "passwordWoVersion": 1},
    "dbName": {"replicateSourceDb": "another"},
    "username": {"replicateSourceDb": "another"},
    "restoreToPointInTime": {"restoreToPointInTime": {}, "snapshotIdentifier": "s"},
    "restoreToPointInTime.useLatest": {"restoreToPointInTime": {"useLatest": True}},
    "restoreToPointInTime.restoreTime": {"restoreToPointInTime": {"restoreTime": "yesterday"}},
    "blueGreenUpdate.enabled": {"blueGreenUpdate": {"enabled": True}},
    "domain": {"domain": "d-1"},
    "networkType": {"networkType": "DUAL"},
}


def _modify(boto: Boto) -> Callable[[str, dict[str, Any]], None]:
    def modify(_id: str, outputs: dict[str, Any]) -> None:
        boto("rds").modify_db_instance(
            DBInstanceIdentifier=outputs["identifier"], BackupRetentionPeriod=1, ApplyImmediately=True
        )

    return modify


IN_PLACE: dict[str, Any] = {
    "instanceClass": "db.t4g.small",
    "allocatedStorage": 30,
    "maxAllocatedStorage": 200,
    "backupRetentionPeriod": 14,
    "enabledCloudwatchLogsExports": ["upgrade"],
    "parameterGroupName": "life",
    "performanceInsightsRetentionPeriod": 31,
    "deleteAutomatedBackups": False,
    "applyImmediately": True,
    "tags": {"owner": "you"},
}
BY_REPLACEMENT: dict[str, dict[str, Any]] = {
    "availabilityZone": {"availabilityZone": "us-west-1b"},
    "dbName": {"dbName": "stock"},
    "engine": {"engine": "mysql"},
    "kmsKeyId": {"kmsKeyId": "arn:aws:kms:us-west-1:123456789012:key/other"},
    "region": {"region": OTHER},
    "restoreToPointInTime": {"restoreToPointInTime": {"useLatestRestorableTime": True}},
    "snapshotIdentifier": {"snapshotIdentifier": "an-old-one"},
    "storageEncrypted": {"storageEncrypted": False},
    "username": {"username": "root"},
}


def test_a_database_lives(resource: MakeResource, sessions: CountingSessions, boto: Boto) -> None:
    boto("rds").create_db_parameter_group(
        DBParameterGroupName="life", DBParameterGroupFamily="postgres16", Description="d"
    )
    outputs = live(
        resource(INSTANCE),
        Life(
            inputs=a_database(
                "a-database-that-lives",
                backupRetentionPeriod=7,
                backupWindow="03:00-04:00",
                maintenanceWindow="Sun:05:00-Sun:06:00",
                storageType="gp3",
                maxAllocatedStorage=100,
                storageEncrypted=True,
                kmsKeyId=_key(boto),
                enabledCloudwatchLogsExports=["postgresql"],
                databaseInsightsMode="standard",
                engineLifecycleSupport="open-source-rds-extended-support-disabled",
                performanceInsightsEnabled=True,
                performanceInsightsRetentionPeriod=7,
                iamDatabaseAuthenticationEnabled=True,
                caCertIdentifier="rds-ca-rsa2048-g1",
                copyTagsToSnapshot=True,
                port=5433,
                tags={"owner": "me"},
            ),
            bad=BAD_VALUES,
            changes=IN_PLACE,
            replacing=BY_REPLACEMENT,
            by_hand=_modify(boto),
            drifted="backupRetentionPeriod",
            import_id=lambda _, outputs: str(outputs["identifier"]),
            not_imported=frozenset(
                {
                    "applyImmediately",
                    "databaseInsightsMode",
                    "deleteAutomatedBackups",
                    "engineLifecycleSupport",
                    "password",
                    "skipFinalSnapshot",
                }
            ),
        ),
        sessions,
    )
    assert outputs["resourceId"].startswith("db-")
    assert outputs["endpoint"] == f"{outputs['address']}:5433"
    assert outputs["engineVersionActual"] == "16.4"
    assert outputs["status"] == "available"
    assert outputs["tagsAll"] == {**DEFAULT_TAGS, "owner": "you"}


def _key(boto: Boto) -> str:
    return str(boto("kms").create_key()["KeyMetadata"]["Arn"])


def test_what_the_service_filled_in_is_no_change_when_the_program_says_it(resource: MakeResource) -> None:
    database = resource(INSTANCE)
    checked = database.check(a_database("filled-in"))
    database_id, outputs = database.create(checked)
    assert outputs["backupRetentionPeriod"] == 0
    filled_in = ("backupWindow", "licenseModel", "multiAz", "port", "storageType", "vpcSecurityGroupIds")
    said = database.check(a_database("filled-in", **{name: outputs[name] for name in filled_in}), checked)
    assert not database.diff(database_id, checked, outputs, said).diffs
    database.delete(database_id, checked, outputs)


def test_an_empty_database_needs_what_others_inherit(resource: MakeResource) -> None:
    database = resource(INSTANCE)
    checked = database.check({"identifier": "lacking", "instanceClass": "db.t4g.micro"})
    assert database.create(checked, preview=True)[0] == ""
    with pytest.raises(grpc.RpcError, match="allocatedStorage, engine, username, password: required"):
        database.create(checked)


def test_a_rename_happens_in_place(resource: MakeResource, boto: Boto) -> None:
    database = resource(INSTANCE)
    checked = database.check(a_database("old-name", applyImmediately=True))
    database_id, outputs = database.create(checked)
    renamed = database.check(a_database("new-name", tags={"a": "b"}, applyImmediately=True), checked)
    answer = database.diff(database_id, checked, outputs, renamed)
    assert (set(answer.diffs), list(answer.replaces)) == ({"identifier", "tags"}, [])
    outputs = database.update(database_id, checked, outputs, renamed)
    assert outputs["resourceId"] == database_id
    assert outputs["arn"].endswith(":db:new-name")
    assert outputs["tags"]["a"] == "b"
    described = boto("rds").describe_db_instances()["DBInstances"]
    assert "old-name" not in [one["DBInstanceIdentifier"] for one in described]
    database.delete(database_id, renamed, outputs)


def test_a_rename_by_hand_shows_and_the_old_name_is_not_mistaken(resource: MakeResource, boto: Boto) -> None:
    database = resource(INSTANCE)
    checked = database.check(a_database("swapped"))
    database_id, outputs = database.create(checked)
    other = resource(INSTANCE, "other")
    other_checked = other.check(a_database("swapped-new"))
    other_id, other_outputs = other.create(other_checked)
    for old, new in (("swapped", "swapped-old"), ("swapped-new", "swapped")):
        boto("rds").modify_db_instance(
            DBInstanceIdentifier=old, NewDBInstanceIdentifier=new, ApplyImmediately=True
        )
    _, inputs, _ = database.refresh(database_id, checked, outputs)
    assert inputs["identifier"] == "swapped-old"
    database.delete(database_id, checked, outputs)
    assert other.refresh(other_id, other_checked, other_outputs)[0] == other_id
    other.delete(other_id, other_checked, other_outputs)


def test_a_write_only_password_is_never_shown(resource: MakeResource) -> None:
    database = resource(INSTANCE)
    wanted = a_database("write-only", password=None, passwordWo="first-password", passwordWoVersion=1)
    checked = database.check(wanted)
    database_id, outputs = database.create(checked)
    assert "passwordWo" not in outputs
    assert "password" not in outputs
    second = database.check({**wanted, "passwordWo": "second-password", "passwordWoVersion": 2}, checked)
    assert set(database.diff(database_id, checked, outputs, second).diffs) == {
        "passwordWo",
        "passwordWoVersion",
    }
    outputs = database.update(database_id, checked, outputs, second)
    assert outputs["passwordWoVersion"] == 2
    assert "passwordWo" not in outputs
    database.delete(database_id, second, outputs)


def test_a_managed_password_lies_in_a_secret(resource: MakeResource, boto: Boto) -> None:
    database = resource(INSTANCE)
    wanted = a_database("managed", password=None, manageMasterUserPassword=True)
    checked = database.check(wanted)
    database_id, outputs = database.create(checked)
    secret = outputs["masterUserSecrets"][0]["secretArn"]
    assert "master" in boto("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]
    _, inputs, read = database.refresh(database_id, checked, outputs)
    assert (inputs, read["masterUserSecrets"][0]["secretArn"]) == (checked, secret)
    own = database.check(a_database("managed"), checked)
    outputs = database.update(database_id, checked, outputs, own)
    assert outputs["masterUserSecrets"] == []
    database.delete(database_id, own, outputs)


def test_a_setting_that_is_left_out_is_switched_off(resource: MakeResource) -> None:
    database = resource(INSTANCE)
    checked = database.check(
        a_database(
            "switched-off",
            maxAllocatedStorage=100,
            performanceInsightsEnabled=True,
            iamDatabaseAuthenticationEnabled=True,
            enabledCloudwatchLogsExports=["postgresql"],
        )
    )
    database_id, outputs = database.create(checked)
    plain = database.check(a_database("switched-off", applyImmediately=True), checked)
    outputs = database.update(database_id, checked, outputs, plain)
    assert outputs["performanceInsightsEnabled"] is False
    assert outputs["iamDatabaseAuthenticationEnabled"] is False
    assert outputs["enabledCloudwatchLogsExports"] == []
    assert "maxAllocatedStorage" not in outputs
    assert database.refresh(database_id, plain, outputs)[1] == plain
    database.delete(database_id, plain, outputs)
