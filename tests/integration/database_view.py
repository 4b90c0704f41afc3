"""The databases of a project, reached as its users reach them: outputs, secret, exported authority."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import httpx
import psycopg

from tests.integration.project import Project

STACK = "local"


def client(project: Project, service: str, region: str) -> Any:
    """Return a client of the local AWS."""
    environment = project.environment(STACK)
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
    )


@contextmanager
def connection(
    project: Project, role: str = "primary", **options: str
) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """Connect to a database with the stack's outputs and secret, and with what a user's shell exports."""
    environment, contract = project.environment(STACK), project.contract(STACK)
    region, database = next(item for item in contract["databases"].items() if item[1]["role"] == role)
    secrets = client(project, "secretsmanager", region)
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
