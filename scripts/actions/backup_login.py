"""How a backup gets to a database: address, user, password, and the authority that vouches for the server.

The password is read from Secrets Manager in a region that answers. It reaches psycopg as an argument in
memory and a child process in its own environment; never a command line, a file or a message.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from botocore.exceptions import BotoCoreError, ClientError

from lifeboat.core.errors import ConfigError, Refused
from lifeboat.core.secret import Secret
from scripts.actions.secret_value import read_version
from scripts.observe.secret_state import CURRENT, observe_secret

SYSTEM = "system"
_CONNECT_TIMEOUT_S = 15
_DEFAULT_AUTHORITY = Path("~/.postgresql/root.crt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A server and who logs in.

    Args:
        authority: PEM file of the authorities trusted to name it, or `system` for the machine's own.
    """

    address: str
    port: int
    user: str
    password: Secret
    authority: str

    def connect(
        self,
        database: str,
        *,
        connect_timeout_s: int = _CONNECT_TIMEOUT_S,
        **options: Any,  # noqa: ANN401  # libpq's own options
    ) -> psycopg.Connection[tuple[Any, ...]]:
        """Connect, the certificate verified in full.

        Args:
            database: its name.
            connect_timeout_s: how long to wait for the server (>= 2, libpq's least).
            options: more of libpq's.

        Raises:
            Refused: the server did not let us in, with its own words.
        """
        try:
            return psycopg.connect(
                host=self.address,
                port=self.port,
                user=self.user,
                password=self.password.reveal(),
                dbname=database,
                sslmode="verify-full",
                sslrootcert=self.authority,
                connect_timeout=connect_timeout_s,
                application_name="lifeboat backup",
                **options,
            )
        except psycopg.OperationalError as error:
            raise Refused(
                f"database {database} at {self.address}:{self.port}: {reason(error)}",
                hint="is it there, is it reachable from here, and is its master secret the current one?",
            ) from None

    def tls(self) -> ssl.SSLContext:
        """Return a context that verifies the server's certificate and name.

        Raises:
            ConfigError: the authority cannot be read.
        """
        try:
            return ssl.create_default_context(cafile=None if self.authority == SYSTEM else self.authority)
        except OSError as error:
            raise ConfigError(f"PGSSLROOTCERT {self.authority}: {error}") from error


def authority_of(environment: Mapping[str, str]) -> str:
    """Return the authority that libpq would take: PGSSLROOTCERT, else the file in the home directory.

    Raises:
        ConfigError: neither is there; without one nobody vouches for the server.
    """
    named = environment.get("PGSSLROOTCERT", "")
    default = _DEFAULT_AUTHORITY.expanduser()
    if named:
        return named
    if default.is_file():
        return str(default)
    raise ConfigError(
        "PGSSLROOTCERT: not set, so the database's certificate cannot be verified",
        hint="name the bundle of the region's RDS authorities, or `system`",
    )


def read_master(clients: Callable[[str], Any], secret: str, regions: Sequence[str]) -> tuple[str, Secret]:
    """Return the master user and password, from the first region that answers.

    Args:
        clients: makes a Secrets Manager client for a region.
        secret: name of the secret.
        regions: where it and its replicas are, the nearest first.

    Raises:
        Refused: no region gave it; the message says why for each.

    Effects: reads the secret's value.
    """
    reasons = []
    for region in regions:
        try:
            client = clients(region)
            version = observe_secret(client, secret).current_version
            if version is None:
                reasons.append(f"{region}: has no value")
                continue
            value = json.loads(read_version(client, secret, version, CURRENT).reveal())
            return str(value["username"]), Secret(str(value["password"]))
        except (BotoCoreError, ClientError, ConfigError) as error:
            code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
            reasons.append(f"{region}: {code}")
        except (ValueError, KeyError, TypeError):
            reasons.append(f"{region}: is not of the form of a master secret")
    raise Refused(
        f"secret {secret}: not readable in any region\n" + "\n".join(reasons),
        hint="`lifeboat secrets generate` makes it when it was never set",
    )


def reason(error: psycopg.Error) -> str:
    """Return the server's words, without the statement they are about."""
    return error.diag.message_primary or str(error).strip().splitlines()[-1]
