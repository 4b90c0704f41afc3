"""The roles of a copy on the server it is loaded into, and what the master user needs to give them theirs.

The master user is no superuser. To make a role the owner of a table it has to be a member of it, and the role
needs the right to create in the schema, which the copy gives it only at its end. So the master user becomes a
member of every role for good, and a role of our own hands the right on while the load lasts.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
from psycopg import sql

from lifeboat.core.errors import StepFailed
from scripts.actions.backup_contents import Connection
from scripts.actions.backup_login import reason
from scripts.actions.load_server import ATTEMPT
from scripts.backup.role_statements import RoleStatement, Verb

_MEMBERSHIP_OPTIONS_FROM = 160000
_LENT = (
    "grant usage, create on schema public to {role}",
    "alter default privileges grant usage, create on schemas to {role}",
)


def make_roles(connection: Connection, statements: Sequence[RoleStatement]) -> tuple[str, ...]:
    """Make the roles that are not there yet, with everything they may do, and become a member of each.

    Returns:
        Settings and comments that the server refused.

    Raises:
        StepFailed: it refused a role or a membership.
    """
    refused = []
    for each in statements:
        if each.verb is Verb.CREATE and _is_there(connection, each.role):
            # Made by an attempt that may have ended before it became a member.
            _join(connection, each.role)
            continue
        try:
            connection.execute(each.sql.encode())
        except psycopg.errors.DatabaseError as error:
            if each.verb is not Verb.DECORATE:
                raise StepFailed(f"role {each.role}: {reason(error)}") from None
            refused.append(f"role {each.role}: {reason(error)}")
        if each.verb is Verb.CREATE:
            _join(connection, each.role)
    return tuple(refused)


@contextmanager
def lent_rights(connection: Connection, roles: Sequence[str]) -> Iterator[None]:
    """Let roles create in every schema of the database while the block runs; nothing of it stays.

    Args:
        connection: of the master user, in the database.
        roles: which ones.
    """
    lender = sql.Identifier(f"{ATTEMPT}{secrets.token_hex(6)}")
    connection.execute(sql.SQL("create role {} nologin").format(lender))
    _grant(connection, lender, sql.SQL("current_user"))
    for role in roles:
        _grant(connection, lender, sql.Identifier(role))
    for statement in _LENT:
        connection.execute(sql.SQL(statement).format(role=lender))
    yield
    # Not in a `finally`: an attempt that failed is dropped whole, and the role with it.
    connection.execute(sql.SQL("drop owned by {}").format(lender))
    connection.execute(sql.SQL("drop role {}").format(lender))


def _join(connection: Connection, role: str) -> None:
    _grant(connection, sql.Identifier(role), sql.SQL("current_user"))


def _grant(connection: Connection, role: sql.Composable, to: sql.Composable) -> None:
    # From 16 on a membership has these options of its own; before, the member's attributes decide.
    has_options = connection.info.server_version >= _MEMBERSHIP_OPTIONS_FROM
    options = sql.SQL(" with inherit true, set true" if has_options else "")
    connection.execute(sql.SQL("grant {} to {}{}").format(role, to, options))


def _is_there(connection: Connection, role: str) -> bool:
    return bool(connection.execute("select from pg_roles where rolname = %s", (role,)).fetchall())
