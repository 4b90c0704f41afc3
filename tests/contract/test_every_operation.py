"""Drawn requests of every implemented operation get no answer outside Fly's description and its deviations.

Each case begins from the same populated state, and nothing is random from run to run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from localcloud.fly.emulator import Emulator
from tests.contract.drawn import requests
from tests.contract.judging import judge
from tests.contract.populated_fly import Asked, PopulatedFly, StridingClock
from tests.contract.well_known import well_known
from tests.fly_emulator.fake_runner import FakeRunner

CASES = 32
"""Drawn requests per operation, at least."""

RICH = {"Machines_create": 90, "Machines_update": 60}
"""Drawn requests of the operations whose bodies have most to draw."""

IMPLEMENTED = sorted(
    name
    for name, is_built in Emulator(Path("unused"), StridingClock(), runner=FakeRunner()).table.operations()
    if is_built
)
DRAWING = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def populated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PopulatedFly]:
    """A populated Fly."""
    fly = PopulatedFly(tmp_path_factory.mktemp("fly"))
    yield fly
    fly.close()


def test_there_are_enough_cases() -> None:
    assert len(IMPLEMENTED) * CASES >= 2000


@pytest.mark.parametrize("name", IMPLEMENTED)
def test_no_answer_is_outside_the_description(
    populated: PopulatedFly, name: str, record_property: Callable[[str, object], None]
) -> None:
    known = [asked for asked in well_known(populated) if asked.operation == name]
    statuses: Counter[int] = Counter()
    # A wait blocks until the emulated time is up; nobody else lets it pass.
    populated.clock.stride_s = 15.0 if name == "Machines_wait" else 0.0

    def exchange(asked: Asked) -> None:
        populated.restore()
        answer = populated.ask(asked)
        statuses[answer.status_code] += 1
        judge(asked, answer)
        populated.settle()

    for asked in known:
        exchange(asked)
    drawn = given(requests(populated, name, known))(exchange)
    settings(DRAWING, max_examples=RICH.get(name, CASES))(drawn)()
    record_property("drawn requests", (name, dict(sorted(statuses.items()))))
    assert statuses.total() >= CASES + len(known)
    assert any(200 <= status < 300 for status in statuses)
    assert any(status >= 400 for status in statuses)
