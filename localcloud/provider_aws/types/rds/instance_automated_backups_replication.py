"""Automated backups of a database, copied into the region of this resource.

RDS keeps what was copied when the replication stops, so backups that are `retained` count as gone here.
"""

from __future__ import annotations

from collections.abc import Iterator

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.resource_type import ResourceType

_REPLICATING = "replicating"
_STOPPED = "retained"


def _check(inputs: Properties) -> Iterator[PropertyFailure]:
    for name in ("sourceDbInstanceArn", "kmsKeyId"):
        arn = inputs.get(name)
        if isinstance(arn, str) and not arn.startswith("arn:"):
            yield PropertyFailure(path=name, reason=f"{arn!r} is not an ARN")


def _create(cloud: Cloud, inputs: Properties) -> str:
    arguments = {
        "SourceDBInstanceArn": inputs["sourceDbInstanceArn"],
        "BackupRetentionPeriod": inputs["retentionPeriod"],
    }
    for name, argument in (("kmsKeyId", "KmsKeyId"), ("preSignedUrl", "PreSignedUrl")):
        if inputs.get(name):
            arguments[argument] = inputs[name]
    answer = cloud.client().start_db_instance_automated_backups_replication(**arguments)
    return str(answer["DBInstanceAutomatedBackup"]["DBInstanceAutomatedBackupsArn"])


def _finish(cloud: Cloud, arn: str, _inputs: Properties) -> None:
    cloud.wait_until(
        f"status {_REPLICATING} of {arn}", lambda: (_backups(cloud, arn) or {}).get("Status") == _REPLICATING
    )


def _backups(cloud: Cloud, arn: str) -> Value:
    answer = cloud.client().describe_db_instance_automated_backups(DBInstanceAutomatedBackupsArn=arn)
    found = answer["DBInstanceAutomatedBackups"]
    return found[0] if found and found[0]["Status"] != _STOPPED else None


def _read(cloud: Cloud, arn: str) -> Properties | None:
    backups = _backups(cloud, arn)
    if backups is None:
        return None
    return {
        "sourceDbInstanceArn": backups["DBInstanceArn"],
        "retentionPeriod": backups["BackupRetentionPeriod"],
        "kmsKeyId": backups.get("KmsKeyId"),
    }


def _delete(cloud: Cloud, arn: str, known: Properties) -> None:
    if _backups(cloud, arn) is None:
        return
    cloud.client().stop_db_instance_automated_backups_replication(
        SourceDBInstanceArn=known["sourceDbInstanceArn"]
    )
    cloud.wait_until(f"end of the replication {arn}", lambda: _backups(cloud, arn) is None)


TYPE = ResourceType(
    type="aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
    service="rds",
    create=_create,
    finish=_finish,
    read=_read,
    delete=_delete,
    gone=frozenset({"DBInstanceAutomatedBackupNotFound", "DBInstanceNotFound"}),
    check=_check,
    defaults={"retentionPeriod": 7},
    write_only={"preSignedUrl": "a signature of one call, not kept"},
)
