"""No list is believed alone: not an empty one, not a short one, not while regions are missing."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from lifeboat.fly.client import errors
from lifeboat.fly.client.machines.shared_reading import SharedReading
from tests.fly_client.conftest import Fly
from tests.fly_client.scripted_fly import ScriptedFly, no, ok

ONE = {"id": "1", "state": "started"}
TWO = {"id": "2", "state": "stopped"}
HERE = {"id": "1", "app_name": "web", "state": "started"}


class Witnesses:
    """Fly's three answers about the machines of `web`; each list is used up and its last answer stays."""

    def __init__(self, fly: Fly) -> None:
        self.lists: list[Any] = [[]]
        self.count: int | None = 0
        self.org: httpx.Response = ok({"machines": []})
        self.server: ScriptedFly = fly(self)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer."""
        if request.url.path == "/v1/apps/web":
            return ok({"id": "1", "name": "web", "machine_count": self.count, "organization": {"slug": "o"}})
        if request.url.path == "/v1/orgs/o/machines":
            return httpx.Response(self.org.status_code, content=self.org.content)
        return ok(self.lists.pop(0) if len(self.lists) > 1 else self.lists[0])

    def ids(self) -> list[str]:
        """Return what a careful list believes."""
        return [machine.id for machine in self.server.client().machines.list_carefully("web")]


@pytest.fixture
def witnesses(fly: Fly) -> Witnesses:
    """Return witnesses that all see nothing."""
    return Witnesses(fly)


def test_a_list_that_fly_counts_too_is_believed(witnesses: Witnesses) -> None:
    witnesses.lists, witnesses.count = [[ONE, TWO]], 2

    assert witnesses.ids() == ["1", "2"]
    assert witnesses.server.clock.monotonic_s() == 0


def test_an_empty_list_that_nobody_contradicts_is_believed(witnesses: Witnesses) -> None:
    assert witnesses.ids() == []
    assert "GET /v1/orgs/o/machines" in witnesses.server.asked


def test_a_list_that_was_empty_once_is_read_again(witnesses: Witnesses) -> None:
    witnesses.lists, witnesses.count = [[], [], [ONE]], 1

    assert witnesses.ids() == ["1"]


@pytest.mark.parametrize("count", [0, None])
def test_an_empty_list_is_not_believed_against_the_organisation(
    witnesses: Witnesses, count: int | None
) -> None:
    witnesses.count, witnesses.org = count, ok({"machines": [HERE]})
    with pytest.raises(errors.UncertainList, match="web"):
        witnesses.ids()


@pytest.mark.parametrize("listed", [[], [ONE]])
def test_a_list_shorter_than_the_count_is_not_believed(
    witnesses: Witnesses, listed: list[dict[str, str]]
) -> None:
    witnesses.lists, witnesses.count = [listed], 2
    with pytest.raises(errors.UncertainList, match="counts 2"):
        witnesses.ids()


def test_an_empty_list_is_not_believed_while_regions_are_missing(witnesses: Witnesses) -> None:
    witnesses.org = ok({"machines": [], "error_regions": ["iad", "fra"]})
    with pytest.raises(errors.UncertainList, match="fra, iad"):
        witnesses.ids()


def test_an_organisation_that_says_nothing_is_no_witness(witnesses: Witnesses) -> None:
    witnesses.org = ok({})
    with pytest.raises(errors.ProtocolError, match="no list machines"):
        witnesses.ids()


def test_machines_of_other_apps_and_dead_ones_contradict_nothing(witnesses: Witnesses) -> None:
    witnesses.lists = [[{"id": "9", "state": "destroyed"}]]
    witnesses.org = ok({"machines": [{**HERE, "app_name": "other"}, {**HERE, "state": "destroyed"}]})

    assert witnesses.ids() == []


@pytest.mark.parametrize(("count", "believed"), [(0, True), (None, False)])
def test_a_token_of_one_app_relies_on_the_count(
    witnesses: Witnesses, count: int | None, believed: bool
) -> None:
    witnesses.count, witnesses.org = count, no(403, "not authorized")
    if believed:
        assert witnesses.ids() == []
    else:
        with pytest.raises(errors.UncertainList):
            witnesses.ids()


def test_a_destroyed_machine_in_the_list_is_no_machine(witnesses: Witnesses) -> None:
    witnesses.lists, witnesses.org = [[{"id": "9", "state": "destroyed"}]], ok({"machines": [HERE]})
    with pytest.raises(errors.UncertainList):
        witnesses.ids()


def test_a_machine_that_is_going_still_counts_and_is_not_returned(witnesses: Witnesses) -> None:
    witnesses.lists, witnesses.count = [[{"id": "9", "state": "destroying"}]], 1

    assert witnesses.ids() == []


def test_an_app_that_does_not_exist_is_told(fly: Fly) -> None:
    with pytest.raises(errors.AppNotFound):
        fly(lambda _: no(404, "app not found")).client().machines.list_carefully("web")


def test_who_asks_together_shares_and_nobody_gets_an_old_reading() -> None:
    inside, gate = threading.Event(), threading.Event()
    begun: list[int] = []

    def read() -> int:
        begun.append(1)
        inside.set()
        gate.wait(5)
        return len(begun)

    reading = SharedReading(read)
    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(reading.value)
        assert inside.wait(5)
        later = [pool.submit(reading.value) for _ in range(8)]
        gate.set()
        assert first.result() == 1
        assert all(value.result() >= 2 for value in later)
    assert len(begun) <= 9


def test_an_error_belongs_to_who_got_it_and_the_next_reads_again() -> None:
    outcomes: list[int | Exception] = [ValueError("x"), 7]

    def read() -> int:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    reading = SharedReading(read)
    with pytest.raises(ValueError, match="x"):
        reading.value()

    assert reading.value() == 7
