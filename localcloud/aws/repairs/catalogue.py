"""Every repair, in the order of installation: a later one of the same module wraps the earlier ones."""

from __future__ import annotations

from localcloud.aws.repairs import (
    budgets_changes,
    cloudwatch_alarms,
    cloudwatch_composites,
    iam_managed_policies,
    kms_key_state,
    kms_multi_region,
    moto_memory,
    rds_automated_backups,
    rds_backup_replication,
    rds_deletion,
    rds_event_subscriptions,
    rds_kept_fields,
    rds_life_cycle,
    rds_master_secret,
    rds_rename,
    rds_replicas,
    rds_resource_ids,
    rds_restore,
    rds_servers,
    rds_subnet_group,
    secrets_deletion,
    secrets_replicas,
    secrets_stages,
    sns_delivery,
)
from localcloud.aws.repairs.repair import Repair

REPAIRS: tuple[Repair, ...] = (
    moto_memory.REPAIR,
    iam_managed_policies.REPAIR,
    kms_multi_region.REPAIR,
    kms_key_state.REPAIR,
    secrets_stages.REPAIR,
    secrets_replicas.REPAIR,
    secrets_deletion.REPAIR,
    budgets_changes.REPAIR,
    sns_delivery.REPAIR,
    cloudwatch_alarms.REPAIR,
    cloudwatch_composites.REPAIR,
    rds_resource_ids.REPAIR,
    rds_kept_fields.REPAIR,
    rds_subnet_group.REPAIR,
    rds_restore.REPAIR,
    rds_replicas.REPAIR,
    rds_deletion.REPAIR,
    rds_automated_backups.REPAIR,
    rds_backup_replication.REPAIR,
    rds_master_secret.REPAIR,
    rds_event_subscriptions.REPAIR,
    rds_rename.REPAIR,
    # The servers are told of what the checks above let through, and before a passing state begins.
    rds_servers.REPAIR,
    rds_life_cycle.REPAIR,
)
