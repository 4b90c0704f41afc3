"""AWS Secrets Manager, read only: current version ids without values, and values when they are to be sent.

boto3 is loaded with the first question. Every failure of AWS becomes one of three: no value, not reachable,
or refused; messages name the secret and the region and quote nothing but AWS's error code.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from lifeboat.core.errors import ConfigError, LifeboatError
from lifeboat.core.secret import Secret

_CURRENT = "AWSCURRENT"
_ABSENT = frozenset({"ResourceNotFoundException", "InvalidRequestException"})
"""No such secret, no value yet, or marked for deletion (API reference, GetSecretValue)."""
_BROKEN = frozenset({"InternalServiceError", "InternalFailure", "ServiceUnavailable", "ThrottlingException"})
_CONNECT_S, _READ_S, _ATTEMPTS = 3, 10, 2


class SourceUnreachable(LifeboatError):
    """A region's Secrets Manager does not answer, or not sensibly; another region may."""


class NoValue(LifeboatError):
    """The region answers, and there is no value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretVersion:
    """A current value and its version id."""

    version_id: str
    value: Secret


class SecretsReader(Protocol):
    """What the provider asks of Secrets Manager; both raise `NoValue` and `SourceUnreachable`."""

    def current_version(self, secret: str, region: str) -> str:
        """Return the id of the current version, without its value."""
        ...

    def current(self, secret: str, region: str) -> SecretVersion:
        """Return the current version."""
        ...


class SecretsManager:
    """Reads through boto3.

    Args:
        endpoint: address of Secrets Manager; None for AWS's own.
    """

    def __init__(self, endpoint: str | None) -> None:
        self._endpoint = endpoint
        self._lock = threading.Lock()
        self._clients: dict[str, Any] = {}

    def current_version(self, secret: str, region: str) -> str:
        """Return the id of the current version.

        Raises:
            NoValue: there is none.
            SourceUnreachable: the region does not answer.
            ConfigError: AWS refuses.
        """
        with _failures(secret, region):
            found = self._client(region).describe_secret(SecretId=secret)
        if found.get("DeletedDate"):
            raise NoValue(f"secret {secret} of {region} is marked for deletion")
        stages: dict[str, list[str]] = found.get("VersionIdsToStages") or {}
        current = next((version for version, names in stages.items() if _CURRENT in names), None)
        if current is None:
            raise NoValue(f"secret {secret} of {region} has no value yet")
        return current

    def current(self, secret: str, region: str) -> SecretVersion:
        """Return the current version.

        Raises:
            NoValue: there is none.
            SourceUnreachable: the region does not answer.
            ConfigError: AWS refuses, or the value is no text.
        """
        with _failures(secret, region):
            found = self._client(region).get_secret_value(SecretId=secret)
        if "SecretString" not in found:
            raise ConfigError(f"secret {secret} of {region} is binary; an app secret is a text")
        return SecretVersion(version_id=found["VersionId"], value=Secret(found["SecretString"]))

    def _client(self, region: str) -> Any:  # noqa: ANN401  # boto3 has no types
        import boto3
        from botocore.config import Config

        with self._lock:
            if region not in self._clients:
                limits = Config(
                    connect_timeout=_CONNECT_S,
                    read_timeout=_READ_S,
                    retries={"total_max_attempts": _ATTEMPTS},
                )
                session = boto3.session.Session()
                self._clients[region] = session.client(
                    "secretsmanager", region_name=region, endpoint_url=self._endpoint, config=limits
                )
            return self._clients[region]


@contextmanager
def _failures(secret: str, region: str) -> Iterator[None]:
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        ConnectionError,
        HTTPClientError,
        NoCredentialsError,
    )

    what = f"secret {secret} of {region}"
    try:
        yield
    except ClientError as error:
        raise _refusal(what, error.response) from None
    except NoCredentialsError:
        raise ConfigError(
            f"{what}: no AWS credentials", hint="log in to AWS, or run `lifeboat env`"
        ) from None
    except (ConnectionError, HTTPClientError) as error:
        raise SourceUnreachable(f"{what}: {region} does not answer ({type(error).__name__})") from None
    except BotoCoreError as error:
        raise ConfigError(f"{what}: {type(error).__name__}") from None


def _refusal(what: str, response: dict[str, Any]) -> LifeboatError:
    code = str(response.get("Error", {}).get("Code", ""))
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if code in _ABSENT:
        return NoValue(f"{what} has no value")
    if code in _BROKEN or status >= 500:  # noqa: PLR2004  # server errors
        return SourceUnreachable(f"{what}: {code or status}")
    return ConfigError(f"{what}: AWS says {code or status}", hint="check the name and the permissions")
