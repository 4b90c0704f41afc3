"""The databases of `make up`, as a person meets them: with what the stack says, and after every kind of end.

One environment for the whole file: the tests run in order, each leaving the cloud running.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import httpx
import psycopg
import pytest

from tests.integration.project import Project
from tests.waiting import living_at, processes_at, soon

pytestmark = pytest.mark.engine

STACK = "local"


@pytest.fixture(scope="module")
def url(project: Project) -> str:
    """Bring the environment up and return the app's address."""
    (address,) = project.up("local")["apps"].values()
    return str(address)


@contextmanager
def connection(
    project: Project, role: str = "primary", **options: str
) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """Connect to a database with the stack's outputs and secret, and with what a user's shell exports."""
    environment, contract = project.environment(STACK), project.contract(STACK)
    region, database = next(item for item in contract["databases"].items() if item[1]["role"] == role)
    secrets = boto3.client(
        "secretsmanager",
        region_name=region,
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
    )
    master = json.loads(secrets.get_secret_value(SecretId=database["master_secret"])["SecretString"])
    values = {
        "host": database["address"],
        "port": str(database["port"]),
        "dbname": database["name"],
        "user": master["username"],
        "password": master["password"],
        "sslmode": "verify-full",
        "sslrootcert": environment["PGSSLROOTCERT"],
        "connect_timeout": "10",
        **options,
    }
    with psycopg.connect(**values, autocommit=True) as opened:
        yield opened


def written(project: Project, role: str = "primary") -> set[str]:
    """Return the ids of the rows that the app wrote."""
    with connection(project, role) as opened:
        return {str(row[0]).replace("-", "") for row in opened.execute("select id from lifeboat_write")}


def write(url: str) -> str:
    """Let the app write a row, and return the id it acknowledged."""
    answer = httpx.post(f"{url}/write", trust_env=False, timeout=30)
    assert answer.status_code in {200, 201}, answer.text
    return str(answer.json()["id"])


def test_the_app_writes_to_the_database_that_the_stack_names(project: Project, url: str) -> None:
    assert write(url) in written(project)


def test_the_replica_in_the_other_region_has_it_too(project: Project, url: str) -> None:
    row = write(url)
    assert soon(lambda: row in written(project, "replica"), 30)


def test_plain_text_is_refused(project: Project, url: str) -> None:
    assert url
    with (
        pytest.raises(psycopg.OperationalError, match="no encryption"),
        connection(project, sslmode="disable"),
    ):
        pass


def test_data_and_addresses_survive_a_break(project: Project, url: str) -> None:
    before, row = project.contract(STACK)["databases"], write(url)
    project.succeed("down")
    assert processes_at(str(project.directory)) == []
    again = project.up("local")
    assert {again[what] for what in ("created", "updated", "replaced", "deleted")} == {0}
    assert list(again["apps"].values()) == [url]
    assert project.contract(STACK)["databases"] == before
    assert row in written(project)
    assert write(url) in written(project)


def test_after_a_kill_of_the_whole_cloud_nothing_acknowledged_is_lost(project: Project, url: str) -> None:
    """Everything of it at once, as a machine that loses power; PostgreSQL's processes too."""
    rows = {write(url) for _ in range(5)}
    everyone = living_at(str(project.directory))
    for number in (signal.SIGSTOP, signal.SIGKILL):
        # Stopped first: one that still runs would start another one again.
        for process in everyone:
            process.send_signal(number)
    assert soon(lambda: processes_at(str(project.directory)) == [], 30)
    project.up("local")
    assert rows <= written(project)
    assert write(url) in written(project)
