"""Valid values for tests; a test overrides the one thing it is about."""

from __future__ import annotations

from typing import Any

from lifeboat.core.contract import Contract

HOME, OTHER = "us-west-1", "us-east-2"
ACCOUNT = "123456789012"


def a_contract(**changes: Any) -> Contract:
    """Return a valid contract, with top-level fields replaced."""
    return Contract.model_validate({**a_contract_document(), **changes})


def a_contract_document() -> dict[str, Any]:
    """Return the JSON of a valid contract."""
    return {
        "schema_version": 1,
        "product": "paintbox",
        "environment": "production",
        "stack": "local-production",
        "account_id": ACCOUNT,
        "topology": {"regions": [HOME, OTHER], "primary_region": HOME, "recovery_region": OTHER},
        "objectives": {"rto_minutes": 30, "rpo_minutes": 60},
        "networks": {
            HOME: {"vpc_id": "vpc-1", "subnet_ids": ["subnet-1", "subnet-2"], "security_group_id": "sg-1"}
        },
        "keys": {"database": {HOME: f"arn:aws:kms:{HOME}:{ACCOUNT}:key/mrk-1"}},
        "databases": {HOME: a_database_document()},
        "backups": {
            "buckets": {},
            "schedule": "0 2 * * *",
            "retention_days": 30,
            "replicated_from": HOME,
            "automated_backups_arn": None,
        },
        "secrets": {
            "database-master": {
                "name": "paintbox/production/database-master",
                "arns": {HOME: f"arn:aws:secretsmanager:{HOME}:{ACCOUNT}:secret:paintbox/x"},
                "purpose": "master password",
                "rotation_days": 30,
                "generated": True,
            }
        },
        "alarms": {"names": {HOME: ["a"]}, "topics": {HOME: {"critical": f"arn:aws:sns:{HOME}:1:t"}}},
        "roles": {"restore": f"arn:aws:iam::{ACCOUNT}:role/restore"},
        "manifest": {"bucket": "b", "key": "lifeboat/manifest.json", "region": OTHER},
    }


def a_database_document() -> dict[str, Any]:
    """Return the JSON of a contract's primary database."""
    return {
        "identifier": "paintbox-production-us-west-1-database",
        "arn": f"arn:aws:rds:{HOME}:{ACCOUNT}:db:paintbox-production-us-west-1-database",
        "resource_id": "db-ABC",
        "role": "primary",
        "address": "127.0.0.1",
        "port": 5432,
        "engine_version": "16.4",
        "instance_class": "db.t4g.medium",
        "multi_az": True,
        "subnet_group": "sg",
        "parameter_group": "pg",
        "security_group_ids": ["sg-1"],
        "kms_key_arn": f"arn:aws:kms:{HOME}:{ACCOUNT}:key/mrk-1",
        "retention_days": 30,
        "deletion_protection": True,
        "master_secret": "paintbox/production/database-master",
    }
