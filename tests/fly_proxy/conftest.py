"""An edge for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fly_proxy.edge_world import EdgeWorld, edge_world


@pytest.fixture
def edge(tmp_path: Path) -> Iterator[EdgeWorld]:
    with edge_world(tmp_path) as world:
        yield world
