"""A local AWS cloud for the tests that need a real bucket; started once, when the first of them runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.localcloud_aws.cloud_process import CloudProcess


@pytest.fixture(scope="session")
def shared_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudProcess]:
    process = CloudProcess(tmp_path_factory.mktemp("aws"), "--transition-s", "0", "--tick-s", "0.1")
    yield process.wait_until_ready()
    process.stop()


@pytest.fixture
def aws(shared_aws: CloudProcess) -> Iterator[CloudProcess]:
    """The cloud, emptied after the test."""
    yield shared_aws
    shared_aws.admin("POST", "reset")
