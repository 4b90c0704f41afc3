"""A world per test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fly_provider.world import FlyWorld


@pytest.fixture
def world(tmp_path: Path) -> Iterator[FlyWorld]:
    """An emulated Fly and a provider on it."""
    made = FlyWorld(tmp_path / "fly")
    yield made
    made.close()
