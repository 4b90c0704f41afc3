"""The variables that turn a process's `pulumi` and AWS SDK towards a local stack, and away from all else.

A pure decision over paths and an environment. Real credentials must never reach the local cloud and the local
cloud's must never reach AWS or Fly: every ambient `AWS_…` and `FLY_…` variable is replaced or removed,
profiles are read from an empty file, and a passphrase in the environment, which would win over the file, is
removed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from localcloud.fly.tokens import LOCAL_TOKEN
from localcloud.stack.home import LocalHome
from localcloud.supervisor.service import LOOPBACK

CREDENTIAL = "local"
"""Access key and secret key of the local cloud, which checks neither."""

CREATED_FILE = "LIFEBOAT_CREATED_FILE"
"""Names the file in which the stand-in notes what it created, so that a killed `up` can be healed."""

REPLACED = ("AWS_", "FLY_")
"""Ambient variables that begin so are replaced or removed: they speak of a real account."""

REMOVED = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "PULUMI_CONFIG_PASSPHRASE")
"""Removed in any case, set here or not: a shell may set them later."""

_PROXY_EXCEPTIONS = ("NO_PROXY", "no_proxy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """Addresses of the local cloud's APIs, and of the edge behind which the local Fly's apps answer."""

    aws: str
    fly: str
    edge: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Variables:
    """What to set and what to remove."""

    set: Mapping[str, str]
    removed: tuple[str, ...]

    def apply(self, environment: Mapping[str, str]) -> dict[str, str]:
        """Return an environment with these variables in force."""
        kept = {name: value for name, value in environment.items() if name not in self.removed}
        return {**kept, **self.set}


def variables_of(
    stack: str,
    home: LocalHome,
    *,
    endpoints: Endpoints,
    region: str | None,
    engine: Path | None,
    environment: Mapping[str, str],
) -> Variables:
    """Return the variables of a local stack.

    Args:
        stack: a local stack.
        home: its checkout.
        endpoints: addresses of the local cloud.
        region: the environment's home region, None when its data does not say.
        engine: directory that holds `pulumi`, None to leave PATH alone.
        environment: the environment they are meant for.
    """
    values = {
        **_pulumi(stack, home),
        **_aws(home, endpoints.aws, region),
        **_fly(home, endpoints),
        # The authority of the local databases: with it `sslmode=verify-full` holds here too.
        "PGSSLROOTCERT": str(home.database_authority),
        **_proxy_exceptions(environment),
    }
    if engine is not None:
        values["PATH"] = _path(engine, environment.get("PATH", ""))
    ambient = (name for name in environment if name.startswith(REPLACED) and name not in values)
    return Variables(set=values, removed=tuple(sorted({*REMOVED, *ambient})))


def _pulumi(stack: str, home: LocalHome) -> dict[str, str]:
    return {
        "PULUMI_HOME": str(home.pulumi_home),
        "PULUMI_BACKEND_URL": home.backend.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(home.passphrase),
        "PULUMI_STACK": stack,
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        # A pulumi-resource-aws on PATH would be taken before the stand-in.
        "PULUMI_IGNORE_AMBIENT_PLUGINS": "true",
        CREATED_FILE: str(home.created(stack)),
    }


def _aws(home: LocalHome, endpoint: str, region: str | None) -> dict[str, str]:
    nothing = str(home.no_aws_configuration)
    values = {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": CREDENTIAL,
        "AWS_SECRET_ACCESS_KEY": CREDENTIAL,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": nothing,
        "AWS_SHARED_CREDENTIALS_FILE": nothing,
    }
    return {**values, "AWS_REGION": region} if region else values


def _fly(home: LocalHome, endpoints: Endpoints) -> dict[str, str]:
    """Return what turns our own Fly client, and flyctl, towards the local Fly."""
    return {
        "FLY_FLAPS_BASE_URL": endpoints.fly,
        "FLY_API_BASE_URL": endpoints.fly,
        "FLY_UIEX_BASE_URL": endpoints.fly,
        # Ours alone: the local apps have no names in the DNS.
        "FLY_EDGE_URL": endpoints.edge,
        # The local Fly's own; it takes no other, and Fly does not take this one.
        "FLY_API_TOKEN": LOCAL_TOKEN,
        # flyctl writes tokens and agents' sockets there; a real account's must not be met.
        "FLY_CONFIG_DIR": str(home.fly_configuration),
        "FLY_SEND_METRICS": "0",
        "FLY_SYNTHETICS_AGENT": "0",
        "FLY_NO_UPDATE_CHECK": "1",
        "FLY_NO_INCIDENTS_CHECK": "1",
    }


def _proxy_exceptions(environment: Mapping[str, str]) -> dict[str, str]:
    """Return proxy exceptions that keep loopback traffic on this machine, whatever proxy is configured."""
    values = {}
    for name in _PROXY_EXCEPTIONS:
        known = [host for host in environment.get(name, "").split(",") if host]
        missing = [host for host in (LOOPBACK, "localhost") if host not in known]
        values[name] = ",".join(known + missing)
    return values


def _path(engine: Path, path: str) -> str:
    others = [part for part in path.split(os.pathsep) if part and part != str(engine)]
    return os.pathsep.join([str(engine), *others])
