"""Every physical name of an environment, so that a recovery can compute it and a review can find it.

Built from product, environment, region and noun only: nothing that a failover changes is part of a name.
"""

from __future__ import annotations

from dataclasses import dataclass

from infra.config import EnvironmentConfig
from infra.desired.reference import Joined, arn
from lifeboat.core.identity import bucket_name, resource_name


@dataclass(frozen=True, slots=True)
class Names:
    """Names of one product's environment."""

    product: str
    environment: str

    @classmethod
    def of(cls, config: EnvironmentConfig) -> Names:
        """Return the names of a configuration."""
        return cls(config.product, config.environment)

    @property
    def prefix(self) -> str:
        """What every name begins with: `<product>-<environment>`."""
        return f"{self.product}-{self.environment}"

    def regional(self, region: str, noun: str) -> str:
        """Return the name of a thing that stands in a region."""
        return resource_name(self.product, self.environment, region, noun)

    def account(self, noun: str) -> str:
        """Return the name of a thing the account has once."""
        return f"{self.prefix}-{noun}"

    def secret(self, name: str) -> str:
        """Return the path of a secret."""
        return f"{self.product}/{self.environment}/{name}"

    def alias(self, purpose: str) -> str:
        """Return the alias of a key."""
        return f"alias/{self.prefix}-{purpose}"

    def backup_bucket(self, region: str, suffix: str) -> str:
        """Return the name of a region's backup bucket."""
        return bucket_name(self.product, self.environment, region, suffix)

    def role_arn(self, noun: str) -> Joined:
        """Return the ARN of a role, computed: a policy may name a role before it exists."""
        return arn("iam", "", f"role/{self.account(noun)}")
