"""What every test of the Fly client may ask for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.fly_client.scripted_fly import Handler, ScriptedFly

Fly = Callable[[Handler], ScriptedFly]


@pytest.fixture
def fly() -> Fly:
    """Make a scripted Fly from a handler."""
    return ScriptedFly
