"""Sets secret values: into Secrets Manager and nowhere else, never shown, never on a command line."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from lifeboat.core.secret import Secret
from scripts.observe.secret_state import CURRENT, PENDING, observe_secret

_GENERATED_BYTES = 32


def generate_value() -> Secret:
    """Return a new random value: 43 URL-safe characters, 256 bits."""
    return Secret(secrets.token_urlsafe(_GENERATED_BYTES))


def put_current(client: Any, name: str, value: Secret) -> str:  # noqa: ANN401  # boto3 clients have no type
    """Make `value` the current one and return its version id; the previous one stays as AWSPREVIOUS.

    Effects: writes a secret version.
    Source: Secrets Manager API, PutSecretValue.
    """
    return _put(client, name, value, CURRENT)


def put_pending(client: Any, name: str, value: Secret) -> str:  # noqa: ANN401  # boto3 clients have no type
    """Store `value` beside the current one, to become current once its service accepts it.

    Effects: writes a secret version with the stage AWSPENDING.
    """
    return _put(client, name, value, PENDING)


def promote_pending(client: Any, name: str, version: str) -> None:  # noqa: ANN401  # boto3 clients have no type
    """Make a pending version the current one; it is the current one already when it is the secret's first.

    Effects: moves the stage AWSCURRENT, then takes AWSPENDING away, which marks the end.
    Source: Secrets Manager API, UpdateSecretVersionStage.
    """
    before = observe_secret(client, name).current_version
    if before != version:
        moved = {"RemoveFromVersionId": before} if before else {}
        client.update_secret_version_stage(
            SecretId=name, VersionStage=CURRENT, MoveToVersionId=version, **moved
        )
    client.update_secret_version_stage(SecretId=name, VersionStage=PENDING, RemoveFromVersionId=version)


def read_version(client: Any, name: str, version: str, stage: str) -> Secret:  # noqa: ANN401  # see above
    """Return the value of one version.

    Effects: reads the secret's value.
    """
    answer = client.get_secret_value(SecretId=name, VersionId=version, VersionStage=stage)
    return Secret(answer["SecretString"])


def _put(client: Any, name: str, value: Secret, stage: str) -> str:  # noqa: ANN401  # see above
    # The token makes a repeated request (botocore's own retry) the same request.
    answer = client.put_secret_value(
        SecretId=name,
        SecretString=value.reveal(),
        VersionStages=[stage],
        ClientRequestToken=str(uuid.uuid4()),
    )
    return str(answer["VersionId"])
