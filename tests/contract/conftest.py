"""Fixtures of the contract: every test that asks for `fly` runs in process and over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.fly_world import FlyWorld
from tests.contract.places import Place, in_process, over_http


@pytest.fixture(scope="module", params=[in_process, over_http], ids=["in process", "over http"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A running emulator, shared by the tests of a module."""
    with request.param(tmp_path_factory.mktemp("fly")) as place:
        yield place


@pytest.fixture
def fly(place: Place) -> Iterator[FlyWorld]:
    """A client with an organisation and an app of its own."""
    with FlyWorld(place) as world:
        yield world


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many requests were drawn for each operation, and what they were answered."""
    drawn = [
        value
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name == "drawn requests"
    ]
    for operation, statuses in sorted(drawn):
        answered = ", ".join(f"{status}: {count}" for status, count in statuses.items())
        terminalreporter.write_line(f"{operation:40} {sum(statuses.values()):4} requests ({answered})")
    if drawn:
        total = sum(sum(statuses.values()) for _, statuses in drawn)
        terminalreporter.write_line(f"{total} drawn requests of {len(drawn)} operations")
