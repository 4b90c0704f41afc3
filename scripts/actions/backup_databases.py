"""Which databases of a server are worth a copy."""

from __future__ import annotations

from scripts.actions.backup_login import Login

_DATABASES = """
select datname::text from pg_database
where datallowconn and not datistemplate and datname <> 'rdsadmin'
      and has_database_privilege(datname, 'connect')
order by 1
"""
_IN_USE = """
select exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
               where n.nspname !~ '^pg_' and n.nspname <> 'information_schema')
"""
_MAINTENANCE = "postgres"


def list_databases(login: Login, named: str) -> tuple[str, ...]:
    """Return the databases of a server that are worth a copy.

    All that can be entered but templates and RDS's own; the maintenance database only when there is something
    in it.

    Args:
        login: the server.
        named: the database that has to be there; the first to be entered.

    Raises:
        Refused: the server did not let us in.
    """
    with login.connect(named or _MAINTENANCE, autocommit=True) as connection:
        names = [str(name) for (name,) in connection.execute(_DATABASES)]
    if _MAINTENANCE in names and named != _MAINTENANCE and not is_in_use(login, _MAINTENANCE):
        names.remove(_MAINTENANCE)
    return tuple(names)


def is_in_use(login: Login, database: str) -> bool:
    """Tell whether there is a table, or anything like it, in a database.

    Raises:
        Refused: the server did not let us in.
    """
    with login.connect(database, autocommit=True) as connection:
        found = connection.execute(_IN_USE).fetchone()
    return bool(found and found[0])
