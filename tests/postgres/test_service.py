"""The service as a process: what it answers, what it does by itself, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import psutil
import psycopg
import pytest

from localcloud.postgres.leftovers import leftovers_of
from tests.postgres.databases import open_directory
from tests.postgres.service_process import ServiceProcess
from tests.waiting import soon

ID = "db-ONE"
PASSWORD = "Ahoy-there-1"


@pytest.fixture(scope="module")
def shared() -> Iterator[ServiceProcess]:
    with open_directory() as directory:
        process = ServiceProcess(directory).start()
        yield process
        process.close()


@pytest.fixture
def service(shared: ServiceProcess) -> Iterator[ServiceProcess]:
    """The module's service, emptied after the test."""
    yield shared
    httpx.delete(f"{shared.url}/_lifeboat/faults", timeout=60)
    assert httpx.post(f"{shared.url}/_lifeboat/reset", timeout=60).json() == {"reset": True}


def facts(resource_id: str = ID, **changes: object) -> dict[str, object]:
    """Return what RDS tells of an instance."""
    return {
        "resource_id": resource_id,
        "region": "us-west-2",
        "identifier": resource_id.lower(),
        "engine": "postgres",
        "engine_version": "16.4",
        "db_name": "shop",
        "master_username": "captain",
        "master_password": PASSWORD,
        "storage_gib": 20,
        "backup_retention_days": 0,
        "parameters": {},
        "source_resource_id": None,
        **changes,
    }


def tell(service: ServiceProcess, path: str, body: Mapping[str, object]) -> httpx.Response:
    """Tell the service something and return its answer."""
    return httpx.post(f"{service.url}{path}", json=body, timeout=30)


def overview(service: ServiceProcess) -> dict[str, Any]:
    """Return everything the service knows."""
    return dict(httpx.get(f"{service.url}/overview", timeout=30).json())


def instance(service: ServiceProcess, resource_id: str = ID) -> dict[str, Any]:
    """Return how an instance is."""
    return next(dict(one) for one in overview(service)["instances"] if one["resource_id"] == resource_id)


def create(service: ServiceProcess, resource_id: str = ID, **changes: object) -> dict[str, Any]:
    """Create an instance, wait until nothing is done for it any more, and return how it is."""
    body = {"facts": facts(resource_id, **changes), "origin": {}}
    assert tell(service, "/instances/create", body).status_code == 200
    assert soon(lambda: resource_id not in overview(service)["busy"], 60)
    return instance(service, resource_id)


def connect(service: ServiceProcess, resource_id: str = ID) -> psycopg.Connection[tuple[Any, ...]]:
    """Connect through the endpoint."""
    return psycopg.connect(
        host="127.0.0.1",
        port=instance(service, resource_id)["port"],
        user="captain",
        password=PASSWORD,
        dbname="shop",
        sslmode="verify-full",
        sslrootcert=service.health()["ca_file"],
        connect_timeout=5,
        autocommit=True,
    )


def answers(service: ServiceProcess, resource_id: str = ID) -> bool:
    """Tell whether a client gets an answer."""
    try:
        with connect(service, resource_id) as connection:
            return connection.execute("select 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def doings(service: ServiceProcess) -> str:
    """Return what the other clients' sessions do."""
    with connect(service) as connection:
        found = connection.execute(
            "select query from pg_stat_activity where state = 'active' and pid <> pg_backend_pid()"
        )
        return " ".join(str(query) for (query,) in found)


def declare(service: ServiceProcess, kind: str, **options: object) -> httpx.Response:
    """Declare a fault of the one instance."""
    fault = {"kind": kind, "region": "us-west-2", "identifier": ID.lower(), **options}
    return tell(service, "/_lifeboat/faults", fault)


def test_a_creation_told_twice_makes_one_instance_and_a_deleted_one_never_comes_back(
    service: ServiceProcess,
) -> None:
    first, second = create(service), create(service)
    assert (first["port"], first["state"]) == (second["port"], second["state"])
    assert len(overview(service)["instances"]) == 1
    tell(service, "/instances/delete", {"facts": facts(), "flag": False})
    assert soon(lambda: ID not in overview(service)["busy"])
    assert leftovers_of(service.data) == ()
    again = tell(service, "/instances/create", {"facts": facts(), "origin": {}})
    assert again.status_code == 400
    assert again.json() == {"error": f"instance {ID} was deleted"}


def test_the_state_file_and_the_log_hold_no_password(service: ServiceProcess) -> None:
    create(service)
    assert tell(service, "/instances/create", {"facts": {"master_password": PASSWORD}}).status_code == 400
    for file in (service.state_file, service.log_file):
        assert PASSWORD not in file.read_text()


def test_a_server_that_dies_is_not_available_and_comes_back_with_its_data(service: ServiceProcess) -> None:
    create(service)
    with connect(service) as connection:
        connection.execute("create table kept as select 7 as answer")
    assert declare(service, "crash").status_code == 200
    assert soon(lambda: answers(service), 30)
    with connect(service) as connection:
        assert connection.execute("select answer from kept").fetchone() == (7,)


def test_a_server_that_is_kept_down_stays_down_until_the_fault_is_forgotten(
    service: ServiceProcess,
) -> None:
    create(service)
    declared = declare(service, "down").json()
    assert instance(service)["state"] == "rebooting"
    assert service.health()["trouble"] == {ID: "its server is down"}
    assert not soon(lambda: answers(service), 2.5)
    httpx.delete(f"{service.url}/_lifeboat/faults", params={"id": declared["id"]}, timeout=30)
    assert soon(lambda: answers(service), 30)
    assert soon(lambda: instance(service)["state"] == "")


def test_a_busy_child_of_a_killed_postmaster_serves_on_until_the_fault_is_forgotten(
    service: ServiceProcess,
) -> None:
    create(service)
    # Long, and of rows that need no room on disk.
    long = "select count(*) from pg_class a, pg_class b, pg_class c, pg_class d"
    with connect(service) as connection, ThreadPoolExecutor() as threads:
        working = threads.submit(connection.execute, long)
        assert soon(lambda: "pg_class d" in doings(service))
        declare(service, "postmaster")
        assert leftovers_of(service.data) != ()
        assert not answers(service)
        assert not working.done()
        httpx.delete(f"{service.url}/_lifeboat/faults", timeout=30)
        assert soon(lambda: answers(service), 30)
        with pytest.raises(psycopg.OperationalError):
            working.result(30)


def test_a_frozen_server_answers_nobody_and_holds_up_nothing_else(service: ServiceProcess) -> None:
    create(service)
    create(service, "db-TWO")
    declare(service, "freeze")
    assert not answers(service)
    assert answers(service, "db-TWO")
    httpx.delete(f"{service.url}/_lifeboat/faults", timeout=30)
    assert soon(lambda: answers(service), 30)


def test_an_endpoint_that_is_cut_refuses_until_traffic_is_restored(service: ServiceProcess) -> None:
    create(service)
    declare(service, "cut", new="refuse", existing="reset")
    assert not answers(service)
    assert httpx.get(f"{service.url}/_lifeboat/faults").json()["faults"][0]["kind"] == "cut"
    httpx.delete(f"{service.url}/_lifeboat/faults", timeout=30)
    assert answers(service)


def test_a_fault_of_nobody_is_refused(service: ServiceProcess) -> None:
    assert declare(service, "down").json() == {"error": "there is no database db-one in us-west-2"}
    create(service)
    refused = declare(service, "replica_delay")
    assert (refused.status_code, refused.json()["error"]) == (
        400,
        "database db-one in us-west-2 is no replica",
    )


def test_a_changed_parameter_holds_and_one_that_postgresql_does_not_take_is_shown(
    service: ServiceProcess,
) -> None:
    create(service)
    tell(service, "/instances/modify", {"facts": facts(parameters={"work_mem": "8192"})})
    assert soon(lambda: ID not in overview(service)["busy"])
    with connect(service) as connection:
        assert connection.execute("show work_mem").fetchone() == ("8MB",)
    tell(service, "/instances/modify", {"facts": facts(parameters={"work_mem": "plenty"})})
    assert soon(lambda: instance(service)["state"] == "incompatible-parameters")
    assert "work_mem" in instance(service)["reason"]
    assert answers(service), "it runs on with what it had"


def test_a_making_that_was_cut_short_waits_for_its_facts_and_is_done_again(
    service: ServiceProcess,
) -> None:
    tell(service, "/instances/create", {"facts": facts(), "origin": {}})
    service.kill()
    service.start()
    assert instance(service)["state"] == "creating"
    assert instance(service)["wants_facts"]
    assert create(service)["state"] == ""
    assert answers(service)


def test_the_end_takes_every_server_with_it_and_a_killed_end_is_made_up_for(
    service: ServiceProcess,
) -> None:
    create(service)
    assert service.end_lifeline() == 0
    assert leftovers_of(service.data) == ()
    service.start()
    assert answers(service)
    service.kill()
    left = {process.pid for process in leftovers_of(service.data)}
    assert left != set()
    service.start()
    assert left.isdisjoint(psutil.pids())
    assert answers(service)
