"""Builders for the RDS tests: a network, keys, and instances with short arguments."""

from __future__ import annotations

from typing import Any

from tests.localcloud_aws.cloud_process import CloudProcess

HOME = "us-west-2"
AWAY = "us-east-2"


def make_subnet_group(cloud: CloudProcess, name: str, region: str = HOME) -> list[str]:
    """Make a VPC with three subnets and a group of the first two; return all subnet ids."""
    ec2 = cloud.client("ec2", region)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{i}.0/24", AvailabilityZone=f"{region}{zone}")
        for i, zone in enumerate("abc")
    ]
    ids = [subnet["Subnet"]["SubnetId"] for subnet in subnets]
    cloud.client("rds", region).create_db_subnet_group(
        DBSubnetGroupName=name, DBSubnetGroupDescription="d", SubnetIds=ids[:2]
    )
    return ids


def make_key(cloud: CloudProcess, region: str = HOME) -> str:
    """Make a KMS key and return its ARN."""
    return str(cloud.client("kms", region).create_key()["KeyMetadata"]["Arn"])


def make_database(cloud: CloudProcess, name: str, region: str = HOME, **settings: object) -> dict[str, Any]:
    """Create a PostgreSQL instance with a week of backups and return the answer's instance."""
    defaults: dict[str, object] = {
        "DBInstanceClass": "db.t4g.micro",
        "Engine": "postgres",
        "EngineVersion": "17.4",
        "AllocatedStorage": 20,
        "MasterUsername": "lifeboat",
        "MasterUserPassword": "correct-horse-battery",
        "BackupRetentionPeriod": 7,
    }
    answer = cloud.client("rds", region).create_db_instance(
        DBInstanceIdentifier=name, **{**defaults, **settings}
    )
    return dict(answer["DBInstance"])


def describe(cloud: CloudProcess, name: str, region: str = HOME) -> dict[str, Any]:
    """Return one instance as the API describes it."""
    found = cloud.client("rds", region).describe_db_instances(DBInstanceIdentifier=name)
    return dict(found["DBInstances"][0])
