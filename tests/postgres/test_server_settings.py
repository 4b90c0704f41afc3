"""A parameter group's values: what a server is given, what it is not, what waits for a restart."""

from __future__ import annotations

import pytest

from lifeboat.core.errors import Refused
from lifeboat.postgres.account import Account
from localcloud.postgres.binaries import Binaries
from localcloud.postgres.server import Server
from localcloud.postgres.settings import Settings
from tests.postgres.databases import Databases, connect


def _read(parameters: dict[str, str], major: int = 16) -> Settings:
    return Settings.of(Binaries.of(major), Account.current(), parameters)


def _shown(server: Server, name: str) -> str:
    value: str = server.query("select current_setting(%s)", name)[0][0]
    return value


@pytest.mark.parametrize("major", [16, 18])
def test_values_in_rds_spelling_are_taken(databases: Databases, major: int) -> None:
    """Numbers are in the setting's own unit, switches `1` and `0`."""
    parameters = {"work_mem": "8192", "log_connections": "1", "max_connections": "40", "track_io_timing": "1"}
    server = databases.make(major=major, parameters=parameters)
    server.start()
    assert (_shown(server, "work_mem"), _shown(server, "max_connections")) == ("8MB", "40")
    assert _shown(server, "track_io_timing") == "on"


def test_what_is_no_setting_of_postgresql_is_left_out_and_named() -> None:
    """RDS's own parameters, unknown names, formulas and settings that are ours reach no server."""
    settings = _read(
        {
            "rds.force_ssl": "1",
            "no_such_thing": "3",
            "port": "5432",
            "fsync": "0",
            "ssl_ciphers": "HIGH",
            "server_version": "9",
            "shared_buffers": "{DBInstanceClassMemory/32768}",
            "pg_stat_statements.track": "all",
            "work_mem": "",
        }
    )
    assert settings.applied == ()
    assert {left.name: left.reason for left in settings.left_out} == {
        "rds.force_ssl": "a parameter of rds, not of postgresql",
        "no_such_thing": f"no setting of postgresql {Binaries.of(16).version}",
        "port": "decided by the local cloud",
        "fsync": "decided by the local cloud",
        "ssl_ciphers": "decided by the local cloud",
        "server_version": f"no setting of postgresql {Binaries.of(16).version}",
        "shared_buffers": "a formula of the instance class",
        "pg_stat_statements.track": "pg_stat_statements is not part of these binaries",
    }


def test_libraries_that_are_not_there_are_left_out_and_the_others_loaded(databases: Databases) -> None:
    """A library a server cannot load would keep it from starting."""
    settings = _read({"shared_preload_libraries": "pg_stat_statements, vector"})
    assert settings.applied == (("shared_preload_libraries", "vector"),)
    assert [left.reason for left in settings.left_out] == ["pg_stat_statements is not part of these binaries"]
    server = databases.make(parameters={"shared_preload_libraries": "pg_stat_statements,vector"})
    server.start()
    assert _shown(server, "shared_preload_libraries") == "vector"


def test_logical_replication_is_a_level_of_the_log() -> None:
    """`rds.logical_replication` is how RDS spells `wal_level = logical`."""
    assert _read({"rds.logical_replication": "1"}).applied == (("wal_level", "logical"),)
    assert _read({"rds.logical_replication": "0"}).applied == ()


def test_every_value_that_postgresql_does_not_take_is_refused_by_name() -> None:
    """All of them at once, and nothing for a good one."""
    parameters = {"work_mem": "7", "log_statement": "some", "lock_timeout": "100", "log_lock_waits": "maybe"}
    with pytest.raises(Refused) as refused:
        _read(parameters)
    for name in ("work_mem", "log_statement", "log_lock_waits"):
        assert f'"{name}"' in refused.value.message
    assert "lock_timeout" not in refused.value.message


def test_a_value_with_quotes_stays_one_value(databases: Databases) -> None:
    """A configuration file cannot be broken out of."""
    value = "a'\\b\nport = 1"
    server = databases.make(parameters={"dynamic_library_path": value})
    server.start()
    assert _shown(server, "dynamic_library_path") == value


def test_a_dynamic_value_holds_at_once_and_a_static_one_after_a_restart(server: Server) -> None:
    """The names that wait are told; a restart makes them hold."""
    settings = _read({"work_mem": "8192", "max_connections": "50", "track_activity_query_size": "4096"})
    assert server.apply(settings) == ("max_connections", "track_activity_query_size")
    assert (_shown(server, "work_mem"), _shown(server, "max_connections")) == ("8MB", "100")
    server.stop()
    server.start()
    assert (_shown(server, "work_mem"), _shown(server, "max_connections")) == ("8MB", "50")
    assert server.apply(settings) == ()


def test_a_value_that_is_taken_away_goes_back_to_its_default(server: Server) -> None:
    """At once for a dynamic one; a static one waits."""
    server.apply(_read({"work_mem": "8192", "max_connections": "50"}))
    server.stop()
    assert server.apply(_read({"work_mem": "8192", "max_connections": "50"})) == ()
    server.start()
    assert server.apply(_read({})) == ("max_connections",)
    assert (_shown(server, "work_mem"), _shown(server, "max_connections")) == ("4MB", "50")


def test_an_open_session_sees_a_dynamic_change(server: Server) -> None:
    """No client has to connect again."""
    with connect(server) as session:
        server.apply(_read({"work_mem": "8192"}))
        shown = [session.execute("show work_mem").fetchone() for _ in range(3)]
    assert shown[-1] == ("8MB",)
