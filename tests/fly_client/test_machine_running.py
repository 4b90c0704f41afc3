"""Starting, stopping and the rest say what Fly reads, and are patient only where that is right."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from lifeboat.fly.client import errors
from lifeboat.fly.client.machines.machines import Machines
from tests.fly_client.conftest import Fly
from tests.fly_client.scripted_fly import answers, no, ok

ACTIVE = "failed_precondition: machine still active, refusing to start"
NONCE = "fly-machine-lease-nonce"


def test_a_start_waits_for_a_machine_that_is_still_going_down(fly: Fly) -> None:
    stopping = ok({"id": "1", "state": "stopping"})
    server = fly(answers(no(412, ACTIVE), stopping, no(412, ACTIVE), stopping, ok({"previous_state": "x"})))
    server.client().machines.start("web", "1")

    assert server.asked.count("POST /v1/apps/web/machines/1/start") == 3


def test_a_start_that_got_through_is_not_repeated(fly: Fly) -> None:
    text = "machine still attempting to start"
    server = fly(answers(no(503, "x"), no(412, text), ok({"id": "1", "state": "starting"})))
    server.client().machines.start("web", "1")

    assert len(server.requests) == 3


def test_a_machine_that_stays_active_is_given_up_after_half_a_minute(fly: Fly) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return no(412, ACTIVE) if request.method == "POST" else ok({"id": "1", "state": "replacing"})

    server = fly(handler)
    with pytest.raises(errors.StillActive):
        server.client().machines.start("web", "1")

    assert 30 <= server.clock.monotonic_s() < 35


CALLS: list[tuple[Callable[[Machines], object], str, bytes, bytes]] = [
    (lambda m: m.start("web", "1", nonce="n"), "POST /start", b"", b""),
    (lambda m: m.stop("web", "1", nonce="n"), "POST /stop", b"", b"{}"),
    (
        lambda m: m.stop("web", "1", nonce="n", signal="SIGTERM", timeout_s=10),
        "POST /stop",
        b"",
        b'{"signal":"SIGTERM","timeout":"10s"}',
    ),
    (lambda m: m.suspend("web", "1", nonce="n"), "POST /suspend", b"", b""),
    (lambda m: m.cordon("web", "1", nonce="n"), "POST /cordon", b"", b""),
    (lambda m: m.uncordon("web", "1", nonce="n"), "POST /uncordon", b"", b""),
    (lambda m: m.restart("web", "1", nonce="n", timeout_s=5), "POST /restart", b"timeout=5s", b""),
    (lambda m: m.signal("web", "1", "SIGHUP", nonce="n"), "POST /signal", b"", b'{"signal":"SIGHUP"}'),
    (lambda m: m.destroy("web", "1", nonce="n"), "DELETE ", b"", b""),
    (lambda m: m.destroy("web", "1", nonce="n", force=True), "DELETE ", b"force=true&kill=true", b""),
    (
        lambda m: m.update_metadata("web", "1", {"a": "1", "b": None}, nonce="n"),
        "PATCH /metadata",
        b"",
        b'{"metadata":{"a":"1","b":""}}',
    ),
    (
        lambda m: m.set_metadata("web", "1", "k/x", "v", nonce="n"),
        "POST /metadata/k%2Fx",
        b"",
        b'{"value":"v"}',
    ),
    (lambda m: m.delete_metadata("web", "1", "k", nonce="n"), "DELETE /metadata/k", b"", b""),
]


@pytest.mark.parametrize(("call", "where", "query", "body"), CALLS)
def test_every_change_carries_the_nonce_and_says_what_fly_reads(
    fly: Fly, call: Callable[[Machines], object], where: str, query: bytes, body: bytes
) -> None:
    server = fly(answers(ok({"id": "1"})))
    call(server.client().machines)

    request = server.requests[-1]
    method, _, path = where.partition(" ")
    assert request.method == method
    assert request.url.raw_path.partition(b"?")[0].decode() == f"/v1/apps/web/machines/1{path}"
    assert request.url.query == query
    assert request.content == body
    assert request.headers[NONCE] == "n"


@pytest.mark.parametrize("call", [call for call, *_ in CALLS])
def test_a_change_under_somebody_elses_lease_names_the_owner(
    fly: Fly, call: Callable[[Machines], object]
) -> None:
    text = "aborted: machine ID 1 lease currently held by a@b, expires at 2026-09-01T12:00:13Z"
    server = fly(lambda request: ok({"id": "1"}) if request.method == "GET" else no(409, text))
    with pytest.raises(errors.FlyLeaseHeld) as caught:
        call(server.client().machines)

    assert caught.value.owner == "a@b"


def test_destroying_what_does_not_exist_is_done(fly: Fly) -> None:
    fly(answers(no(404, "not_found: machine not found"))).client().machines.destroy("web", "1")


def test_a_command_gives_its_exit_code_and_output(fly: Fly) -> None:
    server = fly(answers(ok({"exit_code": 3, "stdout": "out", "stderr": None})))
    result = server.client().machines.exec("web", "1", ["ls", "-l"], stdin="in", timeout_s=5)

    assert (result.exit_code, result.stdout, result.stderr) == (3, "out", "")
    assert server.body() == {"command": ["ls", "-l"], "timeout": 5, "stdin": "in"}
    assert server.requests[0].extensions["timeout"]["read"] == 15
    assert "out" not in repr(result)


@pytest.mark.parametrize("failure", [httpx.ReadTimeout("x"), no(408, "deadline_exceeded"), no(502, "x")])
def test_a_command_or_signal_that_may_have_been_done_is_unknown_and_not_repeated(
    fly: Fly, failure: httpx.Response | Exception
) -> None:
    server = fly(answers(failure))
    machines = server.client().machines
    with pytest.raises(errors.UnknownOutcome):
        machines.exec("web", "1", ["x"])
    with pytest.raises(errors.UnknownOutcome):
        machines.signal("web", "1", "SIGHUP")

    assert len(server.requests) == 2


def test_a_command_in_a_stopped_machine_is_told(fly: Fly) -> None:
    with pytest.raises(errors.PreconditionFailed):
        fly(answers(no(412, "machine not running"))).client().machines.exec("web", "1", ["x"])


def test_details_of_a_machine_are_read(fly: Fly) -> None:
    server = fly(
        answers(
            ok([{"id": "e2", "type": "exit", "timestamp": 1, "request": {"exit_event": {"exit_code": 1}}}]),
            ok([{"version": "v2", "user_config": {"image": "x"}}]),
            ok([{"pid": 1, "command": "app", "listen_sockets": [{"proto": "tcp", "address": "*:80"}]}]),
            ok({"a": "b"}),
        )
    )
    machines = server.client().machines

    assert machines.events("web", "1")[0].request == {"exit_event": {"exit_code": 1}}
    assert machines.versions("web", "1")[0].user_config == {"image": "x"}
    sockets = machines.ps("web", "1")[0].listen_sockets or ()
    assert sockets[0].address == "*:80"
    assert machines.metadata("web", "1") == {"a": "b"}
