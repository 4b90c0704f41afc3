"""A client with TLS talks to a real server that has none; what is not allowed through is told so."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from localcloud.postgres.authority import Authority
from tests.postgres.running_endpoints import REGION, RunningEndpoints, address_of, running_endpoints
from tests.postgres_server import PostgresServer, postgres_server
from tests.waiting import soon

ROW = b"7\t" + b"x" * 97 + b"\n"
ROWS = 500_000
CANCELLED = """
import sys, threading, psycopg
with psycopg.connect(sys.argv[1], autocommit=True) as connection:
    threading.Timer(0.2, getattr(connection, sys.argv[2])).start()
    try:
        connection.execute("select pg_sleep(15)")
    except psycopg.errors.QueryCanceled:
        sys.exit(0)
sys.exit(3)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres_server() as running:
        running.rows("select 1")
        with psycopg.connect(running.url, autocommit=True) as connection:
            connection.execute("alter system set max_connections = 300")
            connection.execute("create role app login password 'correct horse'")
            _add_password_rule(connection)
        running.stop()
        running.start()
        yield running


@pytest.fixture
def endpoints(tmp_path: Path) -> Iterator[RunningEndpoints]:
    with running_endpoints(tmp_path) as running:
        yield running


@pytest.fixture
def port(endpoints: RunningEndpoints, server: PostgresServer) -> int:
    """An endpoint that takes TLS only."""
    return endpoints.do(lambda each: each.open(REGION, "orders", address_of(server), force_ssl=True))


def _add_password_rule(connection: psycopg.Connection) -> None:
    (file,) = connection.execute("select current_setting('hba_file')").fetchone() or ("",)
    rules = Path(str(file)).read_text()
    Path(str(file)).write_text(f"host all app 127.0.0.1/32 scram-sha-256\n{rules}")


def test_verify_full_connects_and_scram_holds(endpoints: RunningEndpoints, port: int) -> None:
    with endpoints.connect(port, user="app", password="correct horse") as connection:
        assert connection.execute("select current_user").fetchone() == ("app",)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        endpoints.connect(port, user="app", password="wrong")


def test_localhost_and_the_endpoints_own_name_are_verified_too(
    endpoints: RunningEndpoints, port: int
) -> None:
    for name in ("localhost", f"orders.{REGION}.rds.local"):
        with endpoints.connect(port, host=name, hostaddr="127.0.0.1") as connection:
            assert connection.execute("select 1").fetchone() == (1,)


def test_another_name_or_another_authority_is_not_believed(
    endpoints: RunningEndpoints, port: int, tmp_path: Path
) -> None:
    with pytest.raises(psycopg.OperationalError, match="does not match host name"):
        endpoints.connect(port, host=f"invoices.{REGION}.rds.local", hostaddr="127.0.0.1")
    other = Authority(tmp_path / "other").ca_file
    with pytest.raises(psycopg.OperationalError, match="certificate verify failed"):
        endpoints.connect(port, sslrootcert=str(other))


def test_direct_tls_connects(endpoints: RunningEndpoints, port: int) -> None:
    with endpoints.connect(port, sslnegotiation="direct") as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_plain_text_is_refused_in_the_words_of_rds(endpoints: RunningEndpoints, port: int) -> None:
    words = (
        'FATAL:  no pg_hba.conf entry for host "127.0.0.1", user "app", database "postgres", no encryption'
    )
    with pytest.raises(psycopg.OperationalError, match=words):
        endpoints.connect(port, user="app", sslmode="disable")
    with endpoints.connect(port, sslmode="allow", sslrootcert="") as connection:
        assert connection.pgconn.ssl_in_use


def test_plain_text_passes_where_tls_is_not_demanded(endpoints: RunningEndpoints, port: int) -> None:
    endpoints.do(lambda each: each.require_tls(REGION, "orders", force_ssl=False))
    with endpoints.connect(port, sslmode="disable") as connection:
        assert connection.execute("select 1").fetchone() == (1,)
        assert not connection.pgconn.ssl_in_use


def test_fifty_megabytes_go_in_and_come_out_unchanged(endpoints: RunningEndpoints, port: int) -> None:
    with endpoints.connect(port) as connection:
        connection.execute("create temporary table bulk (id int, text text)")
        with connection.cursor().copy("copy bulk from stdin") as copy:
            for _ in range(ROWS // 1000):
                copy.write(ROW * 1000)
        assert connection.execute("select count(*), sum(length(text)) from bulk").fetchone() == (
            ROWS,
            ROWS * 97,
        )
        with connection.cursor().copy("copy bulk to stdout") as copy:
            assert sum(len(chunk) for chunk in copy) == ROWS * len(ROW)


def test_one_big_value_passes(endpoints: RunningEndpoints, port: int) -> None:
    value = "y" * 20_000_000
    with endpoints.connect(port) as connection:
        assert connection.execute("select %s::text", [value]).fetchone() == (value,)


def test_a_slow_reader_stops_the_server_and_loses_nothing(
    endpoints: RunningEndpoints, server: PostgresServer, port: int
) -> None:
    with endpoints.connect(port, application_name="slow") as connection:
        with connection.cursor().copy(
            "copy (select repeat('z', 999) from generate_series(1, 60000)) to stdout"
        ) as copy:
            first = copy.read()
            assert soon(lambda: _is_waiting_for_the_client(server))
            assert len(first) + sum(len(chunk) for chunk in copy) == 60_000_000
        assert connection.execute("select 1").fetchone() == (1,)


def _is_waiting_for_the_client(server: PostgresServer) -> bool:
    query = "select wait_event from pg_stat_activity where application_name = 'slow'"
    return server.rows(query) == [("ClientWrite",)]


@pytest.mark.parametrize("sslmode", ["verify-full", "disable"])
@pytest.mark.parametrize("cancel", ["cancel", "cancel_safe"], ids=["plain", "as-connected"])
def test_a_cancel_request_reaches_the_query(
    endpoints: RunningEndpoints, port: int, *, sslmode: str, cancel: str
) -> None:
    if sslmode == "disable":
        endpoints.do(lambda each: each.require_tls(REGION, "orders", force_ssl=False))
    url = endpoints.url(port, sslmode=sslmode)
    # libpq's older cancel blocks the whole interpreter until it is answered: it needs one of its own.
    done = subprocess.run([sys.executable, "-c", CANCELLED, url, cancel], check=False, timeout=20)
    assert done.returncode == 0


def test_two_hundred_connections_at_once(endpoints: RunningEndpoints, port: int) -> None:
    connections = [endpoints.connect(port) for _ in range(200)]
    try:
        assert endpoints.do(lambda each: each.connections(REGION, "orders")) == 200
        pids = {connection.execute("select pg_backend_pid()").fetchone() for connection in connections}
        assert len(pids) == 200
    finally:
        for connection in connections:
            connection.close()
    assert soon(lambda: endpoints.do(lambda each: each.connections(REGION, "orders")) == 0)


def test_a_server_that_does_not_answer_is_said_to_be_starting(endpoints: RunningEndpoints) -> None:
    with postgres_server() as server:
        port = endpoints.do(lambda each: each.open(REGION, "reborn", address_of(server), force_ssl=False))
        with endpoints.connect(port) as before:
            server.stop()
            with pytest.raises(psycopg.OperationalError):
                before.execute("select 1")
        for sslmode in ("verify-full", "disable"):
            with pytest.raises(psycopg.OperationalError, match="the database system is starting up"):
                endpoints.connect(port, sslmode=sslmode)
        server.start()
        with closing(endpoints.connect(port)) as after:
            assert after.execute("select 1").fetchone() == (1,)
