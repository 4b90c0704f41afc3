"""The roles of a new server, as on RDS: our superuser, `rds_superuser`, and a master user who is none.

The master user may make databases and roles and hand on what `rds_superuser` may do, but reads no file of the
machine and cannot become our superuser. Source: RDS user guide, "Understanding PostgreSQL roles and
permissions".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from psycopg import sql

from lifeboat.core.errors import Refused
from lifeboat.core.secret import Secret
from localcloud.postgres.scram import scram_verifier
from localcloud.postgres.superuser import OWN_DATABASE, SUPERUSER

RDS_SUPERUSER = "rds_superuser"

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}")
_RESERVED = {SUPERUSER, "admin", "public", "rds_superuser", "rds_password", "rds_replication", "rdsrepladmin"}
_PREDEFINED = ("pg_monitor", "pg_signal_backend", "pg_checkpoint", "pg_read_all_data", "pg_write_all_data")


@dataclass(frozen=True, slots=True, kw_only=True)
class Master:
    """Who may do nearly everything on a new server.

    Args:
        username: 1-63 letters, digits and underscores, a letter first.
        password: printable ASCII without `/`, `"`, `@` and space.
    """

    username: str
    password: Secret


def server_statements() -> list[str]:
    """Return what every new server needs before it has a master user, to be run in our own database."""
    granted = ", ".join(_PREDEFINED)
    return [
        "create role rds_password nologin",
        "create role rds_replication nologin",
        f"create role {RDS_SUPERUSER} nologin",
        f"grant {granted}, rds_password, rds_replication to {RDS_SUPERUSER} with admin option",
        f"create database {OWN_DATABASE}",
        f"revoke all on database {OWN_DATABASE} from public",
    ]


def master_statements(master: Master, database: str | None) -> list[str]:
    """Return what gives a new server its master user and first database.

    Raises:
        Refused: a name or a password that RDS would not take.
    """
    _check_name("master username", master.username, reserved=_RESERVED)
    user = sql.Identifier(master.username)
    statements = [
        sql.SQL("create role {} login createdb createrole password {}").format(
            user, sql.Literal(scram_verifier(master.password))
        ),
        sql.SQL("grant {} to {} with admin option").format(sql.Identifier(RDS_SUPERUSER), user),
        sql.SQL("alter database postgres owner to {}").format(user),
        sql.SQL("alter database template1 owner to {}").format(user),
    ]
    if database is not None and database != "postgres":
        _check_name("database name", database, reserved={OWN_DATABASE, "template0", "template1"})
        statements.append(sql.SQL("create database {} owner {}").format(sql.Identifier(database), user))
    return [statement.as_string(None) for statement in statements]


def password_statement(master: Master) -> str:
    """Return what changes a master user's password.

    Raises:
        Refused: a password that RDS would not take.
    """
    return (
        sql.SQL("alter role {} password {}")
        .format(sql.Identifier(master.username), sql.Literal(scram_verifier(master.password)))
        .as_string(None)
    )


def _check_name(what: str, name: str, reserved: set[str]) -> None:
    if not _NAME.fullmatch(name):
        msg = f"{what} {name!r}: 1-63 letters, digits and underscores, a letter first"
        raise Refused(msg)
    if name.lower() in reserved or name.lower().startswith("pg_"):
        msg = f"{what} {name!r} is reserved"
        raise Refused(msg)
