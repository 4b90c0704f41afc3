"""A database in the local cloud of a test: made, looked at and connected to as a stack's clients do it."""

from __future__ import annotations

import os
from typing import Any

import boto3
import psycopg

from localcloud.stack.access import aws_endpoint
from localcloud.stack.home import LocalHome
from tests.waiting import soon

REGION = "us-west-1"
MASTER = "lifeboat"
PASSWORD = "correct-horse-battery"
NAME = "main"


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
