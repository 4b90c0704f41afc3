"""A call: escaped, paced, repeated where that is safe, read within its shape."""

from __future__ import annotations

import httpx
import pytest

from lifeboat.fly.client import errors
from lifeboat.fly.client.exchange import Params
from lifeboat.fly.client.machines import operations
from lifeboat.fly.client.models.machine import Machine
from lifeboat.fly.client.operation import Operation, Pace, Safety, Server
from lifeboat.fly.client.repeating import POLICY, may_repeat
from tests.fly_client.conftest import Fly
from tests.fly_client.scripted_fly import CANARY, answers, no, ok

READ = operations.GET
WRITE = operations.CORDON
CREATE = operations.CREATE
PATH = {"app": "web", "machine": "1"}


def test_a_name_cannot_change_which_operation_is_called(fly: Fly) -> None:
    server = fly(answers(ok({})))
    server.http().call(READ, {"app": "a/../b?x=1", "machine": "1#y"})

    assert server.requests[0].url.raw_path == b"/v1/apps/a%2F..%2Fb%3Fx%3D1/machines/1%23y"


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_a_name_that_is_no_path_segment_is_refused_before_anything_is_sent(fly: Fly, name: str) -> None:
    server = fly(answers(ok({})))
    with pytest.raises(errors.InvalidRequest):
        server.http().call(READ, {"app": "web", "machine": name})

    assert server.requests == []


def test_each_server_has_its_own_address(fly: Fly) -> None:
    server = fly(answers(ok({})))
    for which in Server:
        operation = Operation(
            name="x.y", method="GET", path="/p", safety=Safety.READ, pace=Pace.NONE, server=which
        )
        server.http().call(operation)

    assert [request.url.host for request in server.requests] == ["flaps.test", "api.test", "uiex.test"]
    assert {request.headers["authorization"] for request in server.requests} == {f"FlyV1 {CANARY}"}


def test_parameters_are_written_as_fly_reads_them(fly: Fly) -> None:
    server = fly(answers(ok({})))
    params: Params = {
        "force": True,
        "kill": False,
        "state": ["started", "stopped"],
        "timeout": 5,
        "none": None,
    }
    server.http().call(READ, PATH, params=params)

    assert server.requests[0].url.query == b"force=true&kill=false&state=started&state=stopped&timeout=5"


FAILURES = [
    (no(503, "x"), True),
    (no(500, "x"), True),
    (no(408, "deadline_exceeded"), True),
    (no(429, "x"), True),
    (httpx.ReadTimeout("x"), True),
    (httpx.RemoteProtocolError("x"), True),
    (httpx.ConnectError("x"), True),
    (no(400, "x"), False),
    (no(401, "x"), False),
    (no(404, "x"), False),
    (no(409, "x"), False),
    (no(412, "x"), False),
    (no(501, "x"), False),
]


@pytest.mark.parametrize("operation", [READ, WRITE])
@pytest.mark.parametrize(("failure", "passes"), FAILURES)
def test_what_can_be_repeated_is_repeated_after_what_passes(
    fly: Fly, operation: Operation, failure: httpx.Response | Exception, passes: bool
) -> None:
    server = fly(answers(failure, ok({})))
    if passes:
        server.http().call(operation, PATH)
    else:
        with pytest.raises(errors.FlyError):
            server.http().call(operation, PATH)

    assert len(server.requests) == (2 if passes else 1)


@pytest.mark.parametrize("failure", [failure for failure, _ in FAILURES])
def test_a_create_is_repeated_only_when_nothing_was_sent(
    fly: Fly, failure: httpx.Response | Exception
) -> None:
    server = fly(answers(failure, ok({})))
    if isinstance(failure, httpx.ConnectError):
        server.http().call(CREATE, {"app": "web"}, body={})
    else:
        with pytest.raises(errors.FlyError):
            server.http().call(CREATE, {"app": "web"}, body={})

    assert len(server.requests) == (2 if isinstance(failure, httpx.ConnectError) else 1)


def test_fly_is_waited_for_as_long_as_it_asks(fly: Fly) -> None:
    server = fly(answers(no(429, "slow down", retry_after="7"), ok({})))
    server.http().call(READ, PATH)

    assert server.clock.monotonic_s() == 7


def test_nobody_waits_longer_than_the_deadline(fly: Fly) -> None:
    server = fly(answers(no(429, "slow down", retry_after="3600")))
    with pytest.raises(errors.RateLimited) as caught:
        server.http().call(READ, PATH)

    assert caught.value.retry_after_s == 3600
    assert server.clock.monotonic_s() == 0


@pytest.mark.parametrize("asked", ["-1", "1e9", "soon", "nan", "", "٣"])
def test_a_wait_that_is_no_number_of_seconds_is_ignored(fly: Fly, asked: str) -> None:
    server = fly(lambda _: httpx.Response(429, headers=[(b"retry-after", asked.encode())]))
    with pytest.raises(errors.RateLimited) as caught:
        server.http().call(CREATE, {"app": "web"}, body={})

    assert caught.value.retry_after_s is None


def test_repeating_ends(fly: Fly) -> None:
    server = fly(answers(no(503, "down", fly_request_id="01JX")))
    with pytest.raises(errors.Unavailable) as caught:
        server.http().call(READ, PATH)

    assert len(server.requests) == POLICY.max_attempts
    assert caught.value.request_id == "01JX"
    assert server.clock.monotonic_s() < POLICY.deadline_s


def test_a_read_may_be_repeated_whenever_a_create_may() -> None:
    kinds = [
        errors.Unavailable("x"),
        errors.NoAnswer("x"),
        errors.NotReached("x"),
        errors.RateLimited("x"),
        errors.NotFound("x"),
        errors.ProtocolError("x"),
        errors.Unauthorized("x"),
    ]
    for kind in kinds:
        assert not may_repeat(Safety.CREATE, kind) or may_repeat(Safety.READ, kind)


@pytest.mark.parametrize("body", [[], "text", 7, {"name": "no id"}, {"id": 5}, {"id": "1", "checks": "x"}])
def test_an_answer_of_another_shape_is_a_protocol_error(fly: Fly, body: object) -> None:
    answer = fly(answers(ok(body, fly_request_id="01J"))).http().call(READ, PATH)
    with pytest.raises(errors.ProtocolError) as caught:
        answer.read(Machine)

    assert caught.value.request_id == "01J"


def test_the_text_of_a_broken_answer_is_never_quoted(fly: Fly) -> None:
    answer = fly(answers(ok({"id": {"secret": CANARY}}))).http().call(READ, PATH)
    with pytest.raises(errors.ProtocolError) as caught:
        answer.read(Machine)

    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_lists_and_objects_are_told_apart(fly: Fly) -> None:
    http = fly(answers(ok([1]), ok({"a": None}), ok({"a": 5}), ok())).http()

    assert http.call(READ, PATH).items() == [1]
    assert http.call(READ, PATH).items("a") == []
    with pytest.raises(errors.ProtocolError):
        http.call(READ, PATH).items("a")
    assert http.call(READ, PATH).fields() == {}
