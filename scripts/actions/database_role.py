"""Makes the PostgreSQL role that an app logs in with, and gives it the password its secret holds.

    pending value stored ─► role made or changed in the database ─► pending value becomes current

The order of an AWS rotation, so that a crash between any two is healed by running it again. The connection is
always encrypted and the server's certificate always checked: libpq reads the authority from PGSSLROOTCERT
(on AWS: the regional RDS bundle).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from lifeboat.core.errors import Unverified
from lifeboat.core.secret import Secret
from scripts.actions.secret_value import generate_value, promote_pending, put_pending, read_version
from scripts.observe.secret_state import CURRENT, PENDING, observe_secret

_CONNECT_TIMEOUT_S = 15
_METHOD = b"scram-sha-256"
_STATEMENTS = (
    "{verb} ROLE {role} LOGIN PASSWORD {password}",
    "GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {database} TO {role}",
    "GRANT USAGE, CREATE ON SCHEMA public TO {role}",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabasePlace:
    """Where a database is reached, and the secret that holds its master user and password."""

    address: str
    port: int
    name: str
    master_secret: str


def rotate_role(
    secrets: Any,  # noqa: ANN401  # boto3 clients have no type
    place: DatabasePlace,
    *,
    secret: str,
    role: str,
    value: Secret | None = None,
) -> None:
    """Give a role a password, in the database first and in its secret last.

    Args:
        secrets: Secrets Manager client of the secrets' home region.
        place: the primary database.
        secret: name of the secret that holds the role's password.
        role: the role; it is made when it is not there.
        value: the password; generated without one, or that of an interrupted run.

    Raises:
        Unverified: the database cannot be reached or refuses; the pending value is kept.

    Effects: writes a secret version, makes or changes a role.
    """
    version = observe_secret(secrets, secret).pending_version
    if version is None or value is not None:
        version = put_pending(secrets, secret, value or generate_value())
    password = read_version(secrets, secret, version, PENDING)
    held = observe_secret(secrets, place.master_secret).current_version or ""
    master = json.loads(read_version(secrets, place.master_secret, held, CURRENT).reveal())
    try:
        with _connect(place, master) as connection:
            set_role_password(connection, place.name, role, password)
    except psycopg.Error as error:
        raise Unverified(
            f"role {role} of database {place.name} at {place.address}: {_reason(error)}",
            hint="reach the database from here, with PGSSLROOTCERT naming its authority, and run it again",
        ) from None
    promote_pending(secrets, secret, version)


def set_role_password(
    connection: psycopg.Connection[tuple[Any, ...]], database: str, role: str, password: Secret
) -> None:
    """Make a role, or change it, so that it logs in with a password.

    Args:
        connection: of the master user.
        database: the database it may use.
        role: name of the role.
        password: its password; hashed before it is sent.

    Raises:
        psycopg.Error: the database refuses.

    Effects: makes or changes a role.
    """
    # Hashed here, so that neither the server's log nor its statistics ever see the password.
    hashed = connection.pgconn.encrypt_password(password.reveal().encode(), role.encode(), _METHOD)
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    parts = {
        "verb": sql.SQL("ALTER" if known else "CREATE"),
        "role": sql.Identifier(role),
        "password": sql.Literal(hashed.decode()),
        "database": sql.Identifier(database),
    }
    for statement in _STATEMENTS:
        connection.execute(sql.SQL(statement).format(**parts))


def _connect(place: DatabasePlace, master: dict[str, str]) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(
        host=place.address,
        port=place.port,
        dbname=place.name,
        user=master["username"],
        password=master["password"],
        sslmode="verify-full",
        connect_timeout=_CONNECT_TIMEOUT_S,
    )


def _reason(error: psycopg.Error) -> str:
    """Return the server's words without the statement they are about."""
    return error.diag.message_primary or str(error).partition("\n")[0]
