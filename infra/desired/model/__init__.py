"""The desired model: what an environment should be, as values; `DesiredEnvironment` holds the rest."""

from infra.config.backups import LockMode
from infra.config.database import RecoveryTier
from infra.config.metric_kind import Emitter, MissingData
from infra.desired.model.account import DesiredBudget, DesiredTrail
from infra.desired.model.alarm import (
    Comparison,
    DesiredAlarm,
    DesiredCompositeAlarm,
    DesiredMetric,
    Dimension,
    Severity,
)
from infra.desired.model.bucket import (
    BucketPurpose,
    BucketReplication,
    DesiredBucket,
    LifecycleRule,
    ObjectLock,
    PublicAccessBlock,
    Transition,
)
from infra.desired.model.database import (
    LOG_EXPORTS,
    ApplyMethod,
    DatabaseRole,
    DesiredBackupsReplication,
    DesiredDatabase,
    DesiredEventSubscription,
    DesiredParameter,
    DesiredParameterGroup,
    DesiredSubnetGroup,
)
from infra.desired.model.environment import (
    DesiredBackupPlan,
    DesiredConnections,
    DesiredEnvironment,
    DesiredManifest,
    DesiredObjectives,
    DesiredTopology,
    FlyRegion,
)
from infra.desired.model.fly import (
    DesiredAddress,
    DesiredAppSecret,
    DesiredCertificate,
    DesiredEgress,
    DesiredEgressRule,
    DesiredFlyApp,
    DesiredMachineGroup,
    DesiredVolume,
)
from infra.desired.model.key import DesiredKey, KeyCopy
from infra.desired.model.log_group import DesiredLogGroup
from infra.desired.model.network import (
    DesiredIngressRule,
    DesiredNetwork,
    DesiredSecurityGroup,
    DesiredSubnet,
)
from infra.desired.model.notification import DesiredRoute, DesiredTopic, Protocol
from infra.desired.model.role import DesiredManagedPolicy, DesiredRole
from infra.desired.model.secret import DesiredSecret, SecretReplica

__all__ = [
    "LOG_EXPORTS",
    "ApplyMethod",
    "BucketPurpose",
    "BucketReplication",
    "Comparison",
    "DatabaseRole",
    "DesiredAddress",
    "DesiredAlarm",
    "DesiredAppSecret",
    "DesiredBackupPlan",
    "DesiredBackupsReplication",
    "DesiredBucket",
    "DesiredBudget",
    "DesiredCertificate",
    "DesiredCompositeAlarm",
    "DesiredConnections",
    "DesiredDatabase",
    "DesiredEgress",
    "DesiredEgressRule",
    "DesiredEnvironment",
    "DesiredEventSubscription",
    "DesiredFlyApp",
    "DesiredIngressRule",
    "DesiredKey",
    "DesiredLogGroup",
    "DesiredMachineGroup",
    "DesiredManagedPolicy",
    "DesiredManifest",
    "DesiredMetric",
    "DesiredNetwork",
    "DesiredObjectives",
    "DesiredParameter",
    "DesiredParameterGroup",
    "DesiredRole",
    "DesiredRoute",
    "DesiredSecret",
    "DesiredSecurityGroup",
    "DesiredSubnet",
    "DesiredSubnetGroup",
    "DesiredTopic",
    "DesiredTopology",
    "DesiredTrail",
    "DesiredVolume",
    "Dimension",
    "Emitter",
    "FlyRegion",
    "KeyCopy",
    "LifecycleRule",
    "LockMode",
    "MissingData",
    "ObjectLock",
    "Protocol",
    "PublicAccessBlock",
    "RecoveryTier",
    "SecretReplica",
    "Severity",
    "Transition",
]
