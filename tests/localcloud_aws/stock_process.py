"""Run as a process: asks stock moto, without any repair, whether its traps are still there; prints JSON.

When a trap is gone after an upgrade of moto, its repair may go too.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from localcloud.aws.environment import clean_environment

Client = Callable[..., Any]


def _one_resource_id(client: Client) -> bool:
    rds = client("rds")
    settings = {"DBInstanceClass": "db.t4g.micro", "Engine": "postgres", "AllocatedStorage": 20}
    for name in ("one", "two"):
        rds.create_db_instance(DBInstanceIdentifier=name, MasterUsername="u", **settings)
    found = rds.describe_db_instances()["DBInstances"]
    return len({instance["DbiResourceId"] for instance in found}) == 1


def _available_at_once(client: Client) -> bool:
    found = client("rds").describe_db_instances()["DBInstances"]
    return all(instance["DBInstanceStatus"] == "available" for instance in found)


def _restores_something_else(client: Client) -> bool:
    restored = client("rds").restore_db_instance_to_point_in_time(
        SourceDbiResourceId="db-NOBODY", TargetDBInstanceIdentifier="three", UseLatestRestorableTime=True
    )
    return bool(restored["DBInstance"]["DBInstanceIdentifier"] == "three")


def _subnet_group_disappears(client: Client) -> bool:
    ec2, rds = client("ec2"), client("rds")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    group = {"DBSubnetGroupName": "g", "SubnetIds": [subnet]}
    rds.create_db_subnet_group(DBSubnetGroupDescription="d", **group)
    rds.modify_db_subnet_group(**group)
    return not rds.describe_db_subnet_groups()["DBSubnetGroups"]


def _multi_region_key_cannot_decrypt(client: Client) -> bool:
    kms = client("kms")
    key = kms.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    return _is_refused(lambda: kms.decrypt(CiphertextBlob=blob))


def _tls_policy_blocks_everything(client: Client) -> bool:
    s3 = client("s3")
    _bucket(s3, "tls")
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "arn:aws:s3:::tls/*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    s3.put_bucket_policy(Bucket="tls", Policy=json.dumps(policy))
    return _is_refused(lambda: s3.put_object(Bucket="tls", Key="k", Body=b"x"))


def _metrics_deletion_deletes_the_bucket(client: Client) -> bool:
    s3 = client("s3")
    _bucket(s3, "gone")
    s3.delete_bucket_metrics_configuration(Bucket="gone", Id="x")
    return _is_refused(lambda: s3.head_bucket(Bucket="gone"))


def _wrong_checksum_is_stored(client: Client) -> bool:
    s3 = client("s3")
    _bucket(s3, "sums")
    s3.put_object(Bucket="sums", Key="k", Body=b"x", ChecksumSHA256="A" * 43 + "=")
    return bool(s3.get_object(Bucket="sums", Key="k")["Body"].read() == b"x")


def _alarm_is_ok_without_data(client: Client) -> bool:
    watch = client("cloudwatch")
    condition = {"ComparisonOperator": "GreaterThanThreshold", "Threshold": 1.0, "EvaluationPeriods": 1}
    metric = {"Namespace": "n", "MetricName": "m", "Statistic": "Sum", "Period": 60}
    watch.put_metric_alarm(AlarmName="a", **condition, **metric)
    return bool(watch.describe_alarms()["MetricAlarms"][0]["StateValue"] == "OK")


def _secret_ignores_its_label(client: Client) -> bool:
    vault = client("secretsmanager")
    first = vault.create_secret(Name="s", SecretString="one")["VersionId"]
    second = vault.put_secret_value(SecretId="s", SecretString="two", VersionStages=["AWSPENDING"])
    vault.update_secret_version_stage(
        SecretId="s",
        VersionStage="AWSCURRENT",
        RemoveFromVersionId=first,
        MoveToVersionId=second["VersionId"],
    )
    return bool(vault.get_secret_value(SecretId="s")["SecretString"] == "one")


def _bucket(s3: Any, name: str) -> None:
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})


def _is_refused(call: Callable[[], object]) -> bool:
    try:
        call()
    except ClientError:
        return True
    return False


TRAPS = (
    _one_resource_id,
    _available_at_once,
    _restores_something_else,
    _subnet_group_disappears,
    _multi_region_key_cannot_decrypt,
    _tls_policy_blocks_everything,
    _metrics_deletion_deletes_the_bucket,
    _wrong_checksum_is_stored,
    _alarm_is_ok_without_data,
    _secret_ignores_its_label,
)


def main() -> None:
    """Ask every question once."""
    clean_environment(os.environ)
    from moto import mock_aws

    with mock_aws():
        import boto3

        def client(service: str) -> Any:
            return boto3.client(service, region_name="us-west-2")

        found = {trap.__name__.strip("_"): trap(client) for trap in TRAPS}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
