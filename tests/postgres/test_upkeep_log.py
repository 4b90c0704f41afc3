"""The log of a server that runs for long does not grow without bound, and goes on."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from localcloud.postgres.server_log import KEPT_BYTES, LARGEST_BYTES
from tests.postgres.databases import open_directory
from tests.postgres.service_process import ServiceProcess
from tests.postgres.test_service import connect, create, instance
from tests.waiting import soon


@pytest.fixture
def service() -> Iterator[ServiceProcess]:
    with open_directory() as directory:
        process = ServiceProcess(directory).start()
        yield process
        process.close()


def test_a_log_that_grew_too_large_keeps_its_end_and_takes_what_is_written_next(
    service: ServiceProcess,
) -> None:
    name = create(service)["resource_id"]
    log = service.data / "instances" / name / "data.log"
    with log.open("ab") as file:
        file.write(b"x" * LARGEST_BYTES + b"\nthe last line\n")
    assert soon(lambda: log.stat().st_size < KEPT_BYTES + 100_000)
    assert b"the last line" in log.read_bytes()
    with connect(service) as connection, pytest.raises(psycopg.errors.UndefinedTable):
        connection.execute("table nowhere")
    assert soon(lambda: b'"nowhere" does not exist' in log.read_bytes())
    assert instance(service)["state"] == ""
