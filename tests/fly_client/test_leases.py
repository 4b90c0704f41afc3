"""Leases are short, kept alive, carried by every change, and released whatever happens."""

from __future__ import annotations

import json
import logging
import threading
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from lifeboat.core.clock import SystemClock
from lifeboat.fly.client import FlyClient, errors
from tests.fly_client.conftest import Fly
from tests.fly_client.scripted_fly import SETTINGS, answers, no, ok
from tests.waiting import soon

NONCE = "fly-machine-lease-nonce"
HELD = "aborted: machine ID {} lease currently held by a@b, expires at 2026-09-01T12:00:13Z"


class LeasingFly:
    """Keeps the leases of machines; thread-safe, since heartbeats ask too."""

    def __init__(self, *, bare: bool = True) -> None:
        self.nonces: dict[str, str] = {}
        self.log: list[str] = []
        self.bare = bare
        self.failing: dict[str, httpx.Response] = {}
        self._lock = threading.Lock()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        with self._lock:
            return self._answer(request, request.url.path.split("/")[5])

    def _answer(self, request: httpx.Request, machine: str) -> httpx.Response:
        nonce = request.headers.get(NONCE, "")
        verb = request.method if request.method != "POST" or not nonce else "REFRESH"
        self.log.append(f"{verb} {machine}")
        if verb in self.failing:
            failing = self.failing[verb]
            return httpx.Response(failing.status_code, content=failing.content)
        held = self.nonces.get(machine)
        if verb == "DELETE":
            if held != nonce:
                return no(404, "lease not found")
            del self.nonces[machine]
            return ok({})
        if held is not None and held != nonce:
            return no(409, HELD.format(machine))
        if verb == "REFRESH" and held is None:
            return no(404, "lease not found")
        self.nonces[machine] = nonce or f"nonce-{machine}"
        return self._lease(machine)

    def _lease(self, machine: str) -> httpx.Response:
        lease = {"nonce": self.nonces[machine], "expires_at": 1788264013, "owner": "a@b", "version": "v1"}
        return ok(lease if self.bare else {"status": "success", "data": lease}, 201)

    def client(self) -> FlyClient:
        """Return a client on the real clock."""
        return FlyClient(SETTINGS, clock=SystemClock(), transport=httpx.MockTransport(self))

    def count(self, line: str) -> int:
        """Return how often it was asked this."""
        return self.log.count(line)


@pytest.mark.parametrize("bare", [True, False])
def test_both_forms_of_a_lease_are_read(fly: Fly, bare: bool) -> None:
    server = fly(LeasingFly(bare=bare))
    lease = server.client().leases.take("web", "1", description="why")

    assert lease.nonce == "nonce-1"
    assert lease.owner == "a@b"
    assert lease.expires_at == datetime(2026, 9, 1, 12, 0, 13, tzinfo=UTC)
    assert server.requests[0].url.query == b"ttl=13"
    assert server.body() == {"ttl": 13, "description": "why"}
    assert "nonce-1" not in repr(lease)


@pytest.mark.parametrize("body", [{}, [], {"data": None}, {"expires_at": 1}, {"nonce": "n"}])
def test_a_lease_that_is_none_is_a_protocol_error(fly: Fly, body: Any) -> None:
    with pytest.raises(errors.ProtocolError):
        fly(answers(ok(body))).client().leases.take("web", "1")


def test_leases_are_taken_in_order_and_released_backwards() -> None:
    world = LeasingFly()
    with world.client().leases.held("web", ["3", "1", "2", "1"]) as nonces:
        assert dict(nonces) == {"1": "nonce-1", "2": "nonce-2", "3": "nonce-3"}
        assert "nonce-1" not in repr(nonces)

    assert world.log == [f"POST {n}" for n in "123"] + [f"DELETE {n}" for n in "321"]
    assert world.nonces == {}


@pytest.mark.parametrize("kind", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_leases_are_released_however_the_work_ends(kind: type[BaseException]) -> None:
    world = LeasingFly()
    with pytest.raises(kind), world.client().leases.held("web", ["1", "2"]):
        raise kind

    assert world.nonces == {}


def test_a_lease_outlives_its_time_by_its_heartbeat_which_ends_with_the_work() -> None:
    world = LeasingFly()
    before = threading.active_count()
    with world.client().leases.held("web", ["1"], ttl_s=1) as nonces:
        assert soon(lambda: world.count("REFRESH 1") >= 2)
        assert nonces["1"] == "nonce-1"

    beats = world.count("REFRESH 1")
    SystemClock().sleep(0.5)
    assert world.count("REFRESH 1") == beats
    assert threading.active_count() == before


def test_a_lease_held_by_another_is_waited_for_and_then_told(fly: Fly) -> None:
    world = LeasingFly()
    world.nonces["2"] = "theirs"
    server = fly(world)
    with (
        pytest.raises(errors.FlyLeaseHeld) as caught,
        server.client().leases.held("web", ["1", "2"], patience_s=20),
    ):
        pytest.fail("the work began without its leases")

    assert caught.value.owner == "a@b"
    assert 20 <= server.clock.monotonic_s() < 30
    assert world.nonces == {"2": "theirs"}


def test_a_lease_that_ends_while_waiting_is_taken(fly: Fly) -> None:
    world = LeasingFly()
    world.nonces["1"] = "theirs"
    server = fly(lambda request: world(request) if server.clock.monotonic_s() < 5 else _freed(world, request))
    with server.client().leases.held("web", ["1"]) as nonces:
        assert nonces["1"] == "nonce-1"


def _freed(world: LeasingFly, request: httpx.Request) -> httpx.Response:
    if world.nonces.get("1") == "theirs":
        del world.nonces["1"]
    return world(request)


def test_a_lost_lease_is_told_where_its_nonce_is_needed() -> None:
    world = LeasingFly()
    with world.client().leases.held("web", ["1", "2"], ttl_s=1) as nonces:
        world.nonces["1"] = "theirs"
        assert soon(lambda: _is_lost(nonces))
        with pytest.raises(errors.FlyLeaseHeld):
            _ = nonces["1"]
        assert nonces["2"] == "nonce-2"

    assert world.nonces == {"1": "theirs"}


def test_a_lease_that_could_not_be_refreshed_in_time_is_lost() -> None:
    world = LeasingFly()
    with world.client().leases.held("web", ["1"], ttl_s=1) as nonces:
        world.failing["REFRESH"] = no(503, "down")
        assert soon(lambda: _is_lost(nonces))
        with pytest.raises(errors.Unavailable):
            _ = nonces["1"]


def _is_lost(nonces: Any) -> bool:
    try:
        return not nonces["1"]
    except errors.FlyError:
        return True


def test_a_lease_that_cannot_be_released_ends_by_itself(caplog: pytest.LogCaptureFixture) -> None:
    world = LeasingFly()
    with caplog.at_level(logging.WARNING), world.client().leases.held("web", ["1"]):
        world.failing["DELETE"] = no(503, "down")

    assert "machine 1" in caplog.text
    assert "nonce-1" not in caplog.text


def test_a_machine_destroyed_under_its_lease_is_nothing_to_tell(caplog: pytest.LogCaptureFixture) -> None:
    world = LeasingFly()
    with caplog.at_level(logging.WARNING), world.client().leases.held("web", ["1"]):
        world.failing["DELETE"] = no(404, "not_found: machine not found")

    assert caplog.text == ""


def test_somebody_elses_lease_is_cleared_only_when_told_to_and_is_named(fly: Fly) -> None:
    theirs = {"nonce": "n9", "owner": "dead@b", "expires_at": 1788264013}
    server = fly(answers(ok({"status": "success", "data": theirs}), ok({})))
    cleared = server.client().leases.clear_foreign("web", "1")

    assert cleared is not None
    assert cleared.owner == "dead@b"
    assert server.requests[1].method == "DELETE"
    assert server.requests[1].headers[NONCE] == "n9"


def test_a_machine_without_a_lease_has_none(fly: Fly) -> None:
    leases = fly(answers(no(404, "lease not found"))).client().leases

    assert leases.find("web", "1") is None
    assert leases.clear_foreign("web", "1") is None


def test_the_body_of_a_lease_is_json(fly: Fly) -> None:
    server = fly(LeasingFly())
    server.client().leases.take("web", "1", ttl_s=60, nonce="")

    assert json.loads(server.requests[0].content)["ttl"] == 60
    assert NONCE not in server.requests[0].headers
