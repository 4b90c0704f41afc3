"""A request survives a machine that goes, and is never acted on twice unless it may be."""

from __future__ import annotations

from threading import Event, Thread

import httpx
import pytest

from localcloud.fly.model import State
from tests.fly_proxy.edge_world import EdgeWorld
from tests.fly_proxy.pretend_machine import Say
from tests.fly_proxy.records import a_service
from tests.waiting import soon

HOST = {"host": "acme.fly.dev"}


def send(edge: EdgeWorld, method: str, body: bytes = b"x") -> httpx.Response:
    with edge.client() as client:
        return client.request(method, "/", headers=HOST, content=body)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_refused_connection_leads_to_another_machine(edge: EdgeWorld, method: str) -> None:
    edge.add("gone")
    edge.machines["gone"].close()
    edge.add("well", "fra")
    assert send(edge, method).text == "well"


def test_a_machine_without_a_process_leads_to_another_machine(edge: EdgeWorld) -> None:
    edge.add("empty")
    edge.runner.silent = {"empty"}
    edge.add("well", "fra")
    assert send(edge, "POST").text == "well"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
def test_an_idempotent_request_without_an_answer_is_sent_again(edge: EdgeWorld, method: str) -> None:
    edge.add("dying")
    edge.machines["dying"].script = lambda _: Say(drop=True)
    edge.add("well", "fra")
    assert send(edge, method, b"body").text == "well"
    assert edge.machines["well"].seen[0].body == b"body"


def test_any_other_request_without_an_answer_is_an_error_and_not_repeated(edge: EdgeWorld) -> None:
    edge.add("dying")
    edge.machines["dying"].script = lambda _: Say(drop=True)
    edge.add("well", "fra")
    answer = send(edge, "POST")
    assert answer.status_code == 502
    assert "dying" in answer.text
    assert answer.headers["fly-request-id"]
    assert edge.machines["well"].seen == []


def test_a_request_that_kills_machines_is_not_handed_to_all_of_them(edge: EdgeWorld) -> None:
    names = ["a", "b", "c", "d", "e", "f"]
    for name in names:
        edge.add(name)
        edge.machines[name].script = lambda _: Say(drop=True)
    assert send(edge, "GET").status_code == 502
    assert sum(len(edge.machines[name].seen) for name in names) == 3


def test_a_machine_that_is_silent_too_long_is_an_error_of_its_own(edge: EdgeWorld) -> None:
    edge.add("slow")
    waits = Event()
    edge.machines["slow"].script = lambda _: Say(chunks=(b"late",) if waits.wait(5) else ())
    answer = send(edge, "POST")
    waits.set()
    assert answer.status_code == 504


def test_a_large_body_is_not_repeated_because_it_was_not_kept(edge: EdgeWorld) -> None:
    edge.add("dying")
    edge.machines["dying"].script = lambda _: Say(drop=True)
    edge.add("well", "fra")
    assert send(edge, "PUT", b"x" * 2_000_000).status_code == 502
    assert edge.machines["well"].seen == []


def test_a_request_at_the_hard_limit_waits_for_its_turn(edge: EdgeWorld) -> None:
    edge.add("m1", service=a_service(concurrency={"soft_limit": 1, "hard_limit": 1}))
    first_may_end = Event()
    edge.machines["m1"].script = lambda seen: Say(
        chunks=(seen.target.encode(),) if seen.target == "/2" or first_may_end.wait(5) else ()
    )
    answers: list[str] = []
    first = Thread(target=lambda: answers.append(edge.get("/1").text))
    first.start()
    assert soon(lambda: len(edge.machines["m1"].seen) == 1)
    second = Thread(target=lambda: answers.append(edge.get("/2").text))
    second.start()
    second.join(0.3)
    assert len(edge.machines["m1"].seen) == 1
    first_may_end.set()
    first.join()
    second.join()
    assert answers == ["/1", "/2"]


def test_when_every_machine_refuses_the_answer_names_the_last_one(edge: EdgeWorld) -> None:
    edge.add("gone")
    edge.machines["gone"].close()
    answer = send(edge, "GET")
    assert answer.status_code == 502
    assert "gone" in answer.text


def test_a_single_machine_that_restarts_loses_no_request(edge: EdgeWorld) -> None:
    machine = edge.add("m1", state=State.RESTARTING)
    edge.loop.call_soon_threadsafe(edge.loop.call_later, 0.3, setattr, machine, "state", State.STARTED)
    assert send(edge, "POST").text == "m1"
    assert len(edge.machines["m1"].seen) == 1
