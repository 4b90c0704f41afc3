"""One RDS PostgreSQL instance and the log groups it writes to.

Which instance is primary is data, and a failover changes the world before the data. So everything that only
a primary, or only a replica, is created with is never changed afterwards: promoting a replica must not look
like a wish to replace it. Where there are two, that includes the engine version, because the provider refuses
one beside a source and a promoted replica keeps its source in the state: a pair is upgraded by hand, in the
order RDS wants, and then refreshed.

The master password here is a throw-away. RDS wants one at creation; this one is random, made anew by every
run of the program, used by the run that creates the instance and never sent again (`ignore_changes`). It is
worth nothing as soon as `lifeboat secrets` has set the real one, in Secrets Manager and in RDS, and it never
matches it. It is passed as `password`, a secret: RDS never tells a password, so the provider keeps the old
input, and neither preview nor refresh shows a change. `password_wo` would gain nothing, because Pulumi keeps
write-only inputs in its state as well (pulumi-terraform-bridge pull request 3215), and would add
`password_wo_version`, a switch that sends the worthless password to a living database.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from infra.desired.model import DesiredDatabase, DesiredLogGroup
from infra.desired.reference import DatabaseRef
from infra.resources.database_groups import DatabaseGroups
from infra.resources.scope import Scope

# Beside what the model ignores: what a replica takes from its source, and the throw-away.
CREATION_ONLY = ("engine_lifecycle_support", "password")
OF_A_PAIR = ("engine_version",)
# A replica in another region begins with a copy of the whole database; the provider's default is 40 minutes.
TIMEOUTS = pulumi.CustomTimeouts(create="3h", update="3h", delete="1h")
_PASSWORD_BYTES = 24
Arguments = Mapping[str, pulumi.Input[object]]


class Database(pulumi.ComponentResource):
    """An instance.

    Attributes:
        identifier: the instance identifier.
        arn: ARN of the instance.
        address: host name of its endpoint.
        port: port of its endpoint.
        resource_id: the identifier that survives a rename.
    """

    identifier: pulumi.Output[str]
    arn: pulumi.Output[str]
    address: pulumi.Output[str]
    port: pulumi.Output[int]
    resource_id: pulumi.Output[str]

    def __init__(
        self, desired: DesiredDatabase, groups: DatabaseGroups, scope: Scope, *, paired: bool
    ) -> None:
        """Declare an instance.

        Args:
            desired: the database.
            groups: the ground of its region.
            scope: the provider and the resolver.
            paired: true when the environment has a replica, be it this instance or another.
        """
        super().__init__("lifeboat:infra:Database", desired.name, {}, scope.component())
        log_groups = [self._log_group(group, desired, scope) for group in desired.log_groups]
        instance = aws.rds.Instance(
            desired.name,
            **_identity(desired, scope),
            **_place(desired, groups),
            **_backups(desired),
            **_monitoring(desired, scope),
            **_upkeep(desired),
            **_origin(desired, scope),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=desired.protected,
                retain_on_delete=desired.retain_on_delete,
                ignore_changes=sorted(
                    {*CREATION_ONLY, *desired.ignored_changes, *(OF_A_PAIR if paired else ())}
                ),
                # RDS makes a missing log group itself, without a key and without an end.
                depends_on=log_groups,
                custom_timeouts=TIMEOUTS,
            ),
        )
        self.identifier = instance.identifier
        self.arn = instance.arn
        self.address = instance.address
        # Not the declared one: a local server listens where there is room.
        self.port = instance.endpoint.apply(_port)
        self.resource_id = instance.resource_id
        scope.resolver.learn(DatabaseRef(desired.name), self.arn)
        self.register_outputs({"identifier": self.identifier, "arn": self.arn, "address": self.address})

    def _log_group(
        self, group: DesiredLogGroup, database: DesiredDatabase, scope: Scope
    ) -> aws.cloudwatch.LogGroup:
        return aws.cloudwatch.LogGroup(
            group.name,
            region=group.region,
            name=group.physical_name,
            kms_key_id=scope.resolver.text(group.key),
            retention_in_days=group.retention_days,
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=database.retain_on_delete),
        )


def _identity(desired: DesiredDatabase, scope: Scope) -> Arguments:
    return {
        "region": desired.region,
        "identifier": desired.physical_name,
        "instance_class": desired.instance_class,
        "storage_type": desired.storage_type,
        "max_allocated_storage": desired.max_storage_gib,
        "storage_encrypted": desired.storage_encrypted,
        "kms_key_id": scope.resolver.text(desired.key),
        "deletion_protection": desired.deletion_protection,
    }


def _origin(desired: DesiredDatabase, scope: Scope) -> Arguments:
    if desired.source is not None:
        return {"replicate_source_db": scope.resolver.text(desired.source)}
    return {
        "engine": desired.engine,
        "engine_version": desired.engine_version,
        "engine_lifecycle_support": desired.engine_lifecycle_support,
        "allocated_storage": desired.storage_gib,
        "db_name": desired.database_name,
        "username": desired.master_username,
        "password": pulumi.Output.secret(secrets.token_urlsafe(_PASSWORD_BYTES)),
    }


def _place(desired: DesiredDatabase, groups: DatabaseGroups) -> Arguments:
    return {
        "port": desired.port,
        "multi_az": desired.multi_az,
        "db_subnet_group_name": groups.subnet_group,
        "parameter_group_name": groups.parameter_group,
        "vpc_security_group_ids": [groups.security_group_id],
        "publicly_accessible": desired.publicly_accessible,
        "ca_cert_identifier": desired.ca_certificate,
        "iam_database_authentication_enabled": desired.iam_authentication,
    }


def _backups(desired: DesiredDatabase) -> Arguments:
    return {
        "backup_retention_period": desired.backup_retention_days,
        "backup_window": desired.backup_window,
        "delete_automated_backups": desired.delete_automated_backups,
        "copy_tags_to_snapshot": desired.copy_tags_to_snapshot,
        "skip_final_snapshot": desired.skip_final_snapshot,
        "final_snapshot_identifier": desired.final_snapshot_name,
    }


def _monitoring(desired: DesiredDatabase, scope: Scope) -> Arguments:
    arguments: dict[str, pulumi.Input[object]] = {
        "enabled_cloudwatch_logs_exports": list(desired.log_exports),
        "database_insights_mode": desired.database_insights_mode,
        "performance_insights_enabled": desired.performance_insights,
        "monitoring_interval": desired.monitoring_interval_s,
    }
    if desired.performance_insights:
        arguments["performance_insights_kms_key_id"] = scope.resolver.text(desired.key)
        arguments["performance_insights_retention_period"] = desired.performance_insights_retention_days
    if desired.monitoring_role is not None:
        arguments["monitoring_role_arn"] = scope.resolver.text(desired.monitoring_role)
    return arguments


def _upkeep(desired: DesiredDatabase) -> Arguments:
    return {
        "maintenance_window": desired.maintenance_window,
        "auto_minor_version_upgrade": desired.auto_minor_version_upgrade,
        "allow_major_version_upgrade": desired.allow_major_version_upgrade,
        "apply_immediately": desired.apply_immediately,
    }


def _port(endpoint: str) -> int:
    return int(endpoint.rpartition(":")[2])
