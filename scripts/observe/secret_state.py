"""What is known of a secret without reading its value: stages, and when the current value was set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from lifeboat.core.errors import ConfigError

CURRENT = "AWSCURRENT"
PENDING = "AWSPENDING"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretState:
    """The stages of a secret.

    Args:
        current_version: version id of the value in use; None when no value was ever set.
        pending_version: version id of a value whose rotation was begun and not ended. It may be the current
            one as well: Secrets Manager makes a secret's first version current whatever was asked for.
        changed_at: when the secret last changed.
        replica_regions: regions that hold a copy.
    """

    current_version: str | None
    pending_version: str | None
    changed_at: datetime | None
    replica_regions: tuple[str, ...]

    @property
    def is_settled(self) -> bool:
        """Tell whether there is a value in use and no rotation left half-way."""
        return self.current_version is not None and self.pending_version is None


def observe_secret(client: Any, name: str) -> SecretState:  # noqa: ANN401  # boto3 clients have no type
    """Return the stages of a secret.

    Args:
        client: a Secrets Manager client of the secret's home region.
        name: name or ARN.

    Raises:
        ConfigError: no such secret.

    Effects: reads the secret's description; never its value.
    Source: Secrets Manager API, DescribeSecret.
    """
    try:
        answer = client.describe_secret(SecretId=name)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            raise ConfigError(f"secret {name}: not found", hint="it is made by `pulumi up`") from error
        raise
    stages = {
        stage: version for version, held in answer.get("VersionIdsToStages", {}).items() for stage in held
    }
    return SecretState(
        current_version=stages.get(CURRENT),
        pending_version=stages.get(PENDING),
        changed_at=answer.get("LastChangedDate"),
        replica_regions=tuple(sorted(replica["Region"] for replica in answer.get("ReplicationStatus", ()))),
    )
