"""The primary's automated backups, copied into the other region: what a cold recovery restores from."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from infra.desired.model import DesiredBackupsReplication
from infra.resources.scope import Scope


class BackupsReplication(pulumi.ComponentResource):
    """Replicated automated backups.

    It follows the primary: after a failover the old direction is stopped (RDS keeps what was copied until its
    retention ends) and the other begun. So it is never protected.

    Attributes:
        backups_arn: ARN of the replicated backups, in the region of the copies.
    """

    backups_arn: pulumi.Output[str]

    def __init__(self, desired: DesiredBackupsReplication, scope: Scope) -> None:
        super().__init__("lifeboat:infra:BackupsReplication", desired.name, {}, scope.component())
        replication = aws.rds.InstanceAutomatedBackupsReplication(
            desired.name,
            region=desired.region,
            source_db_instance_arn=scope.resolver.text(desired.source),
            kms_key_id=scope.resolver.text(desired.key),
            retention_period=desired.retention_days,
            # RDS replicates an instance's backups into a region once: the old replication goes first.
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
        self.backups_arn = replication.id
        self.register_outputs({"backupsArn": self.backups_arn})
