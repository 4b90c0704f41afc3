"""The demo app as a process: what it answers, alone and with a real PostgreSQL."""

from __future__ import annotations

import psutil
import pytest

from tests.fly_images.running_image import RunningImage, running
from tests.postgres_server import PostgresServer, postgres_server
from tests.waiting import soon

DEMO = "registry.fly.io/acme:v3"
MACHINE = {"FLY_APP_NAME": "acme", "FLY_MACHINE_ID": "148ed1", "FLY_REGION": "sjc"}
MB = 2**20


def with_database(postgres: PostgresServer) -> dict[str, str]:
    return {**MACHINE, "DATABASE_URL": postgres.url, "LIFEBOAT_HEARTBEAT_S": "0.1"}


def megabytes(image: RunningImage) -> float:
    return psutil.Process(image.process.pid).memory_full_info().pss / MB


def test_every_answer_tells_who_served_it() -> None:
    with running(DEMO, **MACHINE) as demo:
        for path in ("/health/live", "/nowhere"):
            headers = demo.get(path).headers
            assert headers["x-lifeboat-version"] == "v3"
            assert (headers["x-lifeboat-region"], headers["x-lifeboat-machine"]) == ("sjc", "148ed1")


def test_without_a_database_it_is_ready_and_refuses_to_write() -> None:
    with running(DEMO, **MACHINE) as demo:
        assert [demo.status(path) for path in ("/health/live", "/health/ready")] == [200, 200]
        assert [demo.status(path) for path in ("/write", "/count", "/nowhere")] == [503, 503, 404]


def test_an_idle_machine_is_light() -> None:
    with running(DEMO, **MACHINE) as demo:
        assert demo.status("/health/ready") == 200
        assert megabytes(demo) <= 25


def test_an_idle_machine_that_uses_its_database_stays_below_40_mb(postgres: PostgresServer) -> None:
    with running(DEMO, **with_database(postgres)) as demo:
        assert demo.status("/write") == 200
        assert megabytes(demo) <= 40


def test_a_row_is_written_once_per_id_and_counted(postgres: PostgresServer) -> None:
    with running(DEMO, **with_database(postgres)) as demo:
        before = demo.get("/count").json()["rows"]
        first = demo.client.post("/write?id=order-1", content=b"ignored").json()
        again = demo.get("/write?id=order-1").json()
        assert (first["created"], again["created"]) == (True, False)
        assert first["written_at"] == again["written_at"]
        counted = demo.get("/count").json()
        assert counted["rows"] == before + 1
        assert counted["newest"]["id"] == "order-1"


def test_ids_are_unique_when_none_is_given_and_bad_ones_are_refused(postgres: PostgresServer) -> None:
    with running(DEMO, **with_database(postgres)) as demo:
        assert demo.get("/write").json()["id"] != demo.get("/write").json()["id"]
        assert demo.status("/write?id=" + "x" * 129) == 400
        assert demo.status("/write?id=%00") == 400


def test_heartbeat_rows_name_region_and_machine(postgres: PostgresServer) -> None:
    rows = "select region from lifeboat_heartbeat where machine = 'beating'"
    with running(DEMO, **{**with_database(postgres), "FLY_MACHINE_ID": "beating"}):
        assert soon(lambda: len(postgres.rows("select to_regclass('lifeboat_heartbeat')::text")) == 1)
        assert soon(lambda: len(postgres.rows(rows)) >= 3)
    assert set(postgres.rows(rows)) == {("sjc",)}


def test_outside_the_primary_region_a_write_is_sent_there(postgres: PostgresServer) -> None:
    with running(DEMO, **with_database(postgres), PRIMARY_REGION="ord") as demo:
        answer = demo.client.post("/write")
        assert answer.status_code == 409
        assert answer.headers["fly-replay"].startswith("region=ord")
        assert demo.status("/health/ready") == 200
    with running(DEMO, **with_database(postgres), PRIMARY_REGION="sjc") as demo:
        assert demo.client.post("/write").status_code == 200


def test_it_survives_a_failover_of_its_database() -> None:
    with postgres_server() as postgres, running(DEMO, **with_database(postgres)) as demo:
        assert demo.status("/write?id=before") == 200
        postgres.stop()
        gone = demo.get("/health/ready")
        assert (gone.status_code, demo.status("/health/live")) == (503, 200)
        assert "unreachable" in gone.json()["error"]
        postgres.start()
        assert demo.status("/health/ready") == 200
        assert demo.get("/write?id=before").json()["created"] is False
        beats = postgres.rows("select count(*) from lifeboat_heartbeat")
        assert soon(lambda: postgres.rows("select count(*) from lifeboat_heartbeat") > beats)
        demo.interrupt()
        reasons = [line["reason"] for line in demo.log() if line.get("about") == "heartbeat"]
        assert len(reasons) <= 2, "one line per change, not per beat"


def test_a_read_only_database_is_named_so_and_written_again_once_it_is_promoted() -> None:
    with postgres_server() as postgres, running(DEMO, **with_database(postgres)) as demo:
        assert demo.status("/write") == 200
        _set_read_only(postgres, "on")
        assert soon(lambda: demo.get("/write").json().get("error") == "the database is read-only")
        _set_read_only(postgres, "off")
        assert soon(lambda: demo.status("/write") == 200)


def _set_read_only(postgres: PostgresServer, value: str) -> None:
    import psycopg

    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("set default_transaction_read_only = off")
        connection.execute(f"alter system set default_transaction_read_only = {value}".encode())
        connection.execute("select pg_reload_conf()")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://app:hunter2@127.0.0.1:1/db",
        "hunter2 is no connection string",
        "postgresql://app:hunter2@127.0.0.1:1/db?nonsense=hunter2",
    ],
)
def test_a_database_secret_is_never_shown_nor_logged(url: str) -> None:
    with running(DEMO, **MACHINE, DATABASE_URL=url) as demo:
        answers = [demo.get(path) for path in ("/health/ready", "/env", "/write", "/count")]
        assert [answer.status_code for answer in answers] == [503, 200, 503, 503]
        assert all("hunter2" not in answer.text for answer in answers)
        demo.interrupt()
        log = demo.log()
    assert "hunter2" not in str(log)
    assert {"start", "stop"} < {line["event"] for line in log}
