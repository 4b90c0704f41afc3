"""Servers for the tests of this directory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from localcloud.postgres.server import Server
from tests.postgres.databases import Databases, open_directory


@pytest.fixture(scope="session")
def templates() -> Iterator[Path]:
    """Where the templates of this run lie."""
    with open_directory() as directory:
        yield directory


@pytest.fixture
def databases(templates: Path) -> Iterator[Databases]:
    """Makes servers, which end with the test."""
    with open_directory() as directory:
        databases = Databases(directory, templates)
        yield databases
        databases.end()


@pytest.fixture(scope="session")
def shared_server(templates: Path) -> Iterator[Server]:
    """Run a server for all tests that neither end it nor count what is in it."""
    with open_directory() as directory:
        databases = Databases(directory, templates)
        server = databases.make()
        server.start()
        yield server
        databases.end()


@pytest.fixture
def server(databases: Databases) -> Server:
    """Return an empty server of version 16 that runs."""
    server = databases.make()
    server.start()
    return server
