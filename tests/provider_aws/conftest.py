"""One local cloud and one configured provider per test session; every test uses names of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from localcloud.provider_aws.provider import AwsProvider
from localcloud.provider_aws.sessions import Sessions
from tests.localcloud_aws.cloud_process import CloudProcess
from tests.providerkit.running_provider import EngineResource, RunningProvider, configure

HOME, OTHER = "us-west-1", "us-east-2"
DEFAULT_TAGS = {"product": "lifeboat"}

MakeResource = Callable[..., EngineResource]


class CountingSessions(Sessions):
    """Counts how often a client was asked for: a preview must not."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def client(self, service: str, region: str, endpoint: str) -> Any:
        """Count, and return the client."""
        self.asked += 1
        return super().client(service, region, endpoint)


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudProcess]:
    """A local cloud whose states change at once."""
    process = CloudProcess(tmp_path_factory.mktemp("cloud"), "--transition-s", "0", "--tick-s", "0.25")
    yield process.wait_until_ready()
    process.stop()


@pytest.fixture(scope="session")
def sessions() -> CountingSessions:
    """The provider's clients, counted."""
    return CountingSessions()


@pytest.fixture(scope="session")
def provider(cloud: CloudProcess, sessions: CountingSessions) -> Iterator[RunningProvider]:
    """The provider, configured for HOME, with default tags."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", cloud.url)
        running = RunningProvider(AwsProvider(sessions))
        configure(
            running.stub, region=HOME, defaultTags=f'{{"tags":{{"product":"{DEFAULT_TAGS["product"]}"}}}}'
        )
        yield running
        running.stop()


@pytest.fixture
def resource(provider: RunningProvider) -> MakeResource:
    """Make the engine's side of a resource: `resource(token, name)`."""
    return lambda token, name="thing", stack="local": EngineResource(provider.stub, token, name, stack)


@pytest.fixture
def boto(cloud: CloudProcess) -> Callable[..., Any]:
    """Make a client of an operator who changes things by hand: `boto("s3")`, `boto("kms", OTHER)`."""
    return lambda service, region=HOME: cloud.client(service, region)
