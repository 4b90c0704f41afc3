"""What a role's policy may name: this environment's things and nothing else of the account."""

from __future__ import annotations

from dataclasses import dataclass

from infra.config import EnvironmentConfig
from infra.desired.keys import KeyPurpose, key_ref
from infra.desired.names import Names
from infra.desired.policy_document import Condition
from infra.desired.reference import AccountId, Joined, KeyRef, Partition, Text, arn, bucket_arn


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleScope:
    """The ARNs of an environment, computed from its names.

    Args:
        names: of the environment.
        regions: home first.
        bucket_suffix: of the backup buckets.
        key_purposes: keys the environment has.
        repository: whose pipelines may assume the roles.
        oidc_provider: that vouches for them.
        private_secrets: names of the secrets that no app receives.
    """

    names: Names
    regions: tuple[str, ...]
    bucket_suffix: str
    key_purposes: tuple[KeyPurpose, ...]
    repository: str
    oidc_provider: str
    private_secrets: tuple[str, ...]

    @classmethod
    def of(cls, config: EnvironmentConfig) -> RoleScope:
        """Return the scope of a configuration."""
        has_database = config.database is not None
        return cls(
            names=Names.of(config),
            regions=config.topology.regions,
            bucket_suffix=config.backups.bucket_suffix,
            key_purposes=tuple(p for p in KeyPurpose if has_database or p is not KeyPurpose.DATABASE),
            repository=config.roles.repository,
            oidc_provider=config.roles.oidc_provider,
            private_secrets=tuple(entry.name for entry in config.secrets if entry.fly_name is None),
        )

    def databases(self) -> tuple[Text, ...]:
        """Return this environment's databases, restored and renamed ones included."""
        return (arn("rds", "*", f"db:{self.names.prefix}-*"),)

    def database_things(self) -> tuple[Text, ...]:
        """Return databases, snapshots, replicated backups and the groups a restore names."""
        kinds = ("db", "snapshot", "subgrp", "pg")
        return (
            *(arn("rds", "*", f"{kind}:{self.names.prefix}-*") for kind in kinds),
            arn("rds", "*", "auto-backup:*"),
            arn("rds", "*", "og:default*"),
        )

    def buckets(self) -> tuple[Text, ...]:
        """Return the backup buckets."""
        return tuple(bucket_arn(self.names.backup_bucket(each, self.bucket_suffix)) for each in self.regions)

    def objects(self) -> tuple[Text, ...]:
        """Return the objects of the backup buckets."""
        return tuple(
            bucket_arn(self.names.backup_bucket(each, self.bucket_suffix), "/*") for each in self.regions
        )

    def secrets(self) -> tuple[Text, ...]:
        """Return this environment's secrets in every region."""
        return (arn("secretsmanager", "*", f"secret:{self.names.secret('*')}"),)

    def secrets_of_no_app(self) -> tuple[Text, ...]:
        """Return the secrets whose values no app receives; AWS ends their names with six characters."""
        names = (self.names.secret(name) for name in self.private_secrets)
        return tuple(arn("secretsmanager", "*", f"secret:{name}-??????") for name in names)

    def topics(self) -> tuple[Text, ...]:
        """Return this environment's topics."""
        return (arn("sns", "*", f"{self.names.prefix}-*"),)

    def roles(self) -> tuple[Text, ...]:
        """Return this environment's roles."""
        return (self.names.role_arn("*"),)

    def keys(self, *purposes: KeyPurpose) -> tuple[KeyRef, ...]:
        """Return every copy of some keys, of those that exist; of all keys when none is named."""
        wanted = purposes or tuple(KeyPurpose)
        return tuple(
            key_ref(purpose, region)
            for purpose in self.key_purposes
            if purpose in wanted
            for region in self.regions
        )

    def oidc_arn(self) -> Text:
        """Return the ARN of the OIDC provider in the account."""
        return Joined(
            parts=("arn:", Partition(), ":iam::", AccountId(), f":oidc-provider/{self.oidc_provider}")
        )

    def metric_namespaces(self) -> tuple[Condition, ...]:
        """Return the condition that metrics go into our namespaces only."""
        return (Condition(operator="StringLike", key="cloudwatch:namespace", values=("Lifeboat/*",)),)
