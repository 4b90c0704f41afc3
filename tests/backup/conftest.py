"""One cloud with a real database server behind its RDS for all tests; each has a database of its own."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backup.world import BackupWorld
from tests.localcloud_aws.real_cloud import RealCloud, real_cloud


@pytest.fixture(scope="session")
def cloud() -> Iterator[RealCloud]:
    """Run the cloud with one instance, `main`, whose log nobody keeps: it would fill the memory."""
    with real_cloud() as cloud:
        cloud.make("main", EngineVersion="16", BackupRetentionPeriod=0)
        yield cloud


@pytest.fixture
def world(cloud: RealCloud, tmp_path: Path) -> Iterator[BackupWorld]:
    """Return a new, empty database on the shared server; it goes with the test."""
    name = f"shop_{secrets.token_hex(4)}"
    with cloud.connect("main") as connection:
        connection.execute(f"create database {name}".encode())
    yield BackupWorld(cloud, "main", name, tmp_path)
    with cloud.connect("main") as connection:
        connection.execute(f"drop database if exists {name} with (force)".encode())
