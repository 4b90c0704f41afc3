"""Logs are read page by page and end."""

from __future__ import annotations

import httpx
import pytest

from lifeboat.fly.client import errors
from lifeboat.fly.client.logs import MOST_PAGES, Logs
from tests.fly_client.conftest import Fly
from tests.fly_client.scripted_fly import answers, no, ok


def page(token: str, *messages: str) -> httpx.Response:
    rows = [
        {"id": "1", "attributes": {"message": text, "instance": "148e", "meta": None}} for text in messages
    ]
    return ok({"data": rows, "meta": {"next_token": token}})


def test_lines_follow_the_token_until_there_are_none(fly: Fly) -> None:
    scripted = fly(answers(page("t1", "a", "b"), page("t2", "c"), page("t2")))
    lines = list(Logs(scripted.http()).recent("web", region="fra", instance="148e"))
    assert [line.message for line in lines] == ["a", "b", "c"]
    assert [request.url.params["next_token"] for request in scripted.requests] == ["", "t1", "t2"]
    assert scripted.requests[0].url.host == "api.test"
    assert {request.url.params["instance"] for request in scripted.requests} == {"148e"}


def test_a_token_that_does_not_move_ends_it(fly: Fly) -> None:
    scripted = fly(answers(page("t1", "a"), page("t1", "b")))
    assert [line.message for line in Logs(scripted.http()).recent("web")] == ["a", "b"]


def test_a_log_that_grows_faster_than_it_is_read_ends_too(fly: Fly) -> None:
    count = iter(range(MOST_PAGES * 2))
    scripted = fly(lambda _request: page(f"t{next(count)}", "again"))
    assert len(list(Logs(scripted.http()).recent("web"))) == MOST_PAGES


def test_rows_without_attributes_are_passed_over_and_other_shapes_are_errors(fly: Fly) -> None:
    odd = ok({"data": [None, {"id": "1"}, {"attributes": {"message": "a", "timestamp": ""}}], "meta": None})
    found = Logs(fly(answers(odd)).http()).page("web")
    assert ([line.message for line in found.lines], found.next_token) == (["a"], "")
    with pytest.raises(errors.ProtocolError):
        Logs(fly(answers(ok({"data": "text"}))).http()).page("web")
    with pytest.raises(errors.Unavailable):
        Logs(fly(answers(no(503, "down"))).http()).page("web")
