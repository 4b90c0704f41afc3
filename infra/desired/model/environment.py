"""Everything an environment should be: the one value that the resources layer turns into resources.

Made by `infra.desired.build`, checked by `infra.desired.invariants`. Pure data: no clock, no I/O, no values
of a provider; two equal environment files give two equal models.
"""

from __future__ import annotations

from dataclasses import dataclass

from infra.config.database import RecoveryTier
from infra.desired.model.account import DesiredBudget, DesiredTrail
from infra.desired.model.alarm import DesiredAlarm, DesiredCompositeAlarm, DesiredMetric
from infra.desired.model.bucket import DesiredBucket
from infra.desired.model.database import (
    DesiredBackupsReplication,
    DesiredDatabase,
    DesiredEventSubscription,
    DesiredParameterGroup,
    DesiredSubnetGroup,
)
from infra.desired.model.fly import DesiredEgressRule, DesiredFlyApp
from infra.desired.model.key import DesiredKey
from infra.desired.model.network import DesiredNetwork
from infra.desired.model.notification import DesiredRoute, DesiredTopic
from infra.desired.model.role import DesiredManagedPolicy, DesiredRole
from infra.desired.model.secret import DesiredSecret
from infra.desired.reference import BucketRef, KeyRef


@dataclass(frozen=True, slots=True, kw_only=True)
class FlyRegion:
    """The Fly region whose apps use the database of an AWS region."""

    region: str
    fly_region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredTopology:
    """Two regions: the home never changes, the primary is where the primary database is at present."""

    home_region: str
    other_region: str
    primary_region: str
    recovery_region: str
    fly_regions: tuple[FlyRegion, ...]

    @property
    def regions(self) -> tuple[str, str]:
        """Home first."""
        return (self.home_region, self.other_region)


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredObjectives:
    """What was promised, and what stands ready in the recovery region to keep it."""

    rto_minutes: int
    rpo_minutes: int
    retention_days: int
    tier: RecoveryTier


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredBackupPlan:
    """When backups into the buckets run (cron, UTC) and how long they are kept."""

    schedule: str
    retention_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredConnections:
    """The pool each app process opens on the primary."""

    pool_min: int
    pool_max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredManifest:
    """The outputs contract as an object in the recovery region's bucket, written last."""

    name: str
    region: str
    bucket: BucketRef
    bucket_name: str
    object_key: str
    key: KeyRef


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredEnvironment:
    """An environment.

    Logical names (`name`) are unique over the whole model. `tags` are the provider's default tags. Without a
    database the tuples from `networks` to `event_subscriptions` are empty and `connections` is None.
    """

    product: str
    environment: str
    owner: str
    protected: bool
    topology: DesiredTopology
    objectives: DesiredObjectives
    tags: tuple[tuple[str, str], ...]
    backups: DesiredBackupPlan
    connections: DesiredConnections | None
    keys: tuple[DesiredKey, ...]
    networks: tuple[DesiredNetwork, ...]
    subnet_groups: tuple[DesiredSubnetGroup, ...]
    parameter_groups: tuple[DesiredParameterGroup, ...]
    databases: tuple[DesiredDatabase, ...]
    backup_replications: tuple[DesiredBackupsReplication, ...]
    event_subscriptions: tuple[DesiredEventSubscription, ...]
    fly_apps: tuple[DesiredFlyApp, ...]
    egress_rules: tuple[DesiredEgressRule, ...]
    buckets: tuple[DesiredBucket, ...]
    secrets: tuple[DesiredSecret, ...]
    topics: tuple[DesiredTopic, ...]
    routes: tuple[DesiredRoute, ...]
    metrics: tuple[DesiredMetric, ...]
    alarms: tuple[DesiredAlarm, ...]
    composites: tuple[DesiredCompositeAlarm, ...]
    roles: tuple[DesiredRole, ...]
    policies: tuple[DesiredManagedPolicy, ...]
    trail: DesiredTrail | None
    budget: DesiredBudget | None
    manifest: DesiredManifest
