"""A memory provider, served."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.providerkit.memory_provider import THING, MemoryProvider
from tests.providerkit.running_provider import EngineResource, RunningProvider


@pytest.fixture
def provider() -> MemoryProvider:
    """The provider itself, to look at and to disturb."""
    return MemoryProvider()


@pytest.fixture
def running(provider: MemoryProvider) -> Iterator[RunningProvider]:
    """The provider, served."""
    server = RunningProvider(provider)
    yield server
    server.stop()


@pytest.fixture
def thing(running: RunningProvider) -> EngineResource:
    """The engine's side of one thing."""
    return EngineResource(running.stub, THING, "one")
