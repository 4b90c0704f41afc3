"""AWS Secrets Manager for tests: moto behind a port of its own in this process, and one that can fail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

from lifeboat.core.secret import Secret
from lifeboat.fly.provider.secrets.reader import NoValue, SecretVersion, SourceUnreachable

KEYS = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}


@contextmanager
def moto_at_a_port() -> Iterator[str]:
    """Serve moto; yields its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def secrets_manager(url: str, region: str) -> Any:
    """Return a boto3 client of a region."""
    return boto3.client("secretsmanager", region_name=region, endpoint_url=url, **KEYS)


class ScriptedSecrets:
    """Values by region and secret; a region in `silent` does not answer. Fulfils `SecretsReader`."""

    def __init__(self, values: dict[tuple[str, str], str]) -> None:
        self.values = values
        self.silent: set[str] = set()
        self.asked: list[str] = []

    def current_version(self, secret: str, region: str) -> str:
        """Return an id that follows from the value."""
        return self.current(secret, region).version_id

    def current(self, secret: str, region: str) -> SecretVersion:
        """Return the value, or fail as declared."""
        self.asked.append(region)
        if region in self.silent:
            raise SourceUnreachable(f"{region} does not answer")
        if (region, secret) not in self.values:
            raise NoValue(f"{secret} of {region} has no value")
        value = self.values[region, secret]
        return SecretVersion(version_id=f"version-of-{len(value)}", value=Secret(value))
