"""boto3 clients for the local cloud: dummy credentials, one endpoint, bounded time, no other environment.

boto3 is imported with the first client, so that a provider that only compares never loads it.
"""

from __future__ import annotations

import os
import threading

from lifeboat.providerkit.values import Value

ACCOUNT = "123456789012"
PARTITION = "aws"
_KEY = "lifeboat-local"
"""Access key and secret: any text will do, and this one says what it is."""


class Sessions:
    """Clients by service and region, made once; safe to use from several threads."""

    def __init__(self) -> None:
        self._clients: dict[tuple[str, str, str], Value] = {}
        self._lock = threading.Lock()
        self._session: Value = None

    def client(self, service: str, region: str, endpoint: str) -> Value:
        """Return the client of a service in a region of the cloud at `endpoint`."""
        key = (service, region, endpoint)
        # boto3 sessions are not thread-safe while they make a client; clients are.
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._make(service, region, endpoint)
            return self._clients[key]

    def _make(self, service: str, region: str, endpoint: str) -> Value:
        from botocore.config import Config

        if self._session is None:
            self._session = _isolated_session()
        config = Config(
            retries={"mode": "standard", "total_max_attempts": 3},
            connect_timeout=5,
            read_timeout=60,
            max_pool_connections=32,
            proxies={},
            use_fips_endpoint=False,
            use_dualstack_endpoint=False,
            s3={"addressing_style": "path"},
            user_agent_extra="lifeboat-stand-in",
        )
        return self._session.client(service, region_name=region, endpoint_url=endpoint, config=config)


def _isolated_session() -> Value:
    import boto3
    import botocore.session

    # (name in the config file, environment variables, default, conversion): neither is looked at.
    nothing = {
        "profile": (None, None, None, None),
        "config_file": (None, None, os.devnull, None),
        "credentials_file": (None, None, os.devnull, None),
    }
    core = botocore.session.Session(session_vars=nothing)
    return boto3.session.Session(
        aws_access_key_id=_KEY, aws_secret_access_key=_KEY, aws_session_token=None, botocore_session=core
    )
