"""Who may do what on a new server: the master user nearly everything, and nothing to the machine."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors

from lifeboat.core.errors import Refused
from lifeboat.core.secret import Secret
from localcloud.postgres.roles import Master
from localcloud.postgres.server import Server
from localcloud.postgres.superuser import SUPERUSER
from tests.postgres.databases import DATABASE, MASTER, Databases, connect

_FORBIDDEN = {
    "its programs": "copy (select 1) to program 'true'",
    "its files": "select pg_read_file('/etc/passwd')",
    "settings of the server": "alter system set fsync = off",
    "our superuser": f"set role {SUPERUSER}",
    "its password": f"alter role {SUPERUSER} password 'x'",
    "its rights": f"alter role {MASTER.username} superuser",
    "our database": "drop database rdsadmin",
}


@pytest.mark.parametrize("major", [16, 18])
def test_the_master_user_makes_roles_and_databases_and_hands_on_its_rights(
    databases: Databases, major: int
) -> None:
    """As on RDS, where it is no superuser."""
    server = databases.make(major=major)
    server.start()
    with connect(server) as master:
        rights = "select rolsuper, rolcreatedb, rolcreaterole from pg_roles where rolname = current_user"
        assert master.execute(rights).fetchone() == (False, True, True)
        master.execute("create table orders (id int)")
        master.execute("create role deckhand login password 'Heave-ho-12'")
        # Since version 16 whoever made a role may give its rights to himself, and has them then only.
        master.execute("grant deckhand to current_user")
        master.execute("create database log owner deckhand")
        master.execute("grant rds_superuser to deckhand")
        master.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'deckhand'")
        owners = "select datname from pg_database where pg_get_userbyid(datdba) = %s order by 1"
        owned = master.execute(owners, (MASTER.username,)).fetchall()
        assert owned == [("postgres",), (DATABASE,), ("template1",)]
    deckhand = Master(username="deckhand", password=Secret("Heave-ho-12"))
    with connect(server, deckhand, database="log") as connection:
        connection.execute("create table entries (id int)")


@pytest.mark.parametrize("statement", _FORBIDDEN.values(), ids=_FORBIDDEN)
def test_the_master_user_has_no_way_to(shared_server: Server, statement: str) -> None:
    """The servers run on somebody's laptop."""
    with connect(shared_server) as master, pytest.raises(errors.InsufficientPrivilege):
        master.execute(statement.encode())


@pytest.mark.parametrize(("user", "database"), [(SUPERUSER, DATABASE), (MASTER.username, "rdsadmin")])
def test_our_superuser_and_our_database_are_not_for_clients(
    shared_server: Server, user: str, database: str
) -> None:
    """Not even with the right password."""
    shared_server.query(f"alter role {SUPERUSER} password 'Ahoy-there-1'")
    with pytest.raises(psycopg.OperationalError, match="rejects connection"):
        connect(shared_server, Master(username=user, password=MASTER.password), database=database)


def test_passwords_are_checked_by_scram(shared_server: Server) -> None:
    """What is stored is no password; a wrong one and none are refused."""
    ((stored,),) = shared_server.query(
        "select rolpassword from pg_authid where rolname = %s", MASTER.username
    )
    assert stored.startswith("SCRAM-SHA-256$4096:")
    with connect(shared_server) as connection:
        assert connection.pgconn.used_password
    for wrong in ("Ahoy-there-2", ""):
        with pytest.raises(psycopg.OperationalError, match="password"):
            connect(shared_server, Master(username=MASTER.username, password=Secret(wrong)))


def test_a_new_password_holds_from_the_next_connection(server: Server) -> None:
    """Those who are connected stay."""
    new = Master(username=MASTER.username, password=Secret("Land-in-sight-2"))
    with connect(server) as connection:
        server.set_master_password(new)
        assert connection.execute("select 1").fetchone() == (1,)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(server)
    connect(server, new).close()


def test_a_password_reaches_no_log(databases: Databases) -> None:
    """Nor its verifier, even where every statement is logged."""
    server = databases.make(parameters={"log_statement": "all", "log_min_duration_statement": "0"})
    server.start()
    server.set_master_password(Master(username=MASTER.username, password=Secret("Land-in-sight-2")))
    with connect(server, Master(username=MASTER.username, password=Secret("Land-in-sight-2"))) as master:
        master.execute("select 'shown'")
    with pytest.raises(psycopg.Error):
        server.set_master_password(Master(username="nobody_here", password=Secret("Land-in-sight-3")))
    log = server.log.tail(100_000).decode()
    assert "select 'shown'" in log
    assert not [word for word in ("Ahoy", "Land-in-sight", "SCRAM-SHA-256$") if word in log]


@pytest.mark.parametrize(
    ("master", "database"),
    [
        (Master(username="1st", password=MASTER.password), DATABASE),
        (Master(username='a"b', password=MASTER.password), DATABASE),
        (Master(username="rdsadmin", password=MASTER.password), DATABASE),
        (Master(username="pg_boss", password=MASTER.password), DATABASE),
        (Master(username="a" * 64, password=MASTER.password), DATABASE),
        (Master(username="captain", password=Secret("with space")), DATABASE),
        (Master(username="captain", password=Secret("")), DATABASE),
        (Master(username="captain", password=Secret("schön-und-gut")), DATABASE),
        (MASTER, "rdsadmin"),
        (MASTER, "my-shop"),
    ],
)
def test_names_and_passwords_that_rds_refuses_make_no_server(
    databases: Databases, master: Master, database: str
) -> None:
    """And a refused password is not shown."""
    with pytest.raises(Refused) as refused:
        databases.make(master=master, database=database)
    assert not (databases.directory / "one").exists()
    assert not master.password.reveal() or master.password.reveal() not in str(refused.value)


def test_words_of_sql_are_names_like_others(databases: Databases) -> None:
    """A master user or database may be called `user` or `order`; a database may keep its capitals."""
    master = Master(username="user", password=MASTER.password)
    server = databases.make(master=master, database="Order")
    server.start()
    with connect(server, master, database="Order") as connection:
        assert connection.execute("select current_user::text, current_database()::text").fetchone() == (
            "user",
            "Order",
        )


def test_the_first_database_is_optional(databases: Databases) -> None:
    """`postgres` is there anyway."""
    for name, database in {"one": None, "two": "postgres"}.items():
        server = databases.make(name, database=database)
        server.start()
        connect(server, database="postgres").close()


def test_no_two_servers_take_each_other_for_themselves(databases: Databases) -> None:
    """A standby or an archive recognises its server by this number."""
    servers = [databases.make(name) for name in ("one", "two")]
    numbers = set()
    for server in servers:
        server.start()
        numbers.add(server.query("select system_identifier from pg_control_system()")[0][0])
    assert len(numbers) == 2


def test_a_directory_that_is_there_is_not_overwritten(databases: Databases) -> None:
    """It may be somebody's data."""
    databases.make()
    with pytest.raises(Refused, match="is there already"):
        databases.make()
    assert databases.server().directory.exists
