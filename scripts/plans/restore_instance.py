"""What every way of making the new instance is told."""

from __future__ import annotations

from scripts.engine.json_values import Json, JsonObject
from scripts.engine.moments import write_moment
from scripts.plans.restore_ground import Ground


def instance_settings(ground: Ground) -> dict[str, Json]:
    """Return what every way of making an instance is told."""
    return {
        "DBSubnetGroupName": ground.template.subnet_group,
        "DBParameterGroupName": ground.template.parameter_group,
        "VpcSecurityGroupIds": tuple(ground.template.security_group_ids),
        "DBInstanceClass": ground.template.instance_class,
        "MultiAZ": ground.template.multi_az,
        "DeletionProtection": ground.template.deletion_protection,
        "PubliclyAccessible": False,
    }


def instance_parameters(ground: Ground, given: JsonObject) -> dict[str, Json]:
    """Return the parameters of a step that makes the new instance."""
    tags = ground.like.tags if ground.like else {}
    return {
        "region": ground.source.region,
        "base": ground.into or ground.template.identifier,
        "is_exact": bool(ground.into),
        "at": write_moment(ground.at),
        "given": given,
        "tags": {name: value for name, value in tags.items() if not name.startswith(("aws:", "lifeboat:"))},
    }


def wanted_settings(ground: Ground) -> dict[str, Json]:
    """Return what the new instance must be set to: as declared, and for the rest as its like is."""
    declared = ground.template
    return {
        **(ground.like.settings if ground.like else {}),
        "DBParameterGroupName": declared.parameter_group,
        "VpcSecurityGroupIds": tuple(sorted(declared.security_group_ids)),
        "MultiAZ": declared.multi_az,
        "DeletionProtection": declared.deletion_protection,
        "BackupRetentionPeriod": declared.retention_days,
        "DBInstanceClass": declared.instance_class,
    }
