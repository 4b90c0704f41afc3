"""The roles file of a backup as single statements, each fit for a master user who is no superuser.

On RDS nobody is: attributes that only a superuser may set are left out (RDS gives their like by membership in
roles of its own), nothing is said about the master user itself, who is there already and may not change
itself, and nothing is granted to it here. What stays is made one by one, so that a second attempt can pass
over what the first one made.

Source: pg_dumpall.c, dumpRoles; PostgreSQL documentation, "CREATE ROLE".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from scripts.backup.roles import without_provider_roles

_NAME = r'("(?:[^"]|"")+"|[\w$]+)'
_CREATE = re.compile(rf"CREATE ROLE {_NAME};")
_ALTER = re.compile(rf"ALTER ROLE {_NAME} WITH (.*);")
_SETTING = re.compile(rf"ALTER ROLE {_NAME} (?:IN DATABASE {_NAME} )?SET ")
_GRANT = re.compile(rf"GRANT {_NAME} TO {_NAME}(?: WITH .*)?;")
_COMMENT = re.compile(rf"COMMENT ON ROLE {_NAME} IS ")
_SUPERUSERS_ONLY = re.compile(r"\b(?:NO)?(?:SUPERUSER|REPLICATION|BYPASSRLS)\b ?")


class Verb(StrEnum):
    """What a statement does."""

    CREATE = "create"
    ALTER = "alter"
    GRANT = "grant"
    DECORATE = "decorate"
    """A setting or a comment: its loss takes nothing away from anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleStatement:
    """One statement about one role.

    Args:
        verb: what it does.
        role: whose it is; of a grant, who gets it.
        sql: the statement.
    """

    verb: Verb
    role: str
    sql: str


def role_statements(script: str, master: str) -> tuple[RoleStatement, ...]:
    """Return the statements of a roles file that a master user can run, in their order.

    Args:
        script: as `pg_dumpall --roles-only` writes it, a statement per line.
        master: name of the master user.
    """
    found = []
    for line in without_provider_roles(script).splitlines():
        statement = _read(line)
        if statement is None or statement.role == master:
            continue
        granted = _GRANT.fullmatch(line)
        if granted is None or _plain(granted[1]) != master:
            found.append(statement)
    return tuple(found)


def _read(line: str) -> RoleStatement | None:
    if found := _CREATE.fullmatch(line):
        return RoleStatement(verb=Verb.CREATE, role=_plain(found[1]), sql=line)
    if found := _ALTER.fullmatch(line):
        left = _SUPERUSERS_ONLY.sub("", found[2]).strip()
        sql = f"ALTER ROLE {found[1]} WITH {left};"
        return RoleStatement(verb=Verb.ALTER, role=_plain(found[1]), sql=sql) if left else None
    if found := _GRANT.fullmatch(line):
        return RoleStatement(verb=Verb.GRANT, role=_plain(found[2]), sql=line)
    if found := _SETTING.match(line) or _COMMENT.match(line):
        return RoleStatement(verb=Verb.DECORATE, role=_plain(found[1]), sql=line)
    return None


def _plain(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name
