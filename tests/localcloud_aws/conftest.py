"""One local cloud per test session; tests that need their own process make one in their tmp_path."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.localcloud_aws.cloud_process import CloudProcess

StartCloud = Callable[..., CloudProcess]


@pytest.fixture(scope="session")
def shared_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudProcess]:
    process = CloudProcess(tmp_path_factory.mktemp("cloud"), "--transition-s", "0", "--tick-s", "0.25")
    yield process.wait_until_ready()
    process.stop()


@pytest.fixture
def cloud(shared_cloud: CloudProcess) -> Iterator[CloudProcess]:
    """The shared cloud, emptied after the test; transitions take no time."""
    yield shared_cloud
    shared_cloud.admin("POST", "reset")


@pytest.fixture
def start_cloud(tmp_path: Path) -> Iterator[StartCloud]:
    """Start further clouds, all with the same state file unless told otherwise."""
    started: list[CloudProcess] = []

    def start(*options: str, directory: Path = tmp_path) -> CloudProcess:
        started.append(CloudProcess(directory, *options))
        return started[-1]

    yield start
    for process in started:
        process.stop()
