"""The token is in the request's header and nowhere else."""

from __future__ import annotations

import json
import logging
import traceback

import httpx
import pytest

from lifeboat.core.secret import Secret
from lifeboat.fly.client import errors
from lifeboat.fly.client.apps import GET
from tests.fly_client.conftest import Fly
from tests.fly_client.scripted_fly import CANARY, SETTINGS, Handler, answers, no, ok

ECHO = f"malformed authorization header: FlyV1 {CANARY}"
FAILURES: list[Handler] = [
    answers(no(401, ECHO)),
    answers(no(400, ECHO)),
    answers(ok({"message": ECHO}, 500)),
    answers(httpx.Response(502, text=ECHO)),
    answers(httpx.Response(200, text=ECHO)),
    answers(httpx.LocalProtocolError(ECHO)),
    answers(httpx.ConnectError(ECHO)),
    answers(httpx.ReadError(ECHO)),
    answers(httpx.InvalidURL(ECHO)),
]


@pytest.mark.parametrize("handler", FAILURES)
def test_no_failure_shows_the_token(fly: Fly, handler: Handler, caplog: pytest.LogCaptureFixture) -> None:
    server = fly(handler)
    with caplog.at_level(logging.DEBUG), pytest.raises(errors.FlyError) as caught:
        server.client().apps.get("web")

    error = caught.value
    shown = "".join(traceback.format_exception(error))
    assert CANARY not in shown + repr(error) + repr(error.args) + repr(vars(error)) + caplog.text
    assert server.requests[-1].headers["authorization"] == f"FlyV1 {CANARY}"


VALUE = 'pa"canary\\é'


@pytest.mark.parametrize("quoted", [VALUE, json.dumps(VALUE), json.dumps(VALUE, ensure_ascii=False)])
def test_words_that_may_quote_a_secret_are_withheld(fly: Fly, quoted: str) -> None:
    server = fly(answers(no(422, f"cannot set {quoted} for KEY"), httpx.Response(422, text=f"bad {quoted}")))
    secrets = server.client().secrets
    for _ in range(2):
        with pytest.raises(errors.InvalidRequest) as caught:
            secrets.set_many("web", {"KEY": Secret(VALUE)})

        assert "canary" not in str(caught.value) + repr(vars(caught.value))
        assert "withheld" in str(caught.value)


def test_no_object_shows_the_token(fly: Fly) -> None:
    client = fly(answers(ok({}))).client()
    shown = [
        repr(value) for thing in (client, client.machines, client.leases) for value in vars(thing).values()
    ]

    assert CANARY not in repr(client) + repr(SETTINGS) + str(SETTINGS) + "".join(shown)


def test_a_success_logs_no_token(fly: Fly, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        fly(answers(ok({"id": "1"}))).client().apps.get("web")

    assert CANARY not in caplog.text


def test_a_caller_cannot_replace_the_token(fly: Fly) -> None:
    server = fly(answers(ok({})))
    server.http().call(GET, {"app": "web"}, headers={"Authorization": "Bearer other"})

    assert server.requests[0].headers.get_list("authorization") == [f"FlyV1 {CANARY}"]


def test_a_closed_client_sends_nothing(fly: Fly) -> None:
    server = fly(answers(ok({})))
    with server.client() as client:
        pass
    with pytest.raises(RuntimeError, match="closed"):
        client.apps.get("web")

    assert server.requests == []
