"""A database in the local cloud of a test: made, looked at and connected to as a stack's clients do it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import psycopg

from localcloud.commands.cloud import cloud
from localcloud.commands.end_whole import end_whole_cloud
from localcloud.commands.setting import Setting
from localcloud.stack.access import aws_endpoint
from localcloud.stack.home import LocalHome
from tests.stack.conftest import make_checkout, processes_of, run_command
from tests.waiting import soon

REGION = "us-west-1"
MASTER = "lifeboat"
PASSWORD = "correct-horse-battery"
NAME = "main"


@contextmanager
def cloud_with_database() -> Iterator[Setting]:
    """Run a cloud with one database in a checkout of its own, and leave nothing of it behind."""
    # So long that the servers' sockets have to lie elsewhere.
    directory = Path(tempfile.mkdtemp(prefix=f"lifeboat-{'long-' * 10}"))
    home = make_checkout(directory)
    setting = Setting(home=home, engine=lambda: directory)
    try:
        assert run_command(cloud, setting, "up").exit_code == 0
        make_database(home)
        yield setting
    finally:
        end_whole_cloud(home.cloud)
        assert soon(lambda: not processes_of(home)), processes_of(home)
        shutil.rmtree(directory)


def rds(home: LocalHome, region: str = REGION) -> Any:
    """Return a client of the local RDS."""
    return boto3.client(
        "rds",
        region_name=region,
        endpoint_url=aws_endpoint(home),
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )


def make_database(home: LocalHome, **settings: object) -> None:
    """Create a database and wait until it is available."""
    values = {
        "DBInstanceIdentifier": NAME,
        "DBInstanceClass": "db.t4g.micro",
        "Engine": "postgres",
        "EngineVersion": "16",
        "AllocatedStorage": 20,
        "MasterUsername": MASTER,
        "MasterUserPassword": PASSWORD,
        "DBName": "app",
        "BackupRetentionPeriod": 0,
        **settings,
    }
    rds(home).create_db_instance(**values)
    assert soon(lambda: status_of(home) == "available", 60), status_of(home)


def status_of(home: LocalHome, name: str = NAME) -> str:
    """Return a database's status."""
    return str(described(home, name)["DBInstanceStatus"])


def described(home: LocalHome, name: str = NAME) -> dict[str, Any]:
    """Return a database as the API describes it."""
    return dict(rds(home).describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0])


def connect(home: LocalHome, **options: Any) -> psycopg.Connection[tuple[Any, ...]]:
    """Connect as the stack's clients do, verifying in full."""
    endpoint = described(home)["Endpoint"]
    values = {
        "host": endpoint["Address"],
        "port": endpoint["Port"],
        "user": MASTER,
        "password": PASSWORD,
        "dbname": "app",
        "sslmode": "verify-full",
        "sslrootcert": os.fspath(home.database_authority),
        "connect_timeout": 3,
        **options,
    }
    return psycopg.connect(**values, autocommit=True)


def answers(home: LocalHome) -> bool:
    """Tell whether the database answers a client."""
    try:
        with connect(home) as connection:
            return connection.execute("select 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False
